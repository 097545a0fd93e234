package dev.vibe.runner.bootstrap.doctor;

import dev.vibe.runner.transport.ProxyServer;
import dev.vibe.runner.transport.ProxyTunnel;
import dev.vibe.runner.transport.Trust;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** The way to the server, one step at a time. All steps block, none longer than the patience. */
final class Route {
    private final Target target;
    private final int patienceMillis;

    Route(Target target, Duration patience) {
        this.target = target;
        this.patienceMillis = Math.toIntExact(patience.toMillis());
    }

    /** Connects to the server, or to the proxy before it. */
    Socket connect() throws IOException {
        ProxyServer proxy = target.proxy();
        String host = proxy == null ? target.host() : proxy.host();
        int port = proxy == null ? target.port() : proxy.port();
        IOException failure = new IOException("no address for " + host);
        for (InetAddress address : InetAddress.getAllByName(host)) {
            Socket socket = new Socket();
            try {
                socket.connect(new InetSocketAddress(address, port), patienceMillis);
                socket.setSoTimeout(patienceMillis);
                return socket;
            } catch (IOException refused) {
                socket.close();
                // An address that was given as such is one that the caller names; toString has a name before the "/"
                // else.
                String which = address.toString().startsWith("/") ? "" : address.getHostAddress() + ":" + port + ": ";
                failure = new IOException(which + refused.getMessage(), refused);
            }
        }
        throw failure;
    }

    /** Opens the tunnel, where there is a proxy. */
    void tunnel(Socket socket) throws IOException {
        ProxyServer proxy = target.proxy();
        if (proxy != null) {
            ProxyTunnel.open(proxy, target.host(), target.port(), socket.getInputStream(), socket.getOutputStream());
        }
    }

    /** Speaks TLS over a connection, and checks the certificate as the transports do. */
    SSLSocket encrypt(Socket socket, @Nullable Path bundle) throws IOException {
        SSLContext context;
        try {
            context = bundle == null ? SSLContext.getDefault() : Trust.context(Trust.with(bundle));
        } catch (NoSuchAlgorithmException broken) {
            throw new IOException("the Java runtime has no TLS", broken);
        }
        SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(socket, target.host(), target.port(), true);
        SSLParameters parameters = tls.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        tls.setSSLParameters(parameters);
        tls.startHandshake();
        return tls;
    }

    /** All of it, for one more request. */
    Socket open(@Nullable Path bundle) throws IOException {
        Socket socket = connect();
        try {
            tunnel(socket);
            return target.encrypted() ? encrypt(socket, bundle) : socket;
        } catch (IOException failed) {
            socket.close();
            throw failed;
        }
    }
}
