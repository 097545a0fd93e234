package dev.vibe.runner.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Speaks TLS on 127.0.0.1 before a server that does not. */
public final class TlsFront implements AutoCloseable {
    private final ServerSocket listener;

    /** @param target the server's port on 127.0.0.1 */
    public TlsFront(TestCertificate certificate, int target) {
        try {
            listener = certificate
                    .context()
                    .getServerSocketFactory()
                    .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        Thread thread = new Thread(() -> accept(target), "tls-front");
        thread.setDaemon(true);
        thread.start();
    }

    /** Where it listens. */
    public int port() {
        return listener.getLocalPort();
    }

    private void accept(int target) {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                SocketPump.join(client, new Socket(InetAddress.getLoopbackAddress(), target));
            } catch (IOException failure) {
                // closed, or a client that did not shake hands
            }
        }
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
