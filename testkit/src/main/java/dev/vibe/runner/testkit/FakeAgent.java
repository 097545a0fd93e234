package dev.vibe.runner.testkit;

import dev.vibe.runner.application.port.out.AgentGoneException;
import dev.vibe.runner.application.port.out.RunningAgent;
import dev.vibe.runner.application.port.out.SessionRequest;
import dev.vibe.runner.domain.Channel;
import dev.vibe.runner.domain.ExitStatus;
import dev.vibe.runner.domain.OutputLine;
import dev.vibe.runner.domain.UserMessage;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * An agent without a process. By default it is ready at once, takes every message, and exits with code 0 when stopped.
 * Safe for use by several threads.
 */
public final class FakeAgent implements RunningAgent {
    private static final AtomicLong NEXT_PID = new AtomicLong(1_000_000); // above any real one
    private static final int KILLED = 137;

    /** What was done to an agent. */
    public sealed interface Deed {
        /** It was given a message. */
        record Received(UserMessage message) implements Deed {}

        /** Its turn was interrupted. */
        record Interrupted() implements Deed {}

        /** It was asked to stop. */
        record Stopped(Duration grace) implements Deed {}

        /** It was killed. */
        record Killed() implements Deed {}
    }

    private final SessionRequest request;
    private final long pid = NEXT_PID.getAndIncrement();
    private final EventLog<Deed> deeds;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<OutputLine> output = new ArrayDeque<>(); // guarded by lock
    private int outputCapacity = Integer.MAX_VALUE; // guarded by lock
    private boolean ready = true; // guarded by lock
    private boolean readsInput = true; // guarded by lock
    private boolean inputOpen = true; // guarded by lock
    private boolean threads = true;
    private boolean threadsForInput = true; // guarded by lock
    private boolean fatal; // guarded by lock
    private boolean obedient = true; // guarded by lock
    private boolean mortal = true; // guarded by lock
    private boolean betweenTurns; // guarded by lock
    private boolean lostConversation; // guarded by lock
    private boolean toldToEnd; // guarded by lock
    private volatile List<String> settings;
    private @Nullable String refusal; // guarded by lock
    private volatile @Nullable Duration toldUnansweredAfter;
    private @Nullable ExitStatus exit; // guarded by lock; null while it runs
    private @Nullable String agentSessionId; // guarded by lock
    private @Nullable Duration work; // guarded by lock; null between turns

    FakeAgent(SessionRequest request) {
        this.request = request;
        settings = request.settings();
        deeds = new EventLog<>("deeds done to the agent of " + request.sessionId());
        agentSessionId = "fake-conversation-" + pid;
    }

    /** What it was launched for. */
    public SessionRequest request() {
        return request;
    }

    /** What was done to it, in order. */
    public EventLog<Deed> deeds() {
        return deeds;
    }

    /** Waits for the next message it is given, and passes over other deeds. */
    public UserMessage awaitMessage() throws InterruptedException {
        return deeds.take(Deed.Received.class, Duration.ofSeconds(10)).message();
    }

    /** It writes a line to stdout; waits while its pipe is full (see {@link #withPipeOf}). */
    public void says(String text) throws InterruptedException {
        writes(new OutputLine(Channel.STDOUT, text));
    }

    /** It writes a line to stderr. */
    public void complains(String text) throws InterruptedException {
        writes(new OutputLine(Channel.STDERR, text));
    }

    /** How many lines fit its pipe until they are read. Unlimited by default. */
    public FakeAgent withPipeOf(int lines) {
        change(() -> outputCapacity = lines);
        return this;
    }

