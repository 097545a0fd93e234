package dev.vibe.runner.adapter.tcp;

import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** Writes frames, in order, on a thread of its own. The queue is bounded by the connection's Flow. */
final class TcpWriter {
    private static final String END = "";

    private final Socket socket;
    private final Consumer<String> failed;
    private final BlockingQueue<String> frames = new LinkedBlockingQueue<>();
    private final AtomicLong queued = new AtomicLong(); // characters that have not left for the network
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
    boolean put(String frame) {
        queued.addAndGet(frame.length());
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
            for (String frame = frames.take(); !frame.equals(END); frame = frames.take()) {
                byte[] bytes = frame.getBytes(StandardCharsets.UTF_8);
                out.writeInt(bytes.length);
                out.write(bytes);
                if (frames.isEmpty()) {
                    out.flush();
                }
                queued.addAndGet(-frame.length());
            }
        } catch (IOException gone) {
            failed.accept("the connection takes no more: " + gone.getMessage());
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }
}
