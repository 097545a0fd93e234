package dev.vibe.runner.bootstrap.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.testkit.LinkFault;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Ten sessions stream numbered lines while the network or the server breaks. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class LinkFaults {
    private static final int SESSIONS = 10;
    private static final Lines LINES = new Lines(1_500, 300, 15, 50);

    private final String prefix;
    private final Map<String, String> settings;
    private final Random random = new Random(3);
    private @Nullable Stage opened;

    /** @param prefix of its rows in the table */
    LinkFaults(String prefix, Map<String, String> settings) {
        this.prefix = prefix;
        this.settings = settings;
    }

    private interface Fault {
        void happen(Stage stage) throws InterruptedException;
    }

    @BeforeAll
    void open(@TempDir Path home) throws Exception {
        opened = new Stage(home, settings);
        opened.runner.start();
    }

    @AfterAll
    void close() {
        if (opened != null) {
            opened.close();
        }
    }

    @Test
    void nothingIsLostOrRepeatedWithoutAFault() throws Exception {
        Ledger ledger = storm("none", "for comparison", 0, 0, _ -> {});
        assertEquals(0, ledger.repeats());
    }

    @Test
    void connectionsThatEndLoseNothing() throws Exception {
        cuts();
    }

    final Ledger cuts() throws Exception {
        return storm("cut, FIN", "8 times", 8, 400, stage -> stage.proxy.apply(new LinkFault.Cut()));
    }

    @Test
    void connectionsThatAreResetLoseNothing() throws Exception {
        storm("cut, RST", "8 times", 8, 400, stage -> stage.proxy.apply(new LinkFault.Reset()));
    }

    @Test
    void aBlackHoleLosesNothing() throws Exception {
        storm("black hole", "twice, 3 s, connections stay open", 2, 500, stage -> {
            stage.proxy.apply(new LinkFault.BlackHole());
            Thread.sleep(3_000);
            stage.proxy.apply(new LinkFault.Healthy());
        });
    }

    @Test
    void aServerThatDoesNotReadForAWhileLosesNothing() throws Exception {
        storm("server reads nothing", "twice, 3 s", 2, 500, stage -> {
            stage.proxy.apply(new LinkFault.Stall());
            Thread.sleep(3_000);
            stage.proxy.apply(new LinkFault.Healthy());
        });
    }

    @Test
    void aServerThatReadsSlowlyLosesNothing() throws Exception {
        storm("server reads slowly", "8 s at 200 kB/s", 1, 200, stage -> {
            stage.proxy.apply(new LinkFault.Slow(200_000));
            Thread.sleep(8_000);
            stage.proxy.apply(new LinkFault.Healthy());
        });
    }

    @Test
    void aServerThatRestartsLosesNothing() throws Exception {
        storm(
                "server restart",
                "3 times, down for 0.5 s",
                3,
                500,
                stage -> stage.server.run("restart", Map.of("downMs", 500)));
    }

    @Test
    void aServerThatKicksLosesNothing() throws Exception {
        storm(
                "kick",
                "8 times, of the namespace or the connection",
                8,
                300,
                stage -> stage.server.run("kick", Map.of("hard", random.nextBoolean())));
    }

    @Test
    void aServerThatIsUnreachableForAWhileLosesNothing() throws Exception {
        storm("refusal", "twice, 3 s", 2, 500, stage -> {
            stage.proxy.apply(new LinkFault.Refuse());
            Thread.sleep(3_000);
            stage.proxy.apply(new LinkFault.Healthy());
        });
    }

    @Test
    void aServerThatRefusesTheTokenForAWhileLosesNothing() throws Exception {
        storm("token refused", "2 s after a cut", 1, 500, stage -> {
            stage.server.run("set", Map.of("options", Map.of("refuse", "middleware")));
            stage.proxy.apply(new LinkFault.Cut());
            Thread.sleep(2_000);
            stage.server.run("set", Map.of("options", Map.of("refuse", "no")));
        });
    }

    private Ledger storm(String name, String how, int times, int every, Fault fault) throws Exception {
        Stage stage = java.util.Objects.requireNonNull(opened);
        stage.server.run("forget");
        stage.start(SESSIONS, LINES.script());
        stage.awaitStarted(1);
        for (int i = 0; i < times; i++) {
            Thread.sleep(every / 2 + random.nextInt(every));
            fault.happen(stage);
        }
        stage.awaitEnded(SESSIONS);
        Ledger ledger = Ledger.of(stage.server.counts(), LINES.count());
        FaultTable.add(prefix + name, how, times, ledger);
        assertEquals(java.util.List.of(), ledger.problems());
        assertEquals((long) SESSIONS * LINES.count(), ledger.lines());
        assertTrue(ledger.repeatBytes() <= 2_000_000L * times, "more than the window was repeated");
        return ledger;
    }
}
