package dev.vibe.runner.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.application.port.out.TransportPort;
import dev.vibe.runner.transport.NetworkAccess;
import dev.vibe.runner.transport.ProxyRules;
import dev.vibe.runner.transport.TransportLoop;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What every transport does with certificates and proxies; its server is the real one on Node. */
@Timeout(60)
public abstract class NetworkContract {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String HOSTS = "ip:127.0.0.1,dns:vibe.test";

    @TempDir
    private static Path directory = Path.of("");

    private static @Nullable TestCertificate shared;

    private final RecordedEvents events = new RecordedEvents();
    private final EventLog<String> log = new EventLog<>("what the transport logged");
    private final Logger logger = Logger.getLogger(TransportLoop.class.getName());
    private final Handler handler = new Listening();
    private @Nullable NodeServer server;
    private @Nullable TransportPort open;

    /** A transport that tries again within 200 ms. */
    protected abstract TransportPort transport(URI server, NetworkAccess network);

    /** {@code https} or what the transport has for it. */
    protected abstract String scheme(boolean encrypted);

    @BeforeEach
    void start() throws Exception {
        server = NodeServer.start();
        logger.setLevel(Level.INFO);
        logger.addHandler(handler);
    }

    @AfterEach
    void end() {
        logger.removeHandler(handler);
        if (open != null) {
            open.close();
        }
        if (server != null) {
            server.close();
        }
    }

    @Test
    void aServerWithACertificateOfOnesOwnIsReachedWithItsBundle() throws Exception {
        try (TlsFront front = new TlsFront(certificate(), port())) {
            connect(
                    uri(true, "127.0.0.1", front.port()),
                    access(Map.of(), certificate().bundle()));
            confirm();
        }
    }

    @Test
    void aCertificateOfAnUnknownAuthorityIsNamedAndSoIsTheRemedy() throws Exception {
        try (TlsFront front = new TlsFront(certificate(), port())) {
            connect(uri(true, "127.0.0.1", front.port()), NetworkAccess.DIRECT);
            awaitLog("not from an authority this runner trusts", "VIBE_CA_FILE");
        }
    }

    @Test
    void anExpiredCertificateIsNamed() throws Exception {
        TestCertificate expired = TestCertificate.expired(directory, HOSTS);
        try (TlsFront front = new TlsFront(expired, port())) {
            connect(uri(true, "127.0.0.1", front.port()), access(Map.of(), expired.bundle()));
            awaitLog("certificate has expired");
        }
    }

    @Test
    void aCertificateForAnotherHostIsNamed() throws Exception {
        TestCertificate other = TestCertificate.of(directory, "dns:other.test");
        try (TlsFront front = new TlsFront(other, port())) {
            connect(uri(true, "127.0.0.1", front.port()), access(Map.of(), other.bundle()));
            awaitLog("certificate is for another host");
        }
    }

    @Test
    void aServerThatSpeaksNoTlsIsNamedSo() throws Exception {
        connect(uri(true, "127.0.0.1", port()), NetworkAccess.DIRECT);
        awaitLog("TLS");
    }

    @Test
    void aBundleThatIsNoneIsRejectedByName() throws Exception {
        Path empty = Files.writeString(directory.resolve("empty.pem"), "no certificate\n");
        NetworkAccess access = access(Map.of(), empty);
        var refusal = assertThrows(IllegalArgumentException.class, () -> transport(uri(true, "127.0.0.1", 1), access));
        assertTrue(String.valueOf(refusal.getMessage()).contains("empty.pem"), refusal::toString);
    }

    @Test
    void anEncryptedServerIsReachedThroughAProxyThatWantsCredentials() throws Exception {
        try (TlsFront front = new TlsFront(certificate(), port());
                ConnectProxy proxy = new ConnectProxy("user:p@ss")) {
            Map<String, String> environment = Map.of("HTTPS_PROXY", "http://user:p%40ss@127.0.0.1:" + proxy.port());
            connect(
                    uri(true, "vibe.test", front.port()),
                    access(environment, certificate().bundle()));
            confirm();
            assertEquals("vibe.test:" + front.port(), proxy.tunnels().all().getFirst());
        }
    }

    @Test
    void aPlainServerIsReachedThroughAProxyWhichLooksItsNameUp() throws Exception {
        try (ConnectProxy proxy = new ConnectProxy(null)) {
            Map<String, String> environment = Map.of("http_proxy", "127.0.0.1:" + proxy.port());
            connect(uri(false, "vibe.test", port()), access(environment, null));
            confirm();
            assertEquals(List.of("vibe.test:" + port()), proxy.tunnels().all());
        }
    }

    @Test
    void aServerThatNoProxyNamesIsReachedDirectly() throws Exception {
        try (ConnectProxy proxy = new ConnectProxy(null)) {
            Map<String, String> environment =
                    Map.of("HTTP_PROXY", "127.0.0.1:" + proxy.port(), "NO_PROXY", "localhost,127.0.0.0/8");
            connect(uri(false, "127.0.0.1", port()), access(environment, null));
            confirm();
            assertEquals(List.of(), proxy.tunnels().all());
        }
    }

    @Test
    void aProxyThatRefusesIsNamedWithoutItsCredentials() throws Exception {
        try (ConnectProxy proxy = new ConnectProxy("user:right")) {
            Map<String, String> environment =
                    Map.of("HTTP_PROXY", "http://user:wrong-secret@127.0.0.1:" + proxy.port());
            connect(uri(false, "vibe.test", port()), access(environment, null));
            awaitLog("proxy 127.0.0.1:" + proxy.port(), "407");
            assertFalse(log.all().toString().contains("wrong-secret"));
        }
    }

    @Test
    void aProxyThatIsNotThereIsNamed() throws Exception {
        ConnectProxy proxy = new ConnectProxy(null);
        proxy.close();
        connect(uri(false, "vibe.test", port()), access(Map.of("HTTP_PROXY", "127.0.0.1:" + proxy.port()), null));
        awaitLog("cannot reach the proxy 127.0.0.1:" + proxy.port());
    }

    private static synchronized TestCertificate certificate() throws Exception {
        if (shared == null) {
            shared = TestCertificate.of(directory, HOSTS);
        }
        return shared;
    }

    private int port() {
        if (server == null) {
            throw new IllegalStateException("no server");
        }
        return server.port();
    }

    private URI uri(boolean encrypted, String host, int port) {
        return URI.create(scheme(encrypted) + "://" + host + ":" + port);
    }

    private static NetworkAccess access(Map<String, String> environment, @Nullable Path bundle) {
        return new NetworkAccess(ProxyRules.of(new HashMap<>(environment)), bundle);
    }

    private void connect(URI server, NetworkAccess network) {
        open = transport(server, network);
        open.open(events);
    }

    private void confirm() throws Exception {
        events.awaitLink(SOON).barrier().toCompletableFuture().get(SOON.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void awaitLog(String... words) throws InterruptedException {
        log.take(String.join(" and ", words), line -> List.of(words).stream().allMatch(line::contains), SOON);
    }

    private final class Listening extends Handler {
        private final SimpleFormatter formatter = new SimpleFormatter();

        @Override
        public void publish(LogRecord logged) {
            log.add(formatter.formatMessage(logged));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
