package dev.vibe.runner.adapter.socketio;

import dev.vibe.runner.transport.ProxyServer;
import dev.vibe.runner.transport.ProxyTunnel;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Sockets that send small messages at once (OkHttp leaves Nagle's algorithm on, which holds a line back until the one
 * before is acknowledged), and whose send buffer is bounded, so that "left the queue" is close to "reached the server". What comes in is bounded too. Behind a proxy they come
 * to OkHttp as tunnels that lead to the server already.
 */
final class TunedSockets extends SocketFactory {
    /** The kernel's autotuning goes to 4 MB: seconds of a slow network that no probe can overtake. */
    static final int SEND_BUFFER = 256 * 1024;

    private final IncomingLimit incoming = new IncomingLimit();
    private final @Nullable ProxyServer proxy;
    private final String host;
    private final int port;

    /** @param proxy to the server; null where it is reached directly */
    TunedSockets(@Nullable ProxyServer proxy, String host, int port) {
        this.proxy = proxy;
        this.host = host;
        this.port = port;
    }

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

            @Override
            public void connect(SocketAddress server, int timeoutMillis) throws IOException {
                if (proxy == null) {
                    super.connect(server, timeoutMillis);
                    return;
                }
                try {
                    super.connect(new InetSocketAddress(proxy.host(), proxy.port()), timeoutMillis);
                } catch (IOException unreachable) {
                    throw new IOException("cannot reach the " + proxy + ": " + unreachable.getMessage(), unreachable);
                }
                setSoTimeout(timeoutMillis);
                ProxyTunnel.open(proxy, host, port, super.getInputStream(), getOutputStream());
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
