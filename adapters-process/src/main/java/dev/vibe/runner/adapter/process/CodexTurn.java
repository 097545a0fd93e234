package dev.vibe.runner.adapter.process;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Which turn is under way: told by the pump's thread, asked by the feeder's. */
final class CodexTurn {
    private static final int MAX_COMMANDS = 256;
    /** Real ones have some dozen characters. */
    private static final int LONGEST_ID = 128;

    private final long patienceNanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition settled = lock.newCondition();
    // All guarded by lock.
    private int unanswered;
    private @Nullable String current;
    /** The last that Codex has said to have begun: before, it refuses to interrupt it (measured with 0.169.0). */
    private @Nullable String begun;
    /** An answer may come after the notifications about its turn, even after the last. */
    private @Nullable String lastCompleted;
    /** The last whose interrupt Codex has taken; its end may not have been heard yet. */
    private @Nullable String ending;

    /** The conversation is one of an earlier process. */
    private boolean goesOn;

    /** Written with the lock held, read without. */
    private volatile int completed;

    private Set<String> commands = new HashSet<>();
    private Set<String> interrupted = Set.of();

    /** @param patience how long an interrupt waits for its turn to begin */
    CodexTurn(Duration patience) {
        this.patienceNanos = patience.toNanos();
    }

    /** A turn/start goes out. */
    void asked() {
        locked(() -> unanswered++);
    }

    /** A turn/start was answered; null where it was refused. */
    void answered(@Nullable String turnId) {
        locked(() -> {
            unanswered = Math.max(0, unanswered - 1);
            if (turnId != null && !turnId.equals(lastCompleted)) {
                begin(turnId);
            }
        });
    }

    void started(String turnId) {
        locked(() -> {
            begin(turnId);
            begun = turnId;
        });
    }

    int completed() {
        return completed;
    }

    /** The one under way as far as is known, null for none. */
    @Nullable
    String current() {
        lock.lock();
        try {
            return current;
        } finally {
            lock.unlock();
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // under lock
    void completed(String turnId) {
        locked(() -> {
            completed++;
            lastCompleted = turnId;
            if (turnId.equals(current)) {
                current = null;
            }
        });
    }

    /** The process goes on with a conversation that had turns before, or does not, as it turns out. */
    void goesOn(boolean now) {
        locked(() -> goesOn = now);
    }

    /** At least one turn is complete, be it in a process before this one, and none is under way or asked for. */
    boolean between() {
        lock.lock();
        try {
            return (goesOn || lastCompleted != null) && current == null && unanswered == 0;
        } finally {
            lock.unlock();
        }
    }

    /** One is under way or asked for. */
    boolean underWay() {
        lock.lock();
        try {
            return current != null || unanswered > 0;
        } finally {
            lock.unlock();
        }
    }

    /** A command of the turn was started. */
    void command(String itemId) {
        locked(() -> {
            if (itemId.length() <= LONGEST_ID && commands.size() < MAX_COMMANDS) {
                commands.add(itemId);
            }
        });
    }

    /**
     * The turn to interrupt. Waits, for some seconds at most, until a turn/start under way is answered and its turn has begun:
     * an interrupt that comes sooner is refused. Messages behind it wait, too, so that none joins the turn that is to end.
     *
     * @return null when there is none, or no answer has come
     */
    @Nullable
    String interrupted() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = patienceNanos;
            while ((unanswered > 0 || beginning()) && left > 0) {
                left = settled.awaitNanos(left);
            }
            interrupted = Set.copyOf(commands);
            return current;
        } finally {
            lock.unlock();
        }
    }

    /** Codex has taken this turn's interrupt. */
    void interruptTaken(String turnId) {
        locked(() -> ending = turnId);
    }

    /** Whether this turn goes on, and no interrupt of it was taken. */
    boolean goesOn(String turnId) {
        lock.lock();
        try {
            return turnId.equals(current) && !turnId.equals(ending);
        } finally {
            lock.unlock();
        }
    }

    /** The commands of the turn that was interrupted last. */
    Set<String> interruptedCommands() {
        lock.lock();
        try {
            return interrupted;
        } finally {
            lock.unlock();
        }
    }

    private boolean beginning() {
        return current != null && !current.equals(begun);
    }

    private void begin(String turnId) {
        if (!turnId.equals(current)) {
            current = turnId;
            commands = new HashSet<>();
        }
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
            settled.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
