package dev.vibe.runner.bootstrap.doctor;

import dev.vibe.runner.transport.ConnectionProblem;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Whether the server makes a WebSocket of a request for the path, and what time it is there. */
final class PathCheck {
    private static final int SWITCHED = 101;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final Duration NOTICEABLE = Duration.ofSeconds(30);
    private static final Duration HARMFUL = Duration.ofMinutes(5);
    private static final int DATE_PATIENCE_MILLIS = 3000;
    private static final String HINT =
            "; a vibe-server speaks Socket.IO: VIBE_TRANSPORT=socketio, or an http(s):// URL";

    private final Target target;
    private final Route route;
    private final @Nullable Path bundle;
    private final Findings findings;
    private final InstantSource clock;

    PathCheck(Target target, Route route, @Nullable Path bundle, Findings findings) {
        this(target, route, bundle, findings, InstantSource.system());
    }

    /** @param clock this machine's, which is compared with the server's */
    PathCheck(Target target, Route route, @Nullable Path bundle, Findings findings, InstantSource clock) {
        this.clock = clock;
        this.target = target;
        this.route = route;
        this.bundle = bundle;
        this.findings = findings;
    }

    /** Looks, over a connection that leads to the server; returns whether what is expected is there. */
    boolean examine(Socket socket) {
        try {
            HttpHead head = HttpHead.get(socket, target, target.path(), upgrade());
            boolean good = judge(head);
            clock(head);
            return good;
        } catch (IOException failed) {
            findings.fail(
                    "path",
                    target.path() + ": " + ConnectionProblem.describe(failed) + "; is the port right?" + hint());
            return false;
        }
    }

    private String upgrade() {
        String key = Base64.getEncoder()
                .encodeToString("vibe-runner-path".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        return "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + key
                + "\r\n" + (target.engineIo() ? "" : "Sec-WebSocket-Protocol: vibe.v1\r\n");
    }

    private String setting() {
        return target.engineIo() ? "VIBE_SOCKET_PATH" : "VIBE_WEBSOCKET_PATH";
    }

    private String hint() {
        return target.engineIo() ? "" : HINT;
    }

    private boolean judge(HttpHead head) {
        String path = target.path().replaceAll("\\?.*", "");
        String protocol = target.engineIo() ? "Socket.IO" : "WebSocket";
        int status = head.status();
        if (status == SWITCHED) {
            findings.ok("path", path + " speaks " + protocol);
            return true;
        }
        if (status == UNAUTHORIZED || status == FORBIDDEN) {
            findings.ok("path", path + " is there, and wants a token (HTTP " + status + ")");
            return true;
        }
        if (status == NOT_FOUND) {
            findings.fail(
                    "path",
                    "nothing is at " + path + " (HTTP 404): " + setting() + ", VIBE_SERVER_URL, VIBE_TRANSPORT"
                            + hint());
        } else if (!head.header("location").isEmpty()) {
            findings.fail(
                    "path",
                    path + " leads elsewhere (HTTP " + status + " to " + head.header("location")
                            + "), which is not followed: put that into VIBE_SERVER_URL");
        } else {
            findings.fail(
                    "path",
                    path + " answers HTTP " + status + " instead of a WebSocket: " + setting()
                            + ", VIBE_TRANSPORT; or something on the way cuts WebSockets" + hint());
        }
        return false;
    }

    /** An upgrade mostly has no date; the answer to a plain request mostly does. */
    private void clock(HttpHead head) {
        String date = head.header("date");
        if (date.isEmpty()) {
            try (Socket again = route.open(bundle)) {
                again.setSoTimeout(DATE_PATIENCE_MILLIS);
                date = HttpHead.get(again, target, target.path().replaceAll("\\?.*", ""), "Connection: close\r\n")
                        .header("date");
            } catch (IOException silent) {
                date = "";
            }
        }
        try {
            Instant there = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            judge(Duration.between(there, clock.instant()));
        } catch (DateTimeParseException none) {
            findings.skip("clock", "the server does not say what time it is");
        }
    }

    private void judge(Duration ahead) {
        Duration off = ahead.abs();
        String text = off.toSeconds() <= 1
                ? "as the server's"
                : off.toSeconds() + " s " + (ahead.isNegative() ? "behind" : "ahead of") + " the server's";
        if (off.compareTo(HARMFUL) > 0) {
            findings.fail("clock", text + ": certificates and logins may be refused; set this machine's clock");
        } else if (off.compareTo(NOTICEABLE) > 0) {
            findings.warn("clock", text + ": set this machine's clock");
        } else {
            findings.ok("clock", text);
        }
    }
}
