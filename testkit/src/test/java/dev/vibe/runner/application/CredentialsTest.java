package dev.vibe.runner.application;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class CredentialsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Invalid auth token",
                "Missing authentication token",
                "Invalid authentication token",
                "invalid token",
                "Token expired",
                "the token you sent has expired",
                "jwt expired",
                "jwt malformed",
                "jwt must be provided",
                "invalid signature",
                "no auth token",
                "No token provided",
                "token is not valid",
                "Token not found",
                "Authentication error",
                "Authentication failed",
                "authentication required",
                "bad credentials",
                "invalid API key",
                "Unauthorized",
                "unauthorised: who are you?",
                "Not authorized",
                "Access denied",
                "Forbidden",
                "HTTP 401 Unauthorized",
                "HTTP 401",
                "HTTP 403 ",
                "401",
                "HTTP 401 authentication service unavailable",
                "closed with code 4401",
                "closed with code 4401: bye"
            })
    void saysThatTheTokenIsNotAccepted(String words) {
        assertTrue(Credentials.refused(words));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "database is down",
                "Unexpected token u in JSON at position 0",
                "Unexpected token '<', \"<!DOCTYPE \"... is not valid JSON",
                "authentication service unavailable",
                "authentication failed: database timeout",
                "token validation timed out, try again",
                "author not found",
                "the authority is missing",
                "error 4031",
                "at line 401 of server.js",
                "message has 403 characters",
                "Endpoint not found",
                "refused by the server",
                "closed with code 1008",
                "too many token requests, rate limit",
                "Internal error in auth middleware"
            })
    void saysSomethingElse(String words) {
        assertFalse(Credentials.refused(words));
    }

    @Test
    void takesNoTimeWithMuch() {
        String much = "token ".repeat(100_000) + "is";
        long begin = System.nanoTime();
        assertFalse(Credentials.refused(much));
        assertEquals(0, Duration.ofNanos(System.nanoTime() - begin).toSeconds() / 5);
    }
}
