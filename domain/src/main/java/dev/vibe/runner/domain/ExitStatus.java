package dev.vibe.runner.domain;

import java.util.List;

/**
 * How an agent's process ended.
 *
 * @param code as Java reports it: 128+N for a death by signal N (also what a shell that caught it returns)
 * @param survivors descriptions of processes of this agent that refused to die; normally empty
 * @param outOfMemory the system killed it because memory ran out
 */
public record ExitStatus(int code, List<String> survivors, boolean outOfMemory) {
    /** The code of a death by SIGKILL. */
    public static final int KILLED = 137;

    private static final int SIGNAL_BASE = 128;
    private static final String[] SIGNALS = {
        "", "SIGHUP", "SIGINT", "SIGQUIT", "SIGILL", "SIGTRAP", "SIGABRT", "SIGBUS", "SIGFPE", "SIGKILL", "SIGUSR1",
        "SIGSEGV", "SIGUSR2", "SIGPIPE", "SIGALRM", "SIGTERM"
    };

    public ExitStatus {
        survivors = List.copyOf(survivors);
    }

    /** An end that had nothing to do with memory. */
    public ExitStatus(int code, List<String> survivors) {
        this(code, survivors, false);
    }

    /** An end with nothing left behind. */
    public static ExitStatus of(int code) {
        return new ExitStatus(code, List.of());
    }

    /** True for exit code 0. */
    public boolean success() {
        return code == 0;
    }

    /** For people: {@code exited with code 3}, {@code was ended by signal 9 (SIGKILL)}, or that memory ran out and what to do. */
    public String describe() {
        if (outOfMemory) {
            return "was killed because the sandbox ran out of memory; give the sandbox more, or let fewer sessions run"
                    + " at once (MAX_CONCURRENT_SESSIONS)";
        }
        int signal = code - SIGNAL_BASE;
        if (signal <= 0 || signal > 64) {
            return "exited with code " + code;
        }
        String name = signal < SIGNALS.length ? " (" + SIGNALS[signal] + ")" : "";
        return "was ended by signal " + signal + name;
    }
}
