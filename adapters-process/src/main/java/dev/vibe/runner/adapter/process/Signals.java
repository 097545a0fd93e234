package dev.vibe.runner.adapter.process;

/**
 * Signals to one known process. The JDK's handle remembers the start time it saw and refuses another process of the same
 * pid; ours is compared after the handle was made, so both together name the right one.
 */
final class Signals {
    private final ProcFs proc;

    Signals(ProcFs proc) {
        this.proc = proc;
    }

    void terminate(ProcessStat target) {
        send(target, false);
    }

    void kill(ProcessStat target) {
        send(target, true);
    }

    private void send(ProcessStat target, boolean forcibly) {
        if (target.pid() == ProcessHandle.current().pid() || target.pid() <= 1) {
            return;
        }
        ProcessHandle.of(target.pid()).ifPresent(handle -> {
            ProcessStat now = proc.process(target.pid());
            if (now == null || !now.same(target)) {
                return;
            }
            if (forcibly) {
                handle.destroyForcibly();
            } else {
                handle.destroy();
            }
        });
    }
}
