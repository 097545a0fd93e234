package dev.vibe.runner.adapter.tcp;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Writes frames, in order, on a thread of its own. The queue is bounded by the connection's Flow. */
final class TcpWriter {
    private static final byte[] END = {};

    private final Socket socket;
    private final Consumer<String> failed;
    private final BlockingQueue<byte[]> frames = new LinkedBlockingQueue<>();
    private final AtomicLong queued = new AtomicLong(); // bytes that have not left for the network
    private volatile boolean closed;

    TcpWriter(Socket socket, Consumer<String> failed) {
        this.socket = socket;
        this.failed = failed;
    }

    void begin() {
        Thread writer = new Thread(this::write, "tcp-writer");
        writer.setDaemon(true);
        writer.start();
    }

    /** Puts a frame in line, at once; false when nothing leaves any more. */
    boolean put(byte[] frame) {
        queued.addAndGet(frame.length);
        return !closed && frames.add(frame);
    }

    long queued() {
        return queued.get();
    }

    void close() {
        closed = true;
        frames.add(END);
    }

    private void write() {
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()))) {
            for (byte[] frame = frames.take(); frame.length > 0; frame = frames.take()) {
                out.writeInt(frame.length);
                out.write(frame);
                if (frames.isEmpty()) {
                    out.flush();
                }
                queued.addAndGet(-frame.length);
            }
        } catch (IOException gone) {
            failed.accept("the connection takes no more: " + gone.getMessage());
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }
}
