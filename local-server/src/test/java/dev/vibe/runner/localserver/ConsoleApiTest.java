package dev.vibe.runner.localserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** By hand-made requests: the JDK's client does not let a test lie about Host and Origin. */
@Timeout(30)
class ConsoleApiTest {
    private static LocalServer server;

    @BeforeAll
    static void start() throws IOException {
        server = LocalServer.start(new ServerOptions(0, "runner-token", "console-token"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void thePageIsServedAndKeepsToItself() throws IOException {
        String page = ask("GET / HTTP/1.1", host());
        assertTrue(page.startsWith("HTTP/1.1 200"), page);
        assertTrue(page.contains("<title>"), page);
        assertTrue(
                page.toLowerCase(java.util.Locale.ROOT).contains("content-security-policy: default-src 'none'"), page);
        assertFalse(page.contains("console-token"), "the page is for anybody on this machine, its data is not");
        String script = ask("GET /console.js HTTP/1.1", host());
        assertTrue(script.startsWith("HTTP/1.1 200") && script.contains("text/javascript"), script);
        assertTrue(ask("GET /console.css HTTP/1.1", host()).startsWith("HTTP/1.1 200"));
        assertTrue(ask("GET /nothing.js HTTP/1.1", host()).startsWith("HTTP/1.1 404"));
        assertTrue(ask("GET /../LocalServer.class HTTP/1.1", host()).startsWith("HTTP/1.1 404"));
    }

    @Test
    void dataNeedTheToken() throws IOException {
        for (String request : new String[] {
            "GET /api/events HTTP/1.1", "GET /api/events?token=runner-token HTTP/1.1", "POST /api/sessions HTTP/1.1"
        }) {
            String answer = ask(request, host());
            assertTrue(answer.startsWith("HTTP/1.1 401"), answer);
            assertTrue(answer.contains("vibe-runner local"), "it says where the address is: " + answer);
        }
    }

    @Test
    void foreignNamesAndForeignPagesAreTurnedAway() throws IOException {
        String token = "\r\nAuthorization: Bearer console-token";
        assertTrue(ask("POST /api/sessions HTTP/1.1", "Host: evil.example:" + server.port() + token)
                .startsWith("HTTP/1.1 403"));
        assertTrue(ask("GET / HTTP/1.1", "Host: evil.example").startsWith("HTTP/1.1 403"));
        assertTrue(ask("POST /api/sessions HTTP/1.1", host() + token + "\r\nOrigin: http://evil.example")
                .startsWith("HTTP/1.1 403"));
        assertTrue(ask("POST /api/sessions HTTP/1.1", host() + token + "\r\nOrigin: http://127.0.0.1:1")
                .startsWith("HTTP/1.1 403"));
    }

    @Test
    void wrongRequestsGetAnAnswerThatSaysWhy() throws IOException {
        assertTrue(post("/api/sessions", "not json").startsWith("HTTP/1.1 400"));
        assertTrue(post("/api/sessions", "[1]").startsWith("HTTP/1.1 400"));
        String missing = post("/api/sessions", "{}");
        assertTrue(missing.startsWith("HTTP/1.1 400") && missing.contains("agentType"), missing);
        assertTrue(post("/api/sessions/nobody/messages", "{\"message\":\"x\"}").startsWith("HTTP/1.1 404"));
        assertTrue(post("/api/else", "{}").startsWith("HTTP/1.1 400"));
        assertTrue(post("/api/sessions/nobody", "{}").startsWith("HTTP/1.1 404"));
        String waits = "/api/sessions/" + created("{\"agentType\":\"nobody's\"}");
        String unknown = post(waits + "/unheard-of", "{}");
        assertTrue(unknown.startsWith("HTTP/1.1 400") && unknown.contains("interrupt, stop"), unknown);
        String silent = post(waits + "/messages", "{}");
        assertTrue(silent.startsWith("HTTP/1.1 400") && silent.contains("message is missing"), silent);
        assertTrue(post(waits + "/messages", "{\"message\":\"x\"}").startsWith("HTTP/1.1 409"), "it waits");
        assertTrue(get("/api/sessions/nobody/messages").startsWith("HTTP/1.1 404"));
        assertTrue(get("/api/else").startsWith("HTTP/1.1 404"));
    }

    @Test
    void aSessionCanBeAskedForAndLookedAt() throws IOException {
        String id = created("{\"agentType\":\"claude\",\"initialMessage\":\"<b>hi</b>\"}");
        assertTrue(get("/api/sessions").contains("\"sessionId\":\"" + id + "\""));
        String history = get("/api/sessions/" + id + "/messages");
        assertTrue(history.contains("[[0,{\"from\":\"user\""), history);
        assertTrue(history.contains("<b>hi</b>"), history);
        assertTrue(get("/api/sessions/" + id + "/messages?from=1").endsWith("\r\n\r\n[]"));
        assertTrue(get("/api/sessions/" + id + "/messages?from=x").contains("[[0,"));
    }

    @Test
    void aFloodOfHeadersEndsTheConnectionOnly() throws IOException {
        String answer = ask("GET / HTTP/1.1", host() + "\r\nX: " + "y".repeat(100_000));
        assertFalse(answer.startsWith("HTTP/1.1 200"), answer);
        assertEquals("HTTP/1.1 200", ask("GET / HTTP/1.1", host()).substring(0, 12));
    }

    private static String created(String request) throws IOException {
        String created = post("/api/sessions", request);
        assertTrue(created.startsWith("HTTP/1.1 201"), created);
        return Objects.requireNonNull(Wire.parse(created.substring(created.indexOf("\r\n\r\n") + 4)))
                .path("sessionId")
                .asText();
    }

    private static String host() {
        return "Host: 127.0.0.1:" + server.port();
    }

    private static String get(String path) throws IOException {
        return ask("GET " + path + " HTTP/1.1", host() + "\r\nAuthorization: Bearer console-token");
    }

    private static String post(String path, String body) throws IOException {
        return ask(
                "POST " + path + " HTTP/1.1",
                host() + "\r\nAuthorization: Bearer console-token\r\nContent-Length: "
                        + body.getBytes(StandardCharsets.UTF_8).length,
                body);
    }

    private static String ask(String request, String headers) throws IOException {
        return ask(request, headers, "");
    }

    private static String ask(String request, String headers, String body) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(10_000);
            String text = request + "\r\n" + headers + "\r\nConnection: close\r\n\r\n" + body;
            socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (java.net.SocketException reset) {
            return "reset";
        }
    }
}
