package dev.vibe.runner.bootstrap;

import dev.vibe.runner.adapter.process.LeftoverSweeper;
import dev.vibe.runner.domain.EndpointId;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.logging.LogManager;

/**
 * Ends what runners of an endpoint left running when they died. A start does it before anything else; the launcher asks for this
 * alone when it ends after a death, with no start to come.
 */
final class Leftovers {
    /** The launcher's alone, so no help shows it. */
    static final String ARGUMENT = "--end-leftovers";

    /** A sweep ends by itself, unless the system does not answer about a process. */
    private static final Duration BOUND = Duration.ofSeconds(8);

    private Leftovers() {}

    /**
     * Begins; completes with descriptions of what was found, or with what kept it from looking.
     *
     * @param then what else there is to do on that thread, which nobody waits for
     */
    static CompletableFuture<List<String>> sweep(String endpointId, Runnable then) {
        CompletableFuture<List<String>> swept = new CompletableFuture<>();
        Thread.ofPlatform().name("sweep").daemon().start(() -> {
            List<String> found = List.of();
            try {
                found = new LeftoverSweeper().sweep(new EndpointId(endpointId));
            } catch (InterruptedException over) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException | Error failed) {
                swept.completeExceptionally(failed);
            } finally {
                swept.complete(found);
                then.run();
            }
        });
        return swept;
    }

    /**
     * Does nothing else. Needs no setting but those that name the endpoint, and blocks for 8 s at most.
     *
     * @param err is told what was found
     * @return the exit code
     */
    static int end(Map<String, String> environment, PrintStream err) {
        LogManager.getLogManager().reset();
        List<String> found = RunnerSettings.lastingId(environment)
                .map(id -> sweep(id, () -> {}))
                .map(swept -> swept.completeOnTimeout(
                                List.of("what cannot be told: the system does not answer"),
                                BOUND.toMillis(),
                                TimeUnit.MILLISECONDS)
                        .join())
                .orElse(List.of());
        if (!found.isEmpty()) {
            err.println("vibe-runner: ended what the runner that died had left: " + String.join(", ", found));
        }
        return ExitCode.OK.number();
    }
}
