package dev.vibe.runner.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A TCP proxy on 127.0.0.1 whose network can be broken and mended. Safe for use by several threads. */
public final class LinkProxy implements AutoCloseable {
    private static final int CHUNK = 16 * 1024;

    private final int target;
    private final ServerSocket listener;
    private final Set<Pair> pairs = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private LinkFault fault = new LinkFault.Healthy(); // guarded by lock

    /**
     * Listens on a free port.
     *
     * @param target the server's port on 127.0.0.1
     */
    public LinkProxy(int target) {
        this.target = target;
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        start("link-proxy-accept", this::accept);
    }

    /** What a runner is given as server. */
    public URI uri() {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort());
    }

    /** How many connections were let through until now. */
    public int accepted() {
        return accepted.get();
    }

    /** Breaks or mends the network. */
    public void apply(LinkFault next) {
        Set<Pair> ended;
        boolean holed;
        lock.lock();
        try {
            // TCP never leaves a hole in a stream: connections whose bytes vanished cannot go on.
            holed = fault instanceof LinkFault.BlackHole && !(next instanceof LinkFault.BlackHole);
            boolean ends = next instanceof LinkFault.Cut
                    || next instanceof LinkFault.Reset
                    || next instanceof LinkFault.Refuse;
            ended = holed || ends ? Set.copyOf(pairs) : Set.of();
            // Before the fault is lifted: what a slow sender writes between that and the close must not slip through.
            ended.forEach(pair -> pair.over = true);
            fault = switch (next) {
                case LinkFault.Cut _, LinkFault.Reset _ -> new LinkFault.Healthy();
                default -> next;
            };
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        pairs.removeAll(ended);
        ended.forEach(pair -> pair.end(holed || !(next instanceof LinkFault.Cut)));
    }

    @Override
    public void close() {
        apply(new LinkFault.Refuse());
        try {
            listener.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void accept() {
        while (true) {
            try {
                Socket runner = listener.accept();
                if (fault() instanceof LinkFault.Refuse) {
                    end(runner, true);
                    continue;
                }
                connect(runner);
            } catch (IOException _) {
                if (listener.isClosed()) {
                    return;
                }
            }
        }
    }

    private void connect(Socket runner) {
        try {
            Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
            runner.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            Pair pair = new Pair(runner, server);
            pairs.add(pair);
            accepted.incrementAndGet();
            start("link-proxy-up", () -> pump(pair, true));
            start("link-proxy-down", () -> pump(pair, false));
        } catch (IOException _) {
            end(runner, true); // the server is down: the runner must see the same
        }
    }

    private void pump(Pair pair, boolean up) {
        Socket from = up ? pair.runner : pair.server;
        Socket to = up ? pair.server : pair.runner;
        byte[] chunk = new byte[CHUNK];
        try {
            while (true) {
                if (up) {
                    awaitTurn(0);
                }
                int count = from.getInputStream().read(chunk);
                if (count < 0) {
                    break;
                }
                if (up) {
                    awaitTurn(count); // the fault may have come while the read was waiting
                }
                if (passes(pair)) {
                    to.getOutputStream().write(chunk, 0, count);
                }
            }
        } catch (IOException _) {
            // one side is gone, so the other goes
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            if (passes(pair)) {
                pair.end(false);
                pairs.remove(pair);
            }
        }
    }

    /** Waits while the runner's bytes are not to pass, and as long as so many of them take. */
    private void awaitTurn(int bytes) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = fault instanceof LinkFault.Slow(int perSecond) ? bytes * 1_000_000_000L / perSecond : 0;
            while (fault instanceof LinkFault.Stall || (fault instanceof LinkFault.Slow && left > 0)) {
                left = changed.awaitNanos(fault instanceof LinkFault.Stall ? Long.MAX_VALUE : left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Whether bytes of this connection, and its end, are to be passed on. */
    private boolean passes(Pair pair) {
        lock.lock();
        try {
            return !pair.over && !(fault instanceof LinkFault.BlackHole);
        } finally {
            lock.unlock();
        }
    }

    private LinkFault fault() {
        lock.lock();
        try {
            return fault;
        } finally {
            lock.unlock();
        }
    }

    private static void end(Socket socket, boolean reset) {
        try {
            if (reset) {
                socket.setSoLinger(true, 0);
            } else {
                socket.shutdownOutput();
            }
        } catch (IOException _) {
            // it had ended already
        } finally {
            try {
                socket.close();
            } catch (IOException _) {
                // nothing more to do
            }
        }
    }

    private static void start(String name, Runnable loop) {
        Thread thread = new Thread(loop, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** The two halves of one connection through the proxy. */
    private static final class Pair {
        private final Socket runner;
        private final Socket server;
        private boolean over; // guarded by the proxy's lock; once true nothing passes any more

        Pair(Socket runner, Socket server) {
            this.runner = runner;
            this.server = server;
        }

        void end(boolean reset) {
            LinkProxy.end(runner, reset);
            LinkProxy.end(server, reset);
        }
    }
}
