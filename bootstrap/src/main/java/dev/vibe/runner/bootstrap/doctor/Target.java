package dev.vibe.runner.bootstrap.doctor;

import dev.vibe.runner.bootstrap.RunnerSettings;
import dev.vibe.runner.bootstrap.TransportKind;
import dev.vibe.runner.transport.HostName;
import dev.vibe.runner.transport.ProxyServer;
import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the runner would connect to, in the transports' reading of the settings.
 *
 * @param proxy on the way there; null for none
 * @param path with query, of the request that becomes a WebSocket
 */
record Target(
        String host,
        int port,
        boolean encrypted,
        boolean engineIo,
        @Nullable ProxyServer proxy,
        String path) {
    private static final int HTTPS = 443;
    private static final int HTTP = 80;

    static Target of(RunnerSettings settings) {
        URI server = settings.serverUrl();
        boolean encrypted = server.getScheme().toLowerCase(Locale.ROOT).matches("https|wss");
        HostName host = HostName.of(server);
        int port = host.port() >= 0 ? host.port() : encrypted ? HTTPS : HTTP;
        boolean engineIo = settings.transport() == TransportKind.SOCKETIO;
        ProxyServer proxy = settings.network().proxies().proxyFor(host.name(), port, encrypted);
        return new Target(
                host.name().replaceAll("^\\[|]$", ""),
                port,
                encrypted,
                engineIo,
                proxy,
                engineIo ? engineIo(settings.socketPath()) : webSocket(server, settings.websocketPath()));
    }

    private static String engineIo(String path) {
        return (path.endsWith("/") ? path : path + "/") + "?EIO=4&transport=websocket";
    }

    private static String webSocket(URI server, String path) {
        String own = server.getRawPath();
        return own == null || own.isEmpty() || own.equals("/") ? path : own;
    }

    /** As it stands in a {@code Host} header. */
    String authority() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
