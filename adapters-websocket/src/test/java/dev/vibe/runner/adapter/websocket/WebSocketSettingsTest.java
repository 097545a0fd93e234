package dev.vibe.runner.adapter.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebSocketSettingsTest {
    @ParameterizedTest
    @CsvSource({
        "ws://host, ws://host:80/v1/runner",
        "wss://host/, wss://host:443/v1/runner",
        "wss://host/my/path, wss://host:443/my/path",
        "https://host:8443, wss://host:8443/v1/runner",
        "HTTP://host, ws://host:80/v1/runner",
        "ws://[::1]:3005, ws://[::1]:3005/v1/runner"
    })
    void everyUsualUrlIsUnderstood(String url, String meaning) {
        assertEquals(meaning, WebSocketSettings.of(URI.create(url), "t").toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"host:3005", "ftp://host", "ws:///v1", "ws://host:99999", "/v1/runner", "mailto:a@b"})
    void anUnusableUrlIsRejected(String url) {
        assertThrows(IllegalArgumentException.class, () -> WebSocketSettings.of(URI.create(url), "t"));
    }

    @Test
    void theTokenIsNotInItsText() {
        assertFalse(WebSocketSettings.of(URI.create("ws://user:very-secret@host"), "very-secret")
                .toString()
                .contains("very-secret"));
    }
}
