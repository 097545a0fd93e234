package dev.vibe.runner.adapter.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.application.FairOutbox;
import dev.vibe.runner.application.OutboxLimits;
import dev.vibe.runner.application.port.out.Outbox;
import dev.vibe.runner.application.port.out.SavedSession;
import dev.vibe.runner.application.port.out.Spool;
import dev.vibe.runner.domain.AgentType;
import dev.vibe.runner.domain.EndpointId;
import dev.vibe.runner.domain.SessionEvent;
import dev.vibe.runner.domain.SessionId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What happens between the moment when a lane is left and the end of its files: all that others may do then. */
@Timeout(60)
class LeavingLaneTest {
    private static final EndpointId ENDPOINT = new EndpointId("e");
    private static final SessionId S1 = new SessionId("s1");
    private static final SessionEvent ENDED = new SessionEvent.Ended(S1, ENDPOINT, "completed", 0);
    private static final SessionEvent STARTED = new SessionEvent.Started(S1, ENDPOINT, "new");
    private static final SavedSession OLD = new SavedSession(S1, AgentType.CLAUDE, null, "old", 0);
    private static final SavedSession NEW = new SavedSession(S1, AgentType.CODEX, "/w", "new", 0);

    private final Path state;
    private final Path crashed;
    private final List<Runnable> meanwhile = new ArrayList<>();

    LeavingLaneTest(@TempDir Path state, @TempDir Path crashed) {
        this.state = state;
        this.crashed = crashed;
    }

    private static DiskSpool open(Path state) throws IOException {
        return DiskSpool.open(state, ENDPOINT, 1_000_000);
    }

    private DiskSpool spool;
    private FairOutbox outbox;
    private Outbox.Parcel end;

    @BeforeEach
    void aSessionsEndIsSent() throws IOException {
        spool = open(state);
        outbox = new FairOutbox(new Pausing(spool), new OutboxLimits(1_000_000, 1_000_000));
        spool.save(OLD);
        outbox.append(ENDED);
        end = Objects.requireNonNull(outbox.poll());
    }

    /** An unlink may wait for the disk, and with it would all sessions. */
    @Test
    void theOutboxIsOpenToOthers() {
        meanwhile.add(() -> assertEquals(
                0,
                CompletableFuture.supplyAsync(outbox::size)
                        .orTimeout(10, TimeUnit.SECONDS)
                        .join()));
        outbox.confirm(end.ordinal());
        assertTrue(meanwhile.isEmpty());
    }

    @Test
    void whatASessionThatBeginsAnewSaysDoesNotGoWithTheFiles() throws IOException {
        meanwhile.add(() -> {
            spool.save(NEW);
            outbox.append(STARTED);
        });
        outbox.confirm(end.ordinal());
        spool.close();
        assertRunning(state);
    }

    @Test
    void aSessionThatHasBegunAnewBeforeIsRememberedWithWhatItSays() throws IOException {
        spool.save(NEW);
        meanwhile.add(() -> outbox.append(STARTED));
        outbox.confirm(end.ordinal());
        spool.close();
        assertRunning(state);
    }

    @Test
    void nothingIsLostWhereTheRunnerDiesBeforeTheFilesAreGone() throws IOException {
        spool.save(NEW);
        meanwhile.add(() -> {
            outbox.append(STARTED);
            copyFiles();
        });
        outbox.confirm(end.ordinal());
        spool.close();
        assertRunning(crashed);
    }

    /** As a process that dies now leaves them. */
    private void copyFiles() {
        try (Stream<Path> all = Files.walk(state).skip(1)) {
            for (Path each : all.toList()) {
                Files.copy(each, crashed.resolve(state.relativize(each)));
            }
        } catch (IOException failing) {
            throw new UncheckedIOException(failing);
        }
    }

    private static void assertRunning(Path state) throws IOException {
        try (DiskSpool next = open(state)) {
            assertEquals(List.of(NEW), next.saved());
            assertEquals(1, next.leftovers().size());
            assertEquals(1, next.leftovers().getFirst().events());
            assertEquals(STARTED, next.leftovers().getFirst().lane().next());
        }
    }

    /** Does something before a lane's files go. */
    private final class Pausing implements Spool {
        private final Spool spool;

        Pausing(Spool spool) {
            this.spool = spool;
        }

        @Override
        public Lane lane(SessionId session) {
            Lane lane = spool.lane(session);
            return new Lane() {
                @Override
                public void append(SessionEvent event) {
                    lane.append(event);
                }

                @Override
                public SessionEvent next() {
                    return Objects.requireNonNull(lane.next());
                }

                @Override
                public void confirm(int events) {
                    lane.confirm(events);
                }

                @Override
                public void rewind() {
                    lane.rewind();
                }

                @Override
                public void retire() {
                    lane.retire();
                }

                @Override
                public void remove() {
                    meanwhile.forEach(Runnable::run);
                    meanwhile.clear();
                    lane.remove();
                }
            };
        }

        @Override
        public List<Leftover> leftovers() {
            return spool.leftovers();
        }

        @Override
        public long capacity() {
            return spool.capacity();
        }

        @Override
        public String problem() {
            return String.valueOf(spool.problem());
        }

        @Override
        public void close() {
            spool.close();
        }
    }
}
