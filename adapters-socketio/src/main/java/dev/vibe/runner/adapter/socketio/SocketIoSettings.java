package dev.vibe.runner.adapter.socketio;

import dev.vibe.runner.transport.LinkTiming;
import dev.vibe.runner.transport.NetworkAccess;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * Where the server is and how to treat the connection.
 *
 * @param server {@code http}, {@code https}, {@code ws} or {@code wss} with a host; a path in it means nothing
 * @param path Socket.IO's path on that host, {@code /v1/updates} by default
 * @param token gives the server's secret, which is sent when connecting; asked at each connection, since it may be renewed
 * @param clientType what the server is told to be talking to, {@code cloud-endpoint} by default
 * @param timing its connect timeout counts for TCP, for the HTTP upgrade, and for all of an attempt together
 * @param network proxies and certificates
 */
public record SocketIoSettings(
        URI server, String path, Supplier<String> token, String clientType, LinkTiming timing, NetworkAccess network) {
    private static final Pattern SCHEME = Pattern.compile("^(?i)(https?|wss?)://");

    /** Rejects with {@link IllegalArgumentException} what could never connect. */
    public SocketIoSettings {
        if (!SCHEME.matcher(server.toString()).find()) {
            throw new IllegalArgumentException("the server's URL must begin with http://, https://, ws:// or wss://");
        }
        if (server.getRawAuthority() == null || parse(server) == null) {
            throw new IllegalArgumentException("the server's URL names no host, or a port that does not exist");
        }
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("the path must begin with /");
        }
    }

    /** The defaults: path {@code /v1/updates}, pauses of 0.5 to 10 s, 10 s to connect, 5 s for a probe. */
    public static SocketIoSettings of(URI server, String token) {
        return new SocketIoSettings(
                server, "/v1/updates", () -> token, "cloud-endpoint", LinkTiming.DEFAULT, NetworkAccess.DIRECT);
    }

    /** The same with another Socket.IO path. */
    public SocketIoSettings withPath(String path) {
        return new SocketIoSettings(server, path, token, clientType, timing, network);
    }

    /** The same with other pauses before reconnection. */
    public SocketIoSettings withReconnect(Duration min, Duration max) {
        return withTiming(new LinkTiming(min, max, timing.connectTimeout(), timing.probeTimeout()));
    }

    /** The same with other timeouts. */
    public SocketIoSettings withTimeouts(Duration connect, Duration probe) {
        return withTiming(new LinkTiming(timing.reconnectMin(), timing.reconnectMax(), connect, probe));
    }

    /** The same with another patience. */
    public SocketIoSettings withTiming(LinkTiming timing) {
        return new SocketIoSettings(server, path, token, clientType, timing, network);
    }

    /** The same by another way into the network. */
    public SocketIoSettings withNetwork(NetworkAccess network) {
        return new SocketIoSettings(server, path, token, clientType, timing, network);
    }

    /** For logs: without the token, and without what a URL may hide in user, path or query. */
    @Override
    public String toString() {
        HttpUrl url = endpoint();
        String host = url.host().indexOf(':') < 0 ? url.host() : "[" + url.host() + "]";
        return url.scheme() + "://" + host + ":" + url.port() + path;
    }

    /** The server's URL, {@code ws} spelled {@code http}: OkHttp knows no other, and takes hosts with an underscore. */
    HttpUrl endpoint() {
        return Objects.requireNonNull(parse(server));
    }

    private static @Nullable HttpUrl parse(URI server) {
        return HttpUrl.parse(server.toString().replaceFirst("^(?i)ws", "http"));
    }
}
