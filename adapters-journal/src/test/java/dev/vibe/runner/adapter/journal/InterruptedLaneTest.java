package dev.vibe.runner.adapter.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.application.port.out.SavedSession;
import dev.vibe.runner.application.port.out.Spool;
import dev.vibe.runner.domain.AgentType;
import dev.vibe.runner.domain.Channel;
import dev.vibe.runner.domain.EndpointId;
import dev.vibe.runner.domain.OutputLine;
import dev.vibe.runner.domain.SessionEvent;
import dev.vibe.runner.domain.SessionId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A session's threads are interrupted at its end, wherever they are. */
class InterruptedLaneTest {
    private static final EndpointId ENDPOINT = new EndpointId("e");
    private static final SessionId S1 = new SessionId("s1");

    private final Path state;

    InterruptedLaneTest(@TempDir Path state) {
        this.state = state;
    }

    private DiskSpool open() throws IOException {
        return DiskSpool.open(state, ENDPOINT, 100_000_000);
    }

    private static SavedSession session(String conversation) {
        return new SavedSession(S1, AgentType.CLAUDE, null, conversation, 0);
    }

    private static SessionEvent.Output line(int seq) {
        return new SessionEvent.Output(S1, ENDPOINT, seq, new OutputLine(Channel.STDOUT, "x".repeat(1_000)));
    }

    private static List<SessionEvent> lines(int from, int to) {
        List<SessionEvent> lines = new ArrayList<>();
        for (int i = from; i < to; i++) {
            lines.add(line(i));
        }
        return lines;
    }

    private static List<SessionEvent> drain(Spool.Lane lane) {
        List<SessionEvent> events = new ArrayList<>();
        for (SessionEvent event = lane.next(); event != null; event = lane.next()) {
            events.add(event);
        }
        return events;
    }

    /** Does it with the thread interrupted, and the thread is so afterwards. */
    private static void interrupted(Runnable what) {
        Thread.currentThread().interrupt();
        what.run();
        assertTrue(Thread.interrupted());
    }

    @Test
    void whatIsSaidAfterAnInterruptedSaveIsOnDisk() throws Exception {
        try (DiskSpool spool = open()) {
            spool.save(session("older"));
            interrupted(() -> spool.save(session("newer")));
            assertNull(spool.problem());
            spool.lane(S1).append(line(0));
            interrupted(() -> spool.lane(S1).append(line(1)));
            spool.lane(S1).append(line(2));
        }
        try (DiskSpool spool = open()) {
            assertEquals(
                    "newer", spool.saved().stream().findFirst().orElseThrow().agentSessionId());
            assertEquals(lines(0, 3), drain(spool.lane(S1)));
        }
    }

    @Test
    void anInterruptedReaderLosesNothing() throws Exception {
        try (DiskSpool spool = open()) {
            Spool.Lane lane = spool.lane(S1);
            lane.append(lines(0, 500)); // more than is handed over in memory
            List<SessionEvent> read = new ArrayList<>();
            interrupted(() -> read.addAll(drain(lane)));
            assertEquals(lines(0, 500), read);
            interrupted(() -> lane.confirm(100));
            lane.rewind();
            assertEquals(lines(100, 500), drain(lane));
            assertEquals(Spool.Lost.NOTHING, lane.lost());
            lane.append(line(500));
        }
        try (DiskSpool spool = open()) {
            assertEquals(lines(100, 501), drain(spool.lane(S1)));
        }
    }

    @Test
    void anInterruptAtAnyMomentLosesNothing() throws Exception {
        try (DiskSpool spool = open()) {
            Thread writer = Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 2_000; i++) {
                    spool.lane(S1).append(line(i));
                    spool.save(session("conversation " + i));
                    boolean ignored = Thread.interrupted();
                }
            });
            while (writer.isAlive()) {
                writer.interrupt();
                Thread.onSpinWait();
            }
            assertNull(spool.problem());
        }
        try (DiskSpool spool = open()) {
            assertEquals(lines(0, 2_000), drain(spool.lane(S1)));
        }
    }
}
