package dev.vibe.runner.adapter.process;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One process of this machine, for ever: pids are used again, with another start time (proc_pid_stat(5)).
 *
 * @param startTicks since the machine's boot, in 1/100 s
 */
public record ProcessName(long pid, long startTicks) {
    private static final ProcFs PROC = new ProcFs();

    /** Of a process that runs. Empty where none does, and where the system does not tell (no {@code /proc}). */
    public static Optional<ProcessName> of(long pid) {
        return Optional.ofNullable(PROC.process(pid))
                .filter(ProcessStat::alive)
                .map(stat -> new ProcessName(pid, stat.startTicks()));
    }

    /** The reverse of {@link #toString}; null for any other text. */
    public static @Nullable ProcessName parse(String text) {
        int dot = text.indexOf('.');
        if (dot < 1) {
            return null;
        }
        try {
            return new ProcessName(Long.parseLong(text.substring(0, dot)), Long.parseLong(text.substring(dot + 1)));
        } catch (NumberFormatException other) {
            return null;
        }
    }

    /** Whether it runs still. */
    public boolean lives() {
        return of(pid).filter(this::equals).isPresent();
    }

    /** SIGKILL, if it runs still. */
    public void kill() {
        if (lives()) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    @Override
    public String toString() {
        return pid + "." + startTicks;
    }
}
