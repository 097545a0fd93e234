package dev.vibe.runner.bootstrap.doctor;

import dev.vibe.runner.bootstrap.RunnerSettings;
import dev.vibe.runner.transport.ConnectionProblem;
import dev.vibe.runner.transport.ProxyServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.stream.Collectors;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** The way to the server: name, TCP, proxy, TLS, path, clock. The first that fails ends it. */
final class ServerChecks {
    private static final long SOON_DAYS = 14;

    private final RunnerSettings settings;
    private final Target target;
    private final Route route;
    private final Findings findings;

    ServerChecks(RunnerSettings settings, Findings findings) {
        this.settings = settings;
        this.target = Target.of(settings);
        this.route = new Route(target, settings.connectTimeout());
        this.findings = findings;
    }

    /** Returns whether the server is there and speaks what is expected. */
    boolean examine() {
        if (!name()) {
            return false;
        }
        @Nullable Path bundle = settings.network().caBundle();
        Socket socket = tcp();
        if (socket == null) {
            return false;
        }
        try (socket) {
            if (!target.encrypted()) {
                findings.skip("tls", "the server's URL asks for none: whoever is on the way can read the token");
                return new PathCheck(target, route, bundle, findings).examine(socket);
            }
            try (SSLSocket tls = tls(socket, bundle)) {
                return tls != null && new PathCheck(target, route, bundle, findings).examine(tls);
            }
        } catch (IOException unclosed) {
            findings.fail("tcp", ConnectionProblem.describe(unclosed));
            return false;
        }
    }

    private boolean name() {
        ProxyServer proxy = target.proxy();
        String host = proxy == null ? target.host() : proxy.host();
        String role = proxy == null ? "" : "the proxy on the way, ";
        try {
            String addresses = Arrays.stream(InetAddress.getAllByName(host))
                    .map(InetAddress::getHostAddress)
                    .distinct()
                    .collect(Collectors.joining(", "));
            findings.ok("name", role + host + " is " + addresses);
            return true;
        } catch (UnknownHostException unknown) {
            findings.fail(
                    "name",
                    role + host + " is no known name: check "
                            + (proxy == null ? "VIBE_SERVER_URL" : "the proxy variables") + " and this machine's DNS");
            return false;
        }
    }

    private @Nullable Socket tcp() {
        ProxyServer proxy = target.proxy();
        String where = proxy == null ? target.authority() : String.valueOf(proxy);
        try {
            Socket socket = route.connect();
            findings.ok("tcp", where + " takes connections");
            if (proxy != null) {
                tunnel(socket, proxy);
            }
            return socket.isClosed() ? null : socket;
        } catch (SocketTimeoutException silent) {
            findings.fail(
                    "tcp",
                    where + " does not answer: is there a firewall on the way? VIBE_SERVER_URL, proxy variables");
        } catch (IOException refused) {
            findings.fail(
                    "tcp",
                    "no connection to " + where + ": " + ConnectionProblem.describe(refused)
                            + "; does the server run there? VIBE_SERVER_URL, proxy variables");
        }
        return null;
    }

    private void tunnel(Socket socket, ProxyServer proxy) throws IOException {
        try {
            route.tunnel(socket);
            findings.ok("proxy", "the " + proxy + " leads to " + target.authority());
        } catch (IOException refused) {
            findings.fail("proxy", ConnectionProblem.describe(refused) + "; HTTPS_PROXY, HTTP_PROXY, NO_PROXY");
            socket.close();
        }
    }

    private @Nullable SSLSocket tls(Socket socket, @Nullable Path bundle) {
        try {
            SSLSocket tls = route.encrypt(socket, bundle);
            certificate(tls.getSession());
            return tls;
        } catch (IOException refused) {
            findings.fail("tls", ConnectionProblem.describe(refused));
            return null;
        }
    }

    private void certificate(SSLSession session) throws IOException {
        X509Certificate certificate = (X509Certificate) session.getPeerCertificates()[0];
        Instant end = certificate.getNotAfter().toInstant();
        String text = session.getProtocol() + ", the certificate is good until " + end.truncatedTo(ChronoUnit.DAYS);
        if (end.isBefore(Instant.now().plus(Duration.ofDays(SOON_DAYS)))) {
            findings.warn("tls", text + ": it must be renewed soon");
        } else {
            findings.ok("tls", text);
        }
    }
}
