package dev.vibe.runner.adapter.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts a command into a session and process group of its own, so that a signal to the runner's group (Ctrl-C in a terminal)
 * does not reach it; and behind a gate: it begins once a line comes on its stdin, or never when that is closed first. All
 * these programs replace themselves with the next, so the pid stays the same.
 *
 * <p>When memory runs out, the kernel is to take the command or what it started, and not the runner, which can tell of it.
 */
final class OwnSession {
    /** What opens the gate. The shell reads a pipe byte by byte, so what follows is the command's. */
    static final String GO = "";

    private static final List<Path> PLACES = List.of(Path.of("/usr/bin/setsid"), Path.of("/bin/setsid"));
    private static final String LET_IT_DIE_FIRST = "{ echo 500 >/proc/self/oom_score_adj; } 2>/dev/null; ";
    private static final List<String> GATE =
            List.of("/bin/sh", "-c", LET_IT_DIE_FIRST + "read -r go && exec \"$@\"", "sh");

    /**
     * Puts back what the runner was made to ignore, which neither Java nor a shell can do for what they start. Of GNU's
     * coreutils 8.31; elsewhere such a signal stays ignored.
     */
    private static final List<String> SIGNALS = List.of("/usr/bin/env", "--default-signal");

    private OwnSession() {}

    /** Without a session of its own where the system has no {@code setsid}. */
    static List<String> wrap(List<String> command) {
        List<String> wrapped = new ArrayList<>();
        for (Path place : PLACES) {
            if (wrapped.isEmpty() && Files.isExecutable(place)) {
                wrapped.add(place.toString());
            }
        }
        if (resetsSignals()) {
            wrapped.addAll(SIGNALS);
        }
        wrapped.addAll(GATE);
        wrapped.addAll(command);
        return wrapped;
    }

    /** Whether an agent begins with no signal ignored. Asked of the system once. */
    static boolean resetsSignals() {
        return Asked.RESETS_SIGNALS;
    }

    private static final class Asked {
        static final boolean RESETS_SIGNALS = ask();

        private Asked() {}

        private static boolean ask() {
            List<String> trial = new ArrayList<>(SIGNALS);
            trial.add("true");
            try {
                Process process = new ProcessBuilder(trial)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
                process.getOutputStream().close();
                return process.waitFor() == 0;
            } catch (IOException e) {
                return false;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }
}
