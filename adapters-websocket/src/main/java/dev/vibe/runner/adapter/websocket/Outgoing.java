package dev.vibe.runner.adapter.websocket;

import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What leaves on one connection, in order, written by a thread of its own: the JDK's WebSocket takes no second message while one is
 * on its way. Bounded by who puts in: a {@link dev.vibe.runner.transport.Flow} for events.
 */
final class Outgoing {
    private final Consumer<String> failed;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition more = lock.newCondition();
    private final ArrayDeque<byte[]> frames = new ArrayDeque<>(); // guarded by lock
    private long queued; // guarded by lock; bytes not handed to the network
    private boolean ping; // guarded by lock
    private boolean over; // guarded by lock

    /** @param failed told once, on the writer's thread, that nothing can be written any more */
    Outgoing(Consumer<String> failed) {
        this.failed = failed;
    }

    /** Starts the writer. */
    void begin(WebSocket webSocket) {
        Thread writer = new Thread(() -> run(webSocket), "websocket-writer");
        writer.setDaemon(true);
        writer.start();
    }

    /** Puts a frame in line, at once; false when nothing leaves any more. */
    boolean put(byte[] frame) {
        lock.lock();
        try {
            if (!over) {
                frames.add(frame);
                queued += frame.length;
                more.signal();
            }
            return !over;
        } finally {
            lock.unlock();
        }
    }

    /** Sends a ping before all that waits. */
    void ping() {
        lock.lock();
        try {
            ping = true;
            more.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Bytes that have not left for the network. */
    long queued() {
        lock.lock();
        try {
            return queued;
        } finally {
            lock.unlock();
        }
    }

    /** Nothing more leaves; what is being written may still do. */
    void end() {
        lock.lock();
        try {
            over = true;
            more.signal();
        } finally {
            lock.unlock();
        }
    }

    private void run(WebSocket webSocket) {
        try {
            while (true) {
                byte[] frame = null;
                lock.lock();
                try {
                    while (!over && !ping && frames.isEmpty()) {
                        more.awaitUninterruptibly();
                    }
                    if (over) {
                        return;
                    }
                    if (!ping) {
                        frame = frames.poll();
                    }
                    ping = false;
                } finally {
                    lock.unlock();
                }
                write(webSocket, frame);
            }
        } catch (CompletionException gone) {
            failed.accept("the connection takes no more: " + gone.getCause());
        }
    }

    private void write(WebSocket webSocket, byte @Nullable [] frame) {
        if (frame == null) {
            webSocket.sendPing(ByteBuffer.allocate(0)).join();
            return;
        }
        webSocket.sendText(new String(frame, StandardCharsets.UTF_8), true).join();
        lock.lock();
        try {
            queued -= frame.length;
        } finally {
            lock.unlock();
        }
    }
}