    /** Waits until its pipe is full: it is slowed down. */
    public void awaitBlocked() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (output.size() < outputCapacity) {
                changed.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Its handshake stays unanswered until {@link #becomesReady}. */
    public FakeAgent slowToGetReady() {
        change(() -> ready = false);
        return this;
    }

    /** Its handshake is answered. */
    public void becomesReady() {
        change(() -> ready = true);
    }

    /** It does not read its input: {@code send} and {@code interrupt} block. */
    public void stopsReadingInput() {
        change(() -> readsInput = false);
    }

    /** It reads its input again. */
    public void readsInputAgain() {
        change(() -> readsInput = true);
    }

    /** A turn is complete: its conversation could go on in another process. */
    public void completesATurn() {
        change(() -> betweenTurns = true);
    }

    /** Its user sets something in it. */
    public void isSet(String setting) {
        settings = List.of(setting);
    }

    /** Its user tells it to end, in its own words, and it agrees. */
    public void agreesToEnd() {
        change(() -> toldToEnd = true);
    }

    /** A turn is under way. */
    public void beginsATurn() {
        change(() -> betweenTurns = false);
    }

    /** It takes no more input, though it runs. */
    public void closesInput() {
        change(() -> inputOpen = false);
    }

    /** It ignores {@code stop}; {@code kill} still ends it. */
    public FakeAgent ignoringStop() {
        change(() -> obedient = false);
        return this;
    }

    /** {@code stop} finds that the system gives no more threads; {@code kill} still ends it. */
    public FakeAgent withoutThreadsForStop() {
        change(() -> threads = false);
        return this;
    }

    /** {@code send} and {@code interrupt} find that the system gives no more threads. */
    public FakeAgent withoutThreadsForInput() {
        change(() -> threadsForInput = false);
        return this;
    }

    /** Whoever asks for its turn or its work runs out of memory. */
    public FakeAgent fatalToLookAt() {
        change(() -> fatal = true);
        return this;
    }

    /** It ignores {@code stop} and {@code kill}. */
    public FakeAgent ignoringEverything() {
        change(() -> {
            obedient = false;
            mortal = false;
        });
        return this;
    }

    /** It is in a turn, and its processes have used so much CPU time. */
    public FakeAgent working(Duration cpuTime) {
        change(() -> work = cpuTime);
        return this;
    }

    /** Its turn is over, and its processes rest. */
    public void rests() {
        change(() -> work = null);
    }

    /** Its conversation has this id. */
    public FakeAgent withConversation(String id) {
        change(() -> agentSessionId = id);
        return this;
    }

    /** It has no conversation id of its own. */
    public FakeAgent withoutConversation() {
        change(() -> agentSessionId = null);
        return this;
    }

    /** Nothing was stored of the conversation it was to go on with. */
    public FakeAgent withLostConversation() {
        change(() -> lostConversation = true);
        return this;
    }

    /** It refuses its handshake, and is killed for that. */
    public void refuses(String why) {
        change(() -> refusal = why);
        exits(KILLED);
    }

    /** It exits by itself. A second exit changes nothing. */
    public void exits(int code) {
        exits(ExitStatus.of(code));
    }

    /** As {@link #exits(int)}, perhaps with survivors. */
    public void exits(ExitStatus status) {
        change(() -> {
            if (exit == null) {
                exit = status;
            }
        });
    }

    @Override
    public boolean running() {
        lock.lock();
        try {
            return exit == null;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public @Nullable String agentSessionId() {
        lock.lock();
        try {
            return agentSessionId;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public List<String> settings() {
        return settings;
    }

    @Override
    public boolean toldToEnd() {
        lock.lock();
        try {
            return toldToEnd;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean lostConversation() {
        lock.lock();
        try {
            return lostConversation;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public @Nullable String refusal() {
        lock.lock();
        try {
            return refusal;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean betweenTurns() {
        lock.lock();
        try {
            return betweenTurns;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean turnUnderWay() {
        return cpuTime() != null;
    }

    @Override
    public @Nullable Duration cpuTime() {
        lock.lock();
        try {
            if (fatal) {
                throw new OutOfMemoryError("Java heap space");
            }
            return work;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long pid() {
        return pid;
    }

    @Override
    public @Nullable OutputLine next() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (output.isEmpty() && exit == null) {
                changed.await();
            }
            changed.signalAll();
            return output.poll();
        } finally {
            lock.unlock();
        }
    }

    /** It can be spoken to before it is ready. */
    public FakeAgent toldUnansweredAfter(Duration wait) {
        toldUnansweredAfter = wait;
        return this;
    }

    @Override
    public @Nullable Duration toldUnansweredAfter() {
        return toldUnansweredAfter;
    }

    @Override
    public boolean awaitReady(Duration timeout) throws AgentGoneException, InterruptedException {
        long left = timeout.toNanos();
        lock.lockInterruptibly();
        try {
            while (!ready && exit == null) {
                if (left <= 0) {
                    return false;
                }
                left = changed.awaitNanos(left);
            }
            if (exit != null) {
                throw new AgentGoneException("it exited before it was ready");
            }
            return true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void send(UserMessage message) throws AgentGoneException, InterruptedException {
        takesInput(new Deed.Received(message));
    }

    @Override
    public void interrupt() throws AgentGoneException, InterruptedException {
        takesInput(new Deed.Interrupted());
    }

    @Override
    public void stop(Duration grace) {
        deeds.add(new Deed.Stopped(grace));
        change(() -> {
            if (!threads) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            if (obedient && exit == null) {
                exit = ExitStatus.of(0);
            }
        });
    }

    @Override
    public void kill() {
        deeds.add(new Deed.Killed());
        change(() -> {
            if (mortal && exit == null) {
                exit = ExitStatus.of(KILLED);
            }
        });
    }

    @Override
    public ExitStatus awaitExit() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            ExitStatus status = exit;
            while (status == null) {
                changed.await();
                status = exit;
            }
            return status;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String toString() {
        return "FakeAgent[" + request.sessionId() + ", pid " + pid + "]";
    }

    private void writes(OutputLine line) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (output.size() >= outputCapacity && exit == null) {
                changed.await();
            }
            if (exit != null) {
                throw new IllegalStateException("an agent that exited cannot write");
            }
            output.add(line);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void takesInput(Deed deed) throws AgentGoneException, InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!readsInput && inputOpen && exit == null) {
                changed.await();
            }
            if (!inputOpen || exit != null) {
                throw new AgentGoneException("it takes no more input");
            }
            if (!threadsForInput) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            deeds.add(deed);
        } finally {
            lock.unlock();
        }
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
