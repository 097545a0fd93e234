package dev.vibe.runner.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** An HTTP proxy on 127.0.0.1 that opens tunnels, to 127.0.0.1 whatever host is asked for: names of tests exist only here. */
public final class ConnectProxy implements AutoCloseable {
    private final ServerSocket listener;
    private final @Nullable String credentials;
    private final EventLog<String> tunnels = new EventLog<>("tunnels of the proxy");

    /** @param credentials {@code user:password}; null where anybody may */
    public ConnectProxy(@Nullable String credentials) {
        this.credentials = credentials;
        try {
            listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        Thread thread = new Thread(this::accept, "connect-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    /** Where it listens. */
    public int port() {
        return listener.getLocalPort();
    }

    /** The tunnels it opened, as {@code host:port}. */
    public EventLog<String> tunnels() {
        return tunnels;
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Thread thread = new Thread(() -> serve(client), "connect-proxy-client");
                thread.setDaemon(true);
                thread.start();
            } catch (IOException failure) {
                // closed
            }
        }
    }

    private void serve(Socket client) {
        try {
            String head = head(client.getInputStream());
            String[] request = head.split("[ \r\n]", 3);
            if (!request[0].equals("CONNECT")) {
                answer(client, "405 Method Not Allowed");
            } else if (credentials != null && !head.contains("Basic " + encoded(credentials) + "\r\n")) {
                answer(client, "407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"test\"");
            } else {
                int port = Integer.parseInt(request[1].substring(request[1].lastIndexOf(':') + 1));
                Socket server = new Socket(InetAddress.getLoopbackAddress(), port);
                tunnels.add(request[1]);
                client.getOutputStream()
                        .write("HTTP/1.1 200 Connection established\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                SocketPump.join(client, server);
            }
        } catch (IOException gone) {
            try {
                client.close();
            } catch (IOException already) {
                // nothing more to do
            }
        }
    }

    private static String encoded(String credentials) {
        return Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
    }

    private static void answer(Socket client, String status) throws IOException {
        try (client) {
            String answer = "HTTP/1.1 " + status + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            client.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
        }
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0 || head.length() > 16_384) {
                throw new IOException("no request");
            }
            head.append((char) next);
        }
        return head.toString();
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
