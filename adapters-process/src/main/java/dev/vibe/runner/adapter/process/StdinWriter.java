package dev.vibe.runner.adapter.process;

import dev.vibe.runner.application.port.out.AgentGoneException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes lines to an agent's stdin on a platform thread of its own: a write to a full pipe cannot be interrupted, and would
 * hold the carrier of a virtual thread. So whoever waits here can be interrupted, and a stop need not wait at all.
 */
final class StdinWriter implements Stdin {
    private static final Logger LOG = LoggerFactory.getLogger(StdinWriter.class);
    private static final int MAX_WAITING = 64;
    private static final int STACK_BYTES = 128 * 1024;

    /** A line, or with null the end of the input. */
    private record Order(@Nullable String line, CompletableFuture<Boolean> done) {}

    private final OutputStream stdin;
    private final BlockingQueue<Order> orders = new ArrayBlockingQueue<>(MAX_WAITING);
    private final Thread thread;
    private volatile boolean closed;

    StdinWriter(OutputStream stdin, String name) {
        this.stdin = stdin;
        this.thread = new Thread(null, this::run, name + "-stdin", STACK_BYTES);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    @Override
    public void write(String line) throws AgentGoneException, InterruptedException {
        Order order = order(line);
        if (!closed) {
            orders.put(order);
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
        return !closed && orders.offer(order(line));
    }

    /** Ends the agent's input after what waits to be written; drops that where the agent does not read. */
    void close() {
        if (!orders.offer(new Order(null, new CompletableFuture<>()))) {
            LOG.debug("the agent does not read its input; what waited for it is dropped");
            abort();
        }
    }

    /** Ends the writer; the process is gone or about to be. */
    void abort() {
        closed = true;
        failWaiting();
        boolean ignored = orders.offer(new Order(null, new CompletableFuture<>()));
    }

    private static Order order(String line) {
        return new Order(line, new CompletableFuture<>());
    }

    private void run() {
        try {
            while (!closed) {
                Order order = orders.take();
                String line = order.line();
                if (line == null) {
                    break;
                }
                try {
                    stdin.write((line + "\n").getBytes(StandardCharsets.UTF_8));
                    stdin.flush();
                    order.done().complete(true);
                } catch (IOException e) {
                    order.done().complete(false);
                    break;
                }
            }
            stdin.close();
        } catch (InterruptedException | IOException e) {
            LOG.debug("the agent's stdin ended: {}", e.toString());
        } finally {
            closed = true;
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
