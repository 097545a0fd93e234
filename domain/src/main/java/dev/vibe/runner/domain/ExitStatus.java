package dev.vibe.runner.domain;

import java.util.List;

/**
 * How an agent's process ended.
 *
 * @param code as Java reports it: 128+N for a death by signal N (also what a shell that caught it returns)
 * @param survivors descriptions of processes of this agent that refused to die; normally empty
 */
public record ExitStatus(int code, List<String> survivors) {
    private static final int SIGNAL_BASE = 128;
    private static final String[] SIGNALS = {
        "", "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE", "SIGKILL", "SIGUSR1",
        "SIGSEGV", "SIGUSR2", "SIGPIPE", "SIGALRM", "SIGTERM"
    };

    public ExitStatus {
        survivors = List.copyOf(survivors);
    }

    /** An end with nothing left behind. */
    public static ExitStatus of(int code) {
        return new ExitStatus(code, List.of());
    }

    /** True for exit code 0. */
    public boolean success() {
        return code == 0;
    }

    /** For people: {@code exited with code 3}, {@code was ended by signal 9 (SIGKILL)}. */
    public String describe() {
        int signal = code - SIGNAL_BASE;
        if (signal <= 0 || signal > 64) {
            return "exited with code " + code;
        }
        String name = signal < SIGNALS.length ? " (" + SIGNALS[signal] + ")" : "";
        return "was ended by signal " + signal + name;
    }
}
