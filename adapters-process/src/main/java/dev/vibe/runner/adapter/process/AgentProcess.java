package dev.vibe.runner.adapter.process;

import dev.vibe.runner.application.port.out.LineSink;
import dev.vibe.runner.domain.Channel;
import dev.vibe.runner.domain.ExitStatus;
import dev.vibe.runner.domain.OutputLine;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process in a session of its own, its pipes, and its end: when the main process goes, its children get the time to finish
 * what they are writing, then all that is left of the tree is ended, the pipes are read to their end, and only then is the
 * exit told.
 */
final class AgentProcess {
    private static final Logger LOG = LoggerFactory.getLogger(AgentProcess.class);
    private static final Duration TERM_GRACE = Duration.ofMillis(500);
    private static final Duration END_BOUND = Duration.ofSeconds(5);
    /** After the main process's exit: silence of this length on a pipe that a child holds open means nothing more comes. */
    private static final long HOLDER_IDLE_MILLIS = 500;
    /** The most a child that goes on writing may take after the main process's exit; the reader's slowness not counted. */
    private static final long HOLDER_TOTAL_MILLIS = 10_000;

    private static final long POLL_MILLIS = 20;

    private final String name;
    private final Process process;
    private final boolean gated;
    private final ProcessTree tree;
    private final OomKills oomKills;
    /** {@link OomKills#recentCount} from before it was started. */
    private final long oomKillsBefore;

    private final LineQueue queue = new LineQueue();
    private final List<Pump> pumps = new ArrayList<>();
    private final StdinWriter stdin;
    /** What to call once the main process is gone. */
    private final CompletableFuture<Runnable> begun = new CompletableFuture<>();

    private final CompletableFuture<ExitStatus> exit = new CompletableFuture<>();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private volatile boolean ending;

    private AgentProcess(
            String name, Process process, boolean gated, ProcessTree tree, OomKills oomKills, long oomKillsBefore) {
        this.name = name;
        this.process = process;
        this.gated = gated;
        this.tree = tree;
        this.oomKills = oomKills;
        this.oomKillsBefore = oomKillsBefore;
        this.stdin = new StdinWriter(process.getOutputStream());
    }

    /** As {@link #start(Launch, ProcessTable, Starter)}, in the way that costs least here. */
    static AgentProcess start(Launch launch, ProcessTable table) throws IOException {
        return start(launch, table, Starter.best());
    }

    /**
     * Starts it; {@link #begin} or {@link #kill} must follow.
     *
     * @throws IOException when the system refuses
     */
    static AgentProcess start(Launch launch, ProcessTable table, Starter starter) throws IOException {
        OomKills oomKills = table.proc().oomKills();
        long oomKillsBefore = oomKills.recentCount();
        Process process = starter.start(launch);
        ProcessTree tree = new ProcessTree(table, process.pid(), launch.mark());
        AgentProcess agent = new AgentProcess(
                launch.name() + "-" + process.pid(), process, starter.gated(), tree, oomKills, oomKillsBefore);
        agent.watch();
        return agent;
    }

    /**
     * The thread for its end waits from its start on: at the end the system may give none, when its limit of processes is
     * reached, and an end that nobody tells of is a session that is frozen.
     */
    private void watch() throws IOException {
        try {
            daemon("exit", () -> {
                int ignored = process.waitFor();
                begun.join().run();
                afterExit();
            });
        } catch (OutOfMemoryError noThread) {
            kill();
            reap();
            throw new IOException("a new process could not be watched: " + noThread.getMessage(), noThread);
        }
    }

