package dev.vibe.runner.adapter.socketio;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import javax.net.SocketFactory;

/**
 * Sockets that send small messages at once (OkHttp leaves Nagle's algorithm on, which holds a line back until the one
 * before is acknowledged), and whose send buffer is bounded, so that "left the queue" is close to "reached the server". What comes in is bounded too.
 */
final class TunedSockets extends SocketFactory {
    /** The kernel's autotuning goes to 4 MB: seconds of a slow network that no probe can overtake. */
    private static final int SEND_BUFFER = 256 * 1024;

    private final IncomingLimit incoming = new IncomingLimit();

    IncomingLimit incoming() {
        return incoming;
    }

    @Override
    public Socket createSocket() throws SocketException {
        Socket socket = new Socket() {
            @Override
            public InputStream getInputStream() throws IOException {
                return incoming.of(super.getInputStream());
            }
        };
        socket.setTcpNoDelay(true);
        socket.setSendBufferSize(SEND_BUFFER);
        socket.setKeepAlive(true);
        return socket;
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        throw new IOException("OkHttp connects its sockets itself");
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) throws IOException {
        throw new IOException("OkHttp connects its sockets itself");
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        throw new IOException("OkHttp connects its sockets itself");
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort) throws IOException {
        throw new IOException("OkHttp connects its sockets itself");
    }
}
