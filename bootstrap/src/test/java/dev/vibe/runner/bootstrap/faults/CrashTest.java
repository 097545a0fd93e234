package dev.vibe.runner.bootstrap.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.testkit.LinkFault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The runner's JVM is killed, and started again with the same state directory. */
class CrashTest {
    private static final int ROUNDS = Integer.getInteger("vibe.faults.kills", 50);
    private static final int NEW_SESSIONS = 3;
    private static final Lines LINES = new Lines(1_200, 300, 15, 20);

    @Test
    @Timeout(600)
    void whatWasWrittenDownIsDeliveredHoweverOftenTheRunnerIsKilled(@TempDir Path home) throws Exception {
        Random random = new Random(77);
        try (Stage stage = new Stage(home, Map.of())) {
            for (int round = 0; round < ROUNDS; round++) {
                stage.start(round == 0 ? 10 : NEW_SESSIONS, LINES.script());
                stage.runner.start();
                if (random.nextInt(4) == 0) {
                    stage.proxy.apply(new LinkFault.Stall()); // then all it says stays in the journal
                }
                // From before it has read its journal to well into the streams.
                Thread.sleep(200 + random.nextInt(2_000));
                stage.runner.kill();
                stage.proxy.apply(new LinkFault.Reset()); // what lies in buffers is gone with the machine
            }
            stage.runner.start();
            int sessions = 10 + (ROUNDS - 1) * NEW_SESSIONS;
            stage.awaitEnded(sessions);
            Ledger ledger = Ledger.of(stage.server.counts(), LINES.count());
            FaultTable.add("kill -9 of the runner", ROUNDS + " times, at random moments", ROUNDS, ledger);
            assertEquals(List.of(), ledger.problems(), () -> "the log is kept: " + stage.runner.keepLog("crash"));
            assertTrue(ledger.repeatBytes() <= 2_000_000L * ROUNDS, "more than the window was repeated");
            Subject.await(
                    "end of the agents: " + stage.runner.describeAgents(),
                    Duration.ofSeconds(10),
                    () -> stage.runner.agents().isEmpty());
        }
    }

    @Test
    @Timeout(120)
    void aTornJournalIsDeliveredUpToTheTear(@TempDir Path home) throws Exception {
        Random random = new Random(78);
        int rounds = 8;
        Path state = home.resolve("state");
        try (Stage stage = new Stage(home, Map.of())) {
            for (int round = 0; round < rounds; round++) {
                stage.runner.start();
                stage.start(NEW_SESSIONS, LINES.script());
                stage.awaitStarted((round + 1) * NEW_SESSIONS);
                stage.proxy.apply(new LinkFault.Stall());
                long wanted = 10_000L + random.nextInt(50_000);
                AtomicLong least = new AtomicLong(journal(state));
                // Of what was there, some is still being forgotten: its confirmation came before the stall.
                Subject.await("growth of the journal by " + wanted, Duration.ofSeconds(30), () -> {
                    long now = journal(state);
                    return now - least.accumulateAndGet(now, Math::min) > wanted;
                });
                stage.runner.kill();
                tear(state, random);
                stage.proxy.apply(new LinkFault.Reset()); // what lies in buffers is gone with the machine
            }
            stage.runner.start();
            stage.awaitEnded(rounds * NEW_SESSIONS);
            Ledger ledger = Ledger.of(stage.server.counts(), LINES.count());
            FaultTable.add(
                    "torn journal", rounds + " times: killed, then its files cut or a bit flipped", rounds, ledger);
            assertEquals(List.of(), ledger.problems(), () -> "the log is kept: " + stage.runner.keepLog("torn"));
            assertTrue(
                    stage.runner.log().contains("torn record"),
                    () -> "no tear was noticed; the log is kept: " + stage.runner.keepLog("torn"));
        }
    }

    private static List<Path> segments(Path state) {
        try (Stream<Path> all = Files.walk(state)) {
            return all.filter(each -> each.toString().endsWith(".segment")).toList();
        } catch (IOException | UncheckedIOException changing) {
            return List.of();
        }
    }

    /** How many bytes wait in it, about. What has been given back is a hole, of zeros, of which lines have none. */
    private static long journal(Path state) {
        long bytes = 0;
        for (Path segment : segments(state)) {
            try {
                for (byte each : Files.readAllBytes(segment)) {
                    bytes += each == 0 ? 0 : 1;
                }
            } catch (IOException removed) {
                // Its session has ended.
            }
        }
        return bytes;
    }

    private static void tear(Path state, Random random) throws IOException {
        for (Path segment : segments(state)) {
            try (FileChannel file = FileChannel.open(segment, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                long at = Math.max(0, file.size() - 1 - random.nextInt(600));
                if (random.nextBoolean()) {
                    file.truncate(at);
                } else if (at < file.size()) {
                    var one = java.nio.ByteBuffer.allocate(1);
                    file.read(one, at);
                    one.put(0, (byte) (one.get(0) ^ (1 << random.nextInt(8))));
                    file.write(one.rewind(), at);
                }
            }
        }
    }
}
