package dev.vibe.runner.adapter.process;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Looks at all processes on behalf of many. Who asks gets a look that began after the asking, and shares it with all who
 * asked meanwhile: measured, 200 agents stopped at once would else spend seconds reading {@code /proc}.
 */
final class ProcessTable {
    private static final long RECENT_NANOS = Duration.ofMillis(100).toNanos();

    private final ProcFs proc;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition looked = lock.newCondition();
    // All guarded by lock.
    private long begun;
    private long finished;
    private boolean looking;
    private long lookedNanos;
    private Look last;

    ProcessTable(ProcFs proc) {
        this.proc = proc;
        this.last = new Look(proc, List.of());
    }

    /** What one look saw. Marks are read when asked for, once for all. */
    static final class Look {
        private final ProcFs proc;
        private final List<ProcessStat> processes;
        private final Map<Long, Optional<String>> marks = new ConcurrentHashMap<>();

        Look(ProcFs proc, List<ProcessStat> processes) {
            this.proc = proc;
            this.processes = processes;
        }

        List<ProcessStat> processes() {
            return processes;
        }

        @Nullable
        String markOf(long pid) {
            return marks.computeIfAbsent(pid, key -> Optional.ofNullable(proc.markOf(key)))
                    .orElse(null);
        }
    }

    ProcFs proc() {
        return proc;
    }

    /** What was seen a moment ago, or is seen now: for those who watch, not for those who end. */
    Look recentLook() {
        lock.lock();
        try {
            if (finished > 0 && System.nanoTime() - lookedNanos < RECENT_NANOS) {
                return last;
            }
        } finally {
            lock.unlock();
        }
        return look();
    }

    Look look() {
        lock.lock();
        try {
            long mine = begun + 1;
            while (finished < mine) {
                if (looking) {
                    looked.awaitUninterruptibly();
                } else {
                    lookNow();
                }
            }
            return last;
        } finally {
            lock.unlock();
        }
    }

    /** Called and returns with the lock held, which is let go while looking. */
    private void lookNow() {
        looking = true;
        begun++;
        lock.unlock();
        List<ProcessStat> seen = List.of();
        try {
            seen = proc.processes();
        } finally {
            lock.lock();
            last = new Look(proc, seen);
            finished = begun;
            looking = false;
            lookedNanos = System.nanoTime();
            looked.signalAll();
        }
    }
}
