package dev.vibe.runner.adapter.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.domain.EndpointId;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ControlServerTest {
    private static final EndpointId ID = new EndpointId("e2b-1");
    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir
    private Path state = Path.of("");

    private ControlServer open(Supplier<byte[]> view) throws IOException {
        ControlServer server = ControlServer.open(state, ID, view);
        Thread.ofPlatform().daemon().start(() -> {
            try {
                server.run();
            } catch (InterruptedException over) {
                Thread.currentThread().interrupt();
            }
        });
        return server;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private String read() throws IOException, InterruptedException {
        return new String(ControlClient.read(ControlSockets.of(state, ID), SOON), StandardCharsets.UTF_8);
    }

    @Test
    void tellsEachVisitorHowTheRunnerIs() throws Exception {
        try (ControlServer _ = open(() -> bytes("{\"a\":1}"))) {
            assertEquals("{\"a\":1}", read());
            assertEquals("{\"a\":1}", read());
        }
    }

    @Test
    void tellsMuchMoreThanASocketHolds() throws Exception {
        String much = "x".repeat(3_000_000);
        try (ControlServer _ = open(() -> bytes(much))) {
            assertEquals(much, read());
        }
    }

    @Test
    void isForItsOwnerOnly() throws Exception {
        try (ControlServer _ = open(() -> bytes("{}"))) {
            Path socket = ControlSockets.of(state, ID);
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
            assertEquals(
                    "rwx------",
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(state.resolve("control"))));
        }
    }

    @Test
    void aVisitorThatDoesNotListenKeepsNobodyWaitingForLong() throws Exception {
        try (ControlServer _ = open(() -> bytes("y".repeat(3_000_000)));
                SocketChannel deaf = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            assertTrue(deaf.connect(UnixDomainSocketAddress.of(ControlSockets.of(state, ID))));
            assertEquals(3_000_000, read().length());
        }
    }

    @Test
    void aViewThatFailsEndsNothing() throws Exception {
        int[] looks = {0};
        try (ControlServer _ = open(() -> {
            if (looks[0]++ == 0) {
                throw new IllegalStateException("planted");
            }
            return bytes("{}");
        })) {
            assertThrows(IOException.class, this::read);
            assertEquals("{}", read());
        }
    }

    @Test
    void removesItsSocketAtTheEnd() throws Exception {
        ControlServer server = open(() -> bytes("{}"));
        server.close();
        assertEquals(List.of(), ControlSockets.in(state));
    }

    @Test
    void takesThePlaceOfOneThatDiedButNotOfOneThatLives() throws Exception {
        Files.createDirectories(state.resolve("control"));
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            var _ = dead.bind(UnixDomainSocketAddress.of(ControlSockets.of(state, ID)));
        }
        try (ControlServer _ = open(() -> bytes("{}"))) {
            assertEquals("{}", read());
            IOException refused =
                    assertThrows(IOException.class, () -> ControlServer.open(state, ID, () -> bytes("other")));
            assertTrue(String.valueOf(refused.getMessage()).contains("another runner"), refused.getMessage());
            assertEquals("{}", read());
        }
    }

    @Test
    void sweepsTheSocketsOfOthersThatDiedLongAgo() throws Exception {
        Path old = ControlSockets.of(state, new EndpointId("old"));
        Path young = ControlSockets.of(state, new EndpointId("young"));
        Files.createDirectories(state.resolve("control"));
        for (Path each : List.of(old, young)) {
            try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                var _ = dead.bind(UnixDomainSocketAddress.of(each));
            }
        }
        var _ = Files.setLastModifiedTime(old, FileTime.from(Instant.now().minusSeconds(3600)));
        try (ControlServer _ = open(() -> bytes("{}"))) {
            assertFalse(Files.exists(old));
            assertTrue(Files.exists(young));
        }
    }

    @Test
    void aPathTooLongForASocketIsNamed() {
        Path deep = state.resolve("d".repeat(120));
        IOException refused = assertThrows(IOException.class, () -> ControlServer.open(deep, ID, () -> bytes("{}")));
        assertTrue(String.valueOf(refused.getMessage()).contains(deep.toString()), refused.getMessage());
    }
}
