package dev.vibe.runner.transport;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP proxy that opens tunnels (CONNECT, RFC 9110 section 9.3.6).
 *
 * @param host name or address
 * @param port from 1 to 65535
 * @param user null where it wants none
 * @param password empty where it wants none
 */
public record ProxyServer(String host, int port, @Nullable String user, String password) {
    private static final int DEFAULT_PORT = 80;

    /**
     * Reads a proxy as it stands in {@code HTTPS_PROXY}: {@code http://user:password@host:port}, or less of it.
     *
     * @throws IllegalArgumentException with words that hold no secret
     */
    public static ProxyServer parse(String value) {
        URI uri;
        try {
            uri = URI.create(value.contains("://") ? value : "http://" + value);
        } catch (IllegalArgumentException malformed) {
            // The cause would quote the value, and with it a password.
            throw new IllegalArgumentException("is no URL such as http://proxy.example.com:3128");
        }
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        if (!scheme.equals("http")) {
            throw new IllegalArgumentException("names a " + scheme + " proxy; only http:// proxies are supported");
        }
        HostName host = HostName.of(uri);
        int port = host.port() < 0 ? DEFAULT_PORT : host.port();
        String credentials = HostName.credentials(uri);
        if (credentials.isEmpty()) {
            return new ProxyServer(host.name(), port, null, "");
        }
        String[] parts = credentials.split(":", 2);
        return new ProxyServer(host.name(), port, decoded(parts[0]), parts.length < 2 ? "" : decoded(parts[1]));
    }

    /** The value of {@code Proxy-Authorization} (Basic, RFC 7617); null where the proxy wants none. */
    public @Nullable String authorization() {
        return user == null
                ? null
                : "Basic "
                        + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    /** For logs: without user and password. */
    @Override
    public String toString() {
        return "proxy " + host + ":" + port;
    }

    private static String decoded(String part) {
        return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
