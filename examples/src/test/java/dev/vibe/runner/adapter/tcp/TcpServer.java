package dev.vibe.runner.adapter.tcp;

import dev.vibe.runner.protocol.EncodedEvent;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** A server that speaks this transport's protocol and remembers what it was told. */
final class TcpServer implements AutoCloseable {
    private final ServerSocket listener;
    private final Set<Socket> runners = ConcurrentHashMap.newKeySet();
    private final List<EncodedEvent> arrived = new CopyOnWriteArrayList<>();
    private final Semaphore missed = new Semaphore(0); // events that came before the handlers
    volatile @Nullable String refusal; // written by tests
    volatile boolean handlers = true; // written by tests

    TcpServer() {
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        Thread.ofPlatform().daemon().name("test-server").start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    List<EncodedEvent> arrived() {
        return List.copyOf(arrived);
    }

    void say(String event, String json) throws IOException {
        for (Socket runner : runners) {
            write(runner, event + " " + json);
        }
    }

    /** Says that nothing more comes; the runner closes then. */
    void hangUp() throws IOException {
        for (Socket runner : runners) {
            runner.shutdownOutput();
        }
    }

    /** Waits for an event that is missed. */
    void attachHandlers() throws InterruptedException {
        missed.acquire();
        handlers = true;
    }

    private void arrived(EncodedEvent event) {
        if (handlers) {
            arrived.add(event);
        } else {
            missed.release();
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket runner = listener.accept();
                Thread.ofPlatform().daemon().name("test-server-one").start(() -> serve(runner));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket runner) {
        try (runner;
                DataInputStream in = new DataInputStream(runner.getInputStream())) {
            while (true) {
                String frame = new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
                String[] parts = frame.split(" ", 2);
                switch (parts[0]) {
                    case "hello" -> welcome(runner);
                    case "ask" -> write(runner, "answered " + parts[1]);
                    default -> arrived(new EncodedEvent(parts[0], parts[1]));
                }
            }
        } catch (IOException gone) {
            runners.remove(runner);
        }
    }

    private void welcome(Socket runner) throws IOException {
        String words = refusal;
        if (words == null) {
            runners.add(runner);
            write(runner, "welcome");
        } else {
            write(runner, "refused " + words);
        }
    }

    private static void write(Socket runner, String frame) throws IOException {
        byte[] bytes = frame.getBytes(StandardCharsets.UTF_8);
        synchronized (runner) {
            DataOutputStream out = new DataOutputStream(runner.getOutputStream());
            out.writeInt(bytes.length);
            out.write(bytes);
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (Socket runner : runners) {
                runner.close();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
