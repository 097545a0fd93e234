package dev.vibe.runner.adapter.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.application.port.out.Spool;
import dev.vibe.runner.domain.Channel;
import dev.vibe.runner.domain.EndpointId;
import dev.vibe.runner.domain.OutputLine;
import dev.vibe.runner.domain.SessionEvent;
import dev.vibe.runner.domain.SessionId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What lanes keep in memory beside the disk is bounded for all of them together. */
@Timeout(60)
class CacheRoomTest {
    private static final EndpointId ENDPOINT = new EndpointId("e");
    private static final int LANES = 300;
    private static final int LINES = 100;

    @Test
    void manyFullLanesKeepLittleEachAndLoseNothing(@TempDir Path state) throws IOException {
        try (DiskSpool spool = DiskSpool.open(state, ENDPOINT, 100_000_000)) {
            List<List<SessionEvent>> said = new ArrayList<>();
            for (int i = 0; i < LANES; i++) {
                said.add(lines("s" + i));
                Spool.Lane lane = spool.lane(new SessionId("s" + i));
                said.getLast().forEach(lane::append);
            }
            assertTrue(spool.cached() > 8 << 20, "the room is not used: " + spool.cached());
            assertTrue(spool.cached() < (8 << 20) + LANES * (10 << 10), "held: " + spool.cached());

            for (int i = 0; i < LANES; i++) {
                assertEquals(said.get(i), drained(spool.lane(new SessionId("s" + i))));
            }
            assertEquals(0, spool.cached());
        }
    }

    @Test
    void aLaneThatGoesGivesBackWhatItKept(@TempDir Path state) throws IOException {
        try (DiskSpool spool = DiskSpool.open(state, ENDPOINT, 100_000_000)) {
            Spool.Lane lane = spool.lane(new SessionId("s"));
            lines("s").forEach(lane::append);
            assertTrue(spool.cached() > 0);
            lane.remove();
            assertEquals(0, spool.cached());
        }
    }

    private static List<SessionEvent> lines(String session) {
        return IntStream.range(0, LINES)
                .<SessionEvent>mapToObj(seq -> new SessionEvent.Output(
                        new SessionId(session),
                        ENDPOINT,
                        seq,
                        new OutputLine(Channel.STDOUT, session + ": " + "x".repeat(1000))))
                .toList();
    }

    private static List<SessionEvent> drained(Spool.Lane lane) {
        List<SessionEvent> all = new ArrayList<>();
        for (SessionEvent event = lane.next(); event != null; event = lane.next()) {
            all.add(event);
        }
        return all;
    }
}
