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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class PathCheckTest {

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

    private static void answer(ServerSocket server, String answer) {
        while (!server.isClosed()) {
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
}
