package dev.vibe.runner.adapter.socketio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SocketIoSettingsTest {

    @ParameterizedTest
    @CsvSource({
        "http://host, http://host:80/v1/updates",
        "https://host, https://host:443/v1/updates",
        "ws://host:3005/, http://host:3005/v1/updates",
        "WSS://Host/base/path?a=b#c, https://host:443/v1/updates",
        "http://[::1]:3005, http://[::1]:3005/v1/updates",
        "http://vibe_server:3005, http://vibe_server:3005/v1/updates",
        "https://user:word@host, https://host:443/v1/updates"
    })
    void everyUsualUrlIsUnderstood(String url, String meaning) {
        SocketIoSettings settings = SocketIoSettings.of(URI.create(url), "t");
        assertEquals(meaning, settings.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"host:3005", "ftp://host", "http:///v1", "http://host:99999", "/v1/updates", "mailto:a@b"})
    void anUnusableUrlIsRejected(String url) {
        assertThrows(IllegalArgumentException.class, () -> SocketIoSettings.of(URI.create(url), "t"));
    }

    @Test
    void theTokenIsNotInItsText() {
        SocketIoSettings settings = SocketIoSettings.of(URI.create("https://host"), "very-secret");
        assertFalse(settings.toString().contains("very-secret"));
        assertEquals("very-secret", settings.token().get());
    }

    @Test
    void impossibleTimesAreRejected() {
        SocketIoSettings settings = SocketIoSettings.of(URI.create("https://host"), "t");
        Duration second = Duration.ofSeconds(1);
        assertThrows(IllegalArgumentException.class, () -> settings.withReconnect(second, Duration.ofMillis(999)));
        assertThrows(IllegalArgumentException.class, () -> settings.withReconnect(Duration.ZERO, second));
        assertThrows(IllegalArgumentException.class, () -> settings.withTimeouts(Duration.ZERO, second));
        assertThrows(IllegalArgumentException.class, () -> settings.withTimeouts(second, Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> settings.withPath("v1"));
        assertTrue(
                settings.withReconnect(second, second).timing().reconnectMax().equals(second));
    }
}
