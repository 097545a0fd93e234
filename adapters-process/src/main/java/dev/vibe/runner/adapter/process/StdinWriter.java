package dev.vibe.runner.adapter.process;

import dev.vibe.runner.application.port.out.AgentGoneException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes lines to an agent's stdin, on a platform thread: a write to a full pipe cannot be interrupted, and would hold the carrier
 * of a virtual thread. So whoever waits here can be interrupted, and a stop need not wait at all. The thread is one of a few
 * that serve all agents, and an agent that is told nothing has none.
 */
final class StdinWriter implements Stdin {
    private static final Logger LOG = LoggerFactory.getLogger(StdinWriter.class);
    private static final int MAX_WAITING = 64;
    private static final int STACK_BYTES = 128 * 1024;
    private static final long IDLE_SECONDS = 2;

    private static final Executor WRITERS = new ThreadPoolExecutor(
            0, Integer.MAX_VALUE, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                // It serves whoever comes next, too: nothing of the thread that needs it first is its own.
                return Thread.ofPlatform()
                        .name("agents-stdin")
                        .daemon()
                        .stackSize(STACK_BYTES)
                        .inheritInheritableThreadLocals(false)
                        .unstarted(task);
            });

    /** A line, or with null the end of the input. */
    record Order(@Nullable String line, CompletableFuture<Boolean> done) {}

    private final OutputStream stdin;
    private final BlockingQueue<Order> orders;
    /** True while a thread serves this agent, and for ever once its input has ended. */
    private final AtomicBoolean served = new AtomicBoolean();

    private volatile boolean closed;

    StdinWriter(OutputStream stdin) {
        this(stdin, new ArrayBlockingQueue<>(MAX_WAITING));
    }

    StdinWriter(OutputStream stdin, BlockingQueue<Order> orders) {
        this.stdin = stdin;
        this.orders = orders;
    }

    @Override
    public void write(String line) throws AgentGoneException, InterruptedException {
        Order order = order(line);
        if (!closed) {
            orders.put(order);
            if (!serve() && orders.remove(order)) {
                throw new IllegalStateException("the system gives no thread to write to the agent with");
            }
        }
        if (closed) {
            order.done().complete(false);
        }
        try {
            if (!order.done().get()) {
                throw new AgentGoneException("the agent takes no more input");
            }
        } catch (ExecutionException e) {
            throw new AgentGoneException("the agent takes no more input: " + e.getMessage());
        }
    }

    @Override
    public boolean offer(String line) {
        Order order = order(line);
        return !closed && orders.offer(order) && (serve() || !orders.remove(order));
    }

    /** Ends the agent's input after what waits to be written; drops that where the agent does not read. */
    void close() {
        if (!orders.offer(new Order(null, new CompletableFuture<>()))) {
            LOG.debug("the agent does not read its input; what waited for it is dropped");
            abort();
        }
        serveOrEnd();
    }

    /** Ends the writer; the process is gone or about to be. */
    void abort() {
        closed = true;
        failWaiting();
        boolean ignored = orders.offer(new Order(null, new CompletableFuture<>()));
        serveOrEnd();
    }

    /** To end the input takes no thread of its own: nobody writes, and to close a pipe does not wait. */
    private void serveOrEnd() {
        if (!serve()) {
            end();
        }
    }

    /** False where no thread can be started, because the system's limit of processes is reached. */
    private boolean serve() {
        if (wanted()) {
            try {
                WRITERS.execute(this::writeAll);
            } catch (OutOfMemoryError noThread) {
                LOG.warn("no thread to write to an agent: {}", noThread.getMessage());
                served.set(false);
                return false;
            }
        }
        return true;
    }

    private static Order order(String line) {
        return new Order(line, new CompletableFuture<>());
    }

    private void writeAll() {
        do {
            for (Order order = orders.poll(); order != null; order = orders.poll()) {
                if (!write(order)) {
                    end();
                    return;
                }
            }
            served.set(false);
        } while (wanted()); // what came in between
    }

    /** True for one caller while there is something to write, who is then the one to see to it. */
    private boolean wanted() {
        return !orders.isEmpty() && served.compareAndSet(false, true);
    }

    /** False where nothing more is to be written. */
    private boolean write(Order order) {
        String line = order.line();
        if (line == null || closed) {
            order.done().complete(false); // nobody else knows of it any more
            return false;
        }
        try {
            stdin.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            stdin.flush();
            order.done().complete(true);
            return true;
        } catch (IOException e) {
            LOG.debug("the agent's stdin ended: {}", e.toString());
            order.done().complete(false);
            return false;
        }
    }

    private void end() {
        closed = true;
        try {
            stdin.close();
        } catch (IOException e) {
            LOG.debug("the agent's stdin ended: {}", e.toString());
        } finally {
            failWaiting();
        }
    }

    private void failWaiting() {
        Order order = orders.poll();
        while (order != null) {
            order.done().complete(false);
            order = orders.poll();
        }
    }
}
