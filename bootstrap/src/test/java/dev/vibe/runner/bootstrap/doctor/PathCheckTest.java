package dev.vibe.runner.bootstrap.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.bootstrap.RunnerSettings;
import dev.vibe.runner.bootstrap.doctor.Finding.Verdict;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class PathCheckTest {
    private static final Instant HERE = Instant.parse("2026-03-01T12:00:00Z");

    /** What the check says of a server that answers each request like this, and hangs up. */
    private static Finding examine(String scheme, String answer) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread _ = Thread.ofPlatform().daemon().start(() -> answer(server, answer));
            RunnerSettings settings = RunnerSettings.from(Map.of(
                    "VIBE_SERVER_URL",
                    scheme + "://127.0.0.1:" + server.getLocalPort(),
                    "VIBE_AUTH_TOKEN",
                    "the-token"));
            Target target = Target.of(settings);
            Route route = new Route(target, Duration.ofSeconds(10));
            List<Finding> findings = new ArrayList<>();
            try (Socket socket = route.connect()) {
                assertFalse(new PathCheck(target, route, null, new Findings(findings::add)).examine(socket));
            }
            return findings.getFirst();
        }
    }

    /** What the check says of the clock where the server's answer to the upgrade, and to all that follow, have these lines. */
    private static Finding clock(String upgrade, String later) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            String head = "HTTP/1.1 401 Unauthorized\r\n";
            Thread _ = Thread.ofPlatform().daemon().start(() -> {
                answerOnce(server, head + upgrade + "\r\n");
                answer(server, head + later + "\r\n");
            });
            Target target = Target.of(RunnerSettings.from(Map.of(
                    "VIBE_SERVER_URL", "http://127.0.0.1:" + server.getLocalPort(), "VIBE_AUTH_TOKEN", "the-token")));
            Route route = new Route(target, Duration.ofSeconds(10));
            List<Finding> findings = new ArrayList<>();
            try (Socket socket = route.connect()) {
                assertTrue(new PathCheck(target, route, null, new Findings(findings::add), () -> HERE).examine(socket));
            }
            Finding last = findings.getLast();
            assertEquals("clock", last.check());
            return last;
        }
    }

    private static String date(long secondsAhead) {
        return "Date: "
                + DateTimeFormatter.RFC_1123_DATE_TIME.format(
                        HERE.plusSeconds(secondsAhead).atOffset(ZoneOffset.UTC))
                + "\r\n";
    }

    private static void answer(ServerSocket server, String answer) {
        while (!server.isClosed()) {
            answerOnce(server, answer);
        }
    }

    private static void answerOnce(ServerSocket server, String answer) {
        try (Socket visitor = server.accept()) {
            var in = new InputStreamReader(visitor.getInputStream(), StandardCharsets.US_ASCII);
            BufferedReader head = new BufferedReader(in);
            for (String line = head.readLine(); line != null && !line.isEmpty(); line = head.readLine()) {
                assertFalse(line.isBlank());
            }
            visitor.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException over) {
            assertTrue(server.isClosed(), over::toString);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 400 Bad Request\r\n\r\n"})
    void aServerThatMaySpeakSocketIoInsteadIsHintedAt(String answer) throws Exception {
        Finding path = examine("ws", answer);
        assertEquals(Verdict.FAIL, path.verdict());
        assertTrue(path.text().contains("VIBE_TRANSPORT=socketio"), path.text());
    }

    @Test
    void whereSocketIoIsSpokenThereIsNoSuchHint() throws Exception {
        Finding path = examine("http", "");
        assertEquals(Verdict.FAIL, path.verdict());
        assertFalse(path.text().contains("VIBE_TRANSPORT=socketio"), path.text());
    }

    @ParameterizedTest
    @CsvSource({
        "0, OK, as the server's",
        "1, OK, as the server's",
        "-30, OK, 30 s ahead of the server's",
        "31, WARN, 31 s behind the server's: set this machine's clock",
        "-300, WARN, 300 s ahead of the server's: set this machine's clock",
        "301, FAIL, '301 s behind the server''s: certificates and logins may be refused; set this machine''s clock'",
        "-86400, FAIL, '86400 s ahead of the server''s: certificates and logins may be refused; set this machine''s clock'"
    })
    void theClockIsComparedWithTheServers(long serverAhead, Verdict verdict, String text) throws Exception {
        Finding clock = clock(date(serverAhead), "");
        assertEquals(text, clock.text());
        assertEquals(verdict, clock.verdict());
    }

    @Test
    void whereAnUpgradeHasNoDateAPlainRequestIsAskedForOne() throws Exception {
        assertEquals(Verdict.WARN, clock("", date(60)).verdict());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Date: tomorrow\r\n"})
    void aServerThatTellsNoTimeIsNotComparedWith(String lines) throws Exception {
        Finding clock = clock(lines, "");
        assertEquals(Verdict.SKIP, clock.verdict());
        assertEquals("the server does not say what time it is", clock.text());
    }
}
