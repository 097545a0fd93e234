package dev.vibe.runner.bootstrap.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.testkit.LinkFault;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Everything at once, for {@code -Dvibe.soak.minutes=N}: sessions come and go while network, server and the runner itself
 * fail at random. Memory is plotted into {@code target/soak.svg}.
 */
@Tag("soak")
class SoakTest {
    private static final int MINUTES = Integer.getInteger("vibe.soak.minutes", 5);
    private static final long SEED = Long.getLong("vibe.soak.seed", 1);
    private static final int SESSIONS_AT_ONCE = 6;
    private static final int SECONDS_PER_FAULT = 6;
    private static final long MAX_RSS_KB = 300_000;
    private static final Lines LINES = new Lines(2_000, 400, 15, 30);

    @Test
    @Timeout(value = 4, unit = TimeUnit.HOURS)
    void nothingIsLostAndMemoryStaysFlatForMinutes(@TempDir Path home) throws Exception {
        Random random = new Random(SEED);
        int sessions = 0;
        int faults = 0;
        try (Stage stage = new Stage(home, Map.of());
                MemoryPlot plot = new MemoryPlot(stage.runner)) {
            stage.runner.start();
            long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(MINUTES);
            while (System.nanoTime() < end) {
                stage.start(SESSIONS_AT_ONCE, LINES.script());
                sessions += SESSIONS_AT_ONCE;
                Thread.sleep(1_000 + random.nextInt(SECONDS_PER_FAULT * 1_000 - 2_000));
                plot.mark(happen(stage, random));
                faults++;
                Thread.sleep(random.nextInt(3_000));
                stage.proxy.apply(new LinkFault.Healthy());
            }
            stage.awaitEnded(sessions);
            Ledger ledger = Ledger.of(stage.server.counts(), LINES.count());
            plot.write(Path.of("target/soak.svg"));
            FaultTable.add(
                    "everything at once",
                    MINUTES + " min, " + sessions + " sessions, " + faults + " faults, at most " + plot.mostKb() / 1_000
                            + " MB resident",
                    faults,
                    ledger);
            assertEquals(List.of(), ledger.problems());
            assertTrue(plot.mostKb() < MAX_RSS_KB, plot.mostKb() + " KB");
        }
    }

    private static String happen(Stage stage, Random random) throws Exception {
        int dice = random.nextInt(9);
        switch (dice) {
            case 0 -> stage.proxy.apply(new LinkFault.Cut());
            case 1 -> stage.proxy.apply(new LinkFault.Reset());
            case 2 -> stage.proxy.apply(new LinkFault.BlackHole());
            case 3 -> stage.proxy.apply(new LinkFault.Stall());
            case 4 -> stage.proxy.apply(new LinkFault.Slow(100_000));
            case 5 -> stage.proxy.apply(new LinkFault.Refuse());
            case 6 -> stage.server.run("kick", Map.of("hard", random.nextBoolean()));
            case 7 -> stage.server.run("restart", Map.of("downMs", 700));
            default -> {
                stage.runner.kill();
                stage.runner.start();
            }
        }
        return List.of("FIN", "RST", "hole", "stall", "slow", "refuse", "kick", "restart", "kill")
                .get(dice);
    }
}
