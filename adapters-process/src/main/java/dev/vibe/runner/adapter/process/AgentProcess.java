package dev.vibe.runner.adapter.process;

import dev.vibe.runner.application.port.out.LineSink;
import dev.vibe.runner.domain.Channel;
import dev.vibe.runner.domain.ExitStatus;
import dev.vibe.runner.domain.OutputLine;
import java.io.IOException;
import java.io.InputStream;
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
    /** In so short steps a stop's grace is waited for, so that a pause of the machine is seen. */
    private static final Duration ROUND = Duration.ofMillis(100);

    private final String name;
    private final Process process;
    private final boolean gated;
    private final ProcessTree tree;
    private final OomKills oomKills;
    /** {@link OomKills#recentCount} from before it was started. */
    private final long oomKillsBefore;

    private final LineQueue queue = new LineQueue();
    private final List<Pump> pumps = new ArrayList<>();
    private final LastWords lastWords;
    private final StdinWriter stdin;
    /** What to call once the main process is gone. */
    private final CompletableFuture<Runnable> begun = new CompletableFuture<>();

    private final CompletableFuture<ExitStatus> exit = new CompletableFuture<>();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private volatile boolean ending;

    private AgentProcess(
            String name, Process process, boolean gated, ProcessTree tree, OomKills oomKills, long oomKillsBefore) {
        this.name = name;
        this.lastWords = new LastWords(name, System::nanoTime);
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
        pump(Channel.STDOUT, process.getInputStream(), limit, filter);
        pump(Channel.STDERR, process.getErrorStream(), limit, LineFilter.NONE);
        pumps.forEach(Pump::start);
        if (gated) {
            pumps.forEach(Pump::awaitHold);
            boolean ignored = stdin.offer(OwnSession.GO);
        }
        begun.complete(onExit);
    }

    private void pump(Channel channel, InputStream pipe, IntSupplier limit, LineFilter filter) {
        Pump pump = new Pump(channel, pipe, queue, limit, filter, name);
        pumps.add(pump);
        lastWords.on(pump, pipe);
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

    boolean running() {
        return process.isAlive();
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

    void pass(String line) {
        queue.add(new OutputLine(Channel.STDOUT, line));
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
        AwakeTime awake = new AwakeTime(ROUND.plus(ROUND), System.nanoTime());
        boolean gone = !process.isAlive();
        for (long left = grace.toNanos(); !gone && left > 0; left = grace.toNanos() - awake.passed(System.nanoTime())) {
            gone = process.waitFor(Math.min(left, ROUND.toNanos()), TimeUnit.NANOSECONDS);
        }
        return gone;
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
            lastWords.waitForHolders(() -> stopping.get() || ending);
            survivors = endTree(TERM_GRACE).stream()
                    .map(left -> "process " + left.pid() + " (" + left.name() + ")")
                    .toList();
            lastWords.drain();
        } finally {
            int code = process.waitFor();
            boolean outOfMemory = killedByOthers && code == ExitStatus.KILLED && oomKills.count() > oomKillsBefore;
            String cut = lastWords.cut();
            queue.close(cut == null ? null : new OutputLine(Channel.STDERR, cut));
            exit.complete(new ExitStatus(code, survivors, outOfMemory));
            LOG.debug("{} is gone: code {}, survivors {}, out of memory {}", name, code, survivors, outOfMemory);
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