    private void reap() {
        try {
            int ignored = process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Begins to read, write and watch.
     *
     * @param onExit called once the main process is gone, on a thread of its own
     */
    void begin(IntSupplier limit, LineFilter filter, Runnable onExit) {
        pumps.add(new Pump(Channel.STDOUT, process.getInputStream(), queue, limit, filter, name));
        pumps.add(new Pump(Channel.STDERR, process.getErrorStream(), queue, limit, LineFilter.NONE, name));
        pumps.forEach(Pump::start);
        if (gated) {
            pumps.forEach(Pump::awaitHold);
            boolean ignored = stdin.offer(OwnSession.GO);
        }
        begun.complete(onExit);
    }

    @Nullable
    Duration cpuTime() {
        return tree.cpuTime();
    }

    @Nullable
    Long memoryBytes() {
        return tree.memoryBytes();
    }

    long pid() {
        return process.pid();
    }

    Stdin stdin() {
        return stdin;
    }

    @Nullable
    OutputLine next() throws InterruptedException {
        return queue.take();
    }

    List<OutputLine> nextLines() throws InterruptedException {
        return queue.takeAll();
    }

    ExitStatus carry(LineSink sink) throws InterruptedException {
        queue.carry(sink);
        return awaitExit();
    }

    void say(String text) {
        queue.add(new OutputLine(Channel.STDERR, text));
    }

    /** Closes stdin, waits for {@code grace}, then SIGTERM, then SIGKILL. Returns at once; the first call counts. */
    void stop(Duration grace) {
        if (stopping.compareAndSet(false, true)) {
            daemon("stop", () -> {
                // Before anything dies: orphans of what dies are known by now.
                tree.members();
                stdin.close();
                if (!goneWithin(grace)) {
                    LOG.debug("{} does not end by itself within {}", name, grace);
                    endTree(TERM_GRACE);
                }
            });
        }
    }

    /** SIGKILL for the whole tree. */
    void kill() {
        ending = true;
        stopping.set(true);
        tree.killNow();
        process.destroyForcibly();
        stdin.abort();
        begun.complete(() -> {}); // should it never have begun
    }

    ExitStatus awaitExit() throws InterruptedException {
        try {
            return exit.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the exit is never completed with a failure", e);
        }
    }

    private boolean goneWithin(Duration grace) throws InterruptedException {
        return process.waitFor(grace.toMillis(), TimeUnit.MILLISECONDS);
    }

    private List<ProcessStat> endTree(Duration grace) throws InterruptedException {
        ending = true;
        process.destroy();
        List<ProcessStat> left = tree.end(grace, END_BOUND);
        if (process.isAlive()) {
            // Where there is no /proc this is all we can do.
            process.destroyForcibly();
        }
        return left;
    }

    private void afterExit() throws InterruptedException {
        boolean killedByOthers = !ending && !stopping.get();
        List<String> survivors = List.of();
        try {
            stdin.abort();
            waitForHolders();
            survivors = endTree(TERM_GRACE).stream()
                    .map(left -> "process " + left.pid() + " (" + left.name() + ")")
                    .toList();
            drain();
        } finally {
            int code = process.waitFor();
            boolean outOfMemory = killedByOthers && code == ExitStatus.KILLED && oomKills.count() > oomKillsBefore;
            queue.close();
            exit.complete(new ExitStatus(code, survivors, outOfMemory));
            LOG.debug("{} is gone: code {}, survivors {}, out of memory {}", name, code, survivors, outOfMemory);
        }
    }

    /** A child may hold the agent's pipes open. What it still says is not cut, but only silence is waited out in full. */
    private void waitForHolders() throws InterruptedException {
        long begin = System.nanoTime();
        long spentMillis = 0;
        while (!stopping.get() && !ending && spentMillis < HOLDER_TOTAL_MILLIS) {
            boolean open = false;
            boolean readerIsSlow = false;
            boolean quiet = true;
            for (Pump pump : pumps) {
                if (!pump.awaitEnd(POLL_MILLIS)) {
                    open = true;
                    long idle = pump.idleNanos(begin);
                    readerIsSlow |= idle == 0;
                    quiet &= idle > Duration.ofMillis(HOLDER_IDLE_MILLIS).toNanos();
                }
            }
            if (!open || (quiet && spentMillis >= HOLDER_IDLE_MILLIS)) {
                return;
            }
            spentMillis += readerIsSlow ? 0 : POLL_MILLIS;
        }
    }

    /** All writers are dead, so the end of the pipes is near; the reader may take as long as it likes. */
    private void drain() throws InterruptedException {
        long begin = System.nanoTime();
        for (Pump pump : pumps) {
            while (!pump.awaitEnd(POLL_MILLIS)) {
                if (pump.idleNanos(begin)
                        > Duration.ofMillis(HOLDER_IDLE_MILLIS).toNanos()) {
                    LOG.warn(
                            "{}: a process that could not be ended holds a pipe open; it is not read any further",
                            name);
                    pump.abandon();
                    break;
                }
            }
        }
    }

    private void daemon(String what, InterruptibleAction action) {
        Thread thread = new Thread(
                null,
                () -> {
                    try {
                        action.run();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                name + "-" + what,
                Pump.STACK_BYTES);
        thread.setDaemon(true);
        thread.start();
    }

    private interface InterruptibleAction {
        void run() throws InterruptedException;
    }
}
