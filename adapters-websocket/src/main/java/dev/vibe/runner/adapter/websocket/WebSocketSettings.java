package dev.vibe.runner.adapter.websocket;

import dev.vibe.runner.transport.LinkTiming;
import dev.vibe.runner.transport.NetworkAccess;
import java.net.URI;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where the server is and how to treat the connection.
 *
 * @param server {@code ws}, {@code wss}, {@code http} or {@code https} with a host; its own path, if it has one, is used
 * @param path for a server's URL without one, {@code /v1/runner} by default
 * @param token gives the server's secret, which is sent as {@code Authorization: Bearer}; asked at each connection, since it may be renewed
 * @param timing its connect timeout is for all of an attempt
 * @param network proxies and certificates
 */
public record WebSocketSettings(
        URI server, String path, Supplier<String> token, LinkTiming timing, NetworkAccess network) {
    /** Rejects with {@link IllegalArgumentException} what could never connect. */
    public WebSocketSettings {
        String scheme = String.valueOf(server.getScheme()).toLowerCase(Locale.ROOT);
        if (!scheme.matches("wss?|https?")) {
            throw new IllegalArgumentException("the server's URL must begin with ws://, wss://, http:// or https://");
        }
        if (server.getHost() == null || server.getPort() == 0 || server.getPort() > 65_535) {
            throw new IllegalArgumentException("the server's URL names no host, or a port that does not exist");
        }
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("the path must begin with /");
        }
    }

    /** The defaults: path {@code /v1/runner}, the usual patience, no proxy. */
    public static WebSocketSettings of(URI server, String token) {
        return new WebSocketSettings(server, "/v1/runner", () -> token, LinkTiming.DEFAULT, NetworkAccess.DIRECT);
    }

    /** The same with another patience. */
    public WebSocketSettings withTiming(LinkTiming timing) {
        return new WebSocketSettings(server, path, token, timing, network);
    }

    /** The same by another way into the network. */
    public WebSocketSettings withNetwork(NetworkAccess network) {
        return new WebSocketSettings(server, path, token, timing, network);
    }

    /** Whether TLS is spoken to the server. */
    boolean encrypted() {
        String scheme = server.getScheme().toLowerCase(Locale.ROOT);
        return scheme.equals("wss") || scheme.equals("https");
    }

    int port() {
        int given = server.getPort();
        return given >= 0 ? given : encrypted() ? 443 : 80;
    }

    /** What is connected to. */
    URI endpoint() {
        String own = server.getRawPath();
        String used = own == null || own.isEmpty() || own.equals("/") ? path : own;
        @Nullable String query = server.getRawQuery();
        return URI.create((encrypted() ? "wss://" : "ws://") + server.getHost() + ":" + port() + used
                + (query == null ? "" : "?" + query));
    }

    /** For logs: without the token, and without what a URL may hide in user or query. */
    @Override
    public String toString() {
        URI endpoint = endpoint();
        return endpoint.getScheme() + "://" + endpoint.getAuthority() + endpoint.getPath();
    }
}
