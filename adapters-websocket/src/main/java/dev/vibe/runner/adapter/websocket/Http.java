package dev.vibe.runner.adapter.websocket;

import dev.vibe.runner.transport.ConnectionProblem;
import dev.vibe.runner.transport.NetworkAccess;
import dev.vibe.runner.transport.ProxyServer;
import dev.vibe.runner.transport.ProxyTunnel;
import dev.vibe.runner.transport.Trust;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The JDK's HTTP client of one transport, a new one after an attempt that had to be given up, with threads of its own that end with it. */
final class Http implements AutoCloseable {
    private static final String SUBPROTOCOL = "vibe.v1";
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int PROXY_WANTS_CREDENTIALS = 407;
    private static final int MAX_WORDS = 300;
    private static final String BASIC_FENCE = "jdk.http.auth.tunneling.disabledSchemes";
    /** For those who point plain WebSocket at a server of the usual kind, mostly by a {@code ws://} URL. */
    private static final String HINT =
            "; a vibe-server speaks Socket.IO: VIBE_TRANSPORT=socketio, or an http(s):// URL";

    /** The JDK's words for a connection that is closed without an answer. */
    private static final String NO_ANSWER = "header parser received no bytes";

    private static final Pattern TUNNEL_FAILURE = Pattern.compile("Tunnel failed, got: (\\d{3})");

    static {
        // The JDK sends no Basic credentials to a proxy that tunnels, unless told so before its client is first used.
        // Ours are given for just that proxy, by who set it.
        if (System.getProperty(BASIC_FENCE) == null) {
            System.setProperty(BASIC_FENCE, "");
        }
    }

    private final WebSocketSettings settings;
    private final @Nullable ProxyServer proxy;
    private final Readers readers = new Readers();
    private final HttpClient.Builder clients;
    private final AtomicReference<@Nullable HttpClient> current = new AtomicReference<>();

    Http(WebSocketSettings settings) {
        this.settings = settings;
        NetworkAccess network = settings.network();
        proxy = network.proxies().proxyFor(settings.server().getHost(), settings.port(), settings.encrypted());
        clients = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(settings.timing().connectTimeout())
                .executor(readers)
                .proxy(
                        proxy == null
                                ? HttpClient.Builder.NO_PROXY
                                : ProxySelector.of(InetSocketAddress.createUnresolved(proxy.host(), proxy.port())));
        Path bundle = network.caBundle();
        if (settings.encrypted() && bundle != null) {
            clients.sslContext(Trust.context(Trust.with(bundle)));
        }
    }

    /** Begins an attempt; its outcome is told to the listener's connection. The transport's thread only. */
    void connect(Listener listener) {
        Connection connection = listener.connection();
        HttpClient kept = current.get();
        HttpClient client = kept == null ? clients.build() : kept;
        current.set(client);
        WebSocket.Builder builder = client.newWebSocketBuilder()
                .connectTimeout(settings.timing().connectTimeout())
                .subprotocols(SUBPROTOCOL);
        String credentials = proxy == null ? null : proxy.authorization();
        if (credentials != null) {
            builder.header("Proxy-Authorization", credentials);
        }
        try {
            builder.header("Authorization", "Bearer " + settings.token().get());
        } catch (IllegalArgumentException malformed) {
            connection.over("the token cannot be sent in a header: it may hold visible ASCII characters only");
            return;
        }
        var _ = builder.buildAsync(settings.endpoint(), listener).whenComplete((opened, failure) -> {
            if (failure != null) {
                failed(connection, failure);
            }
        });
    }

    private void failed(Connection connection, Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof WebSocketHandshakeException handshake) {
            int status = handshake.getResponse().statusCode();
            if (proxy != null && status == PROXY_WANTS_CREDENTIALS) {
                connection.over(ProxyTunnel.refusal(proxy, String.valueOf(status)));
                return;
            }
            if (status == UNAUTHORIZED || status == FORBIDDEN) {
                connection.refused(
                        ("HTTP " + status + " " + words(handshake.getResponse().body())).strip());
                return;
            }
            connection.over(
                    status == 101
                            ? "the server's answer to the upgrade is not WebSocket's: "
                                    + ConnectionProblem.describe(cause)
                            : status / 100 == 3
                                    ? ConnectionProblem.http(
                                            status,
                                            handshake
                                                    .getResponse()
                                                    .headers()
                                                    .firstValue("Location")
                                                    .orElse(null))
                                    : "HTTP " + status + " instead of a WebSocket" + (status >= 500 ? "" : HINT));
            return;
        }
        if (cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException) {
            tryAnotherAddress();
        }
        if (proxy != null) {
            Matcher refused = TUNNEL_FAILURE.matcher(String.valueOf(cause.getMessage()));
            if (refused.find()) {
                connection.over(ProxyTunnel.refusal(proxy, Objects.requireNonNull(refused.group(1))));
                return;
            }
            if (cause instanceof ConnectException) {
                connection.over("cannot reach the " + proxy + ": " + ConnectionProblem.describe(cause));
                return;
            }
        }
        String problem = ConnectionProblem.describe(cause);
        connection.over(problem.contains(NO_ANSWER) ? "the server closes the connection unanswered" + HINT : problem);
    }

    private void tryAnotherAddress() {
        OtherAddresses.failed(proxy == null ? settings.server().getHost() : proxy.host());
    }

    /** Nothing has come of the attempt in all its time. */
    void unanswered() {
        tryAnotherAddress();
        giveUp();
    }

    /** What the server says to its refusal; a page for browsers says nothing to us. */
    private static String words(@Nullable Object body) {
        if (!(body instanceof String text) || text.indexOf('<') >= 0) {
            return "";
        }
        String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
        return line.length() <= MAX_WORDS ? line : line.substring(0, MAX_WORDS) + "...";
    }

    /**
     * Ends an attempt of which nothing has come, whatever the server still does: an answer other than an upgrade is read to its end by
     * the JDK, which can be cancelled in no other way. Idempotent.
     */
    void giveUp() {
        HttpClient client = current.getAndSet(null);
        if (client != null) {
            client.shutdownNow();
        }
    }

    /** Ends everything under way. Idempotent; waits a moment for the client's threads. */
    @Override
    public void close() {
        HttpClient client = current.get();
        giveUp();
        try {
            boolean _ = client == null || client.awaitTermination(Duration.ofSeconds(1));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        readers.shutdown();
    }
}
