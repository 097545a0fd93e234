package dev.vibe.runner.adapter.socketio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.vibe.runner.testkit.LinkFault;
import dev.vibe.runner.testkit.LinkProxy;
import dev.vibe.runner.testkit.NodeServer;
import java.io.File;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Large amounts, from a JVM with a heap of 64 MB of its own. */
class BurstTest {
    private static final Pattern PEAK = Pattern.compile("peakRssKb=(\\d+)");

    @Test
    @Timeout(180)
    void aBurstOf100MegabytesArrivesWholeAndInOrderFromASmallHeap() throws Exception {
        try (NodeServer server = NodeServer.start(Map.of("quiet", true))) {
            String figures = burst(server.uri(), 100_000, 1_000, 200);
            assertWhole(server, 100_200);
            assertTrue(peakRssKb(figures) < 220_000, figures);
        }
    }

    @Test
    @Timeout(180)
    void aSlowServerIsWaitedForWithoutTakingMemory() throws Exception {
        try (NodeServer server = NodeServer.start(Map.of("quiet", true));
                LinkProxy proxy = new LinkProxy(server.port())) {
            proxy.apply(new LinkFault.Slow(8_000_000));
            String figures = burst(proxy.uri(), 40_000, 1_000, 0);
            assertWhole(server, 40_000);
            assertTrue(peakRssKb(figures) < 220_000, figures);
        }
    }

    private static void assertWhole(NodeServer server, int messages) throws InterruptedException {
        JsonNode counts = server.counts("s1");
        assertEquals(messages, counts.path("count").asInt());
        assertEquals(0, counts.path("gaps").asInt());
        assertEquals(0, counts.path("repeats").asInt());
        assertEquals(messages - 1, counts.path("last").asInt());
    }

    private static String burst(URI server, int messages, int length, int timed) throws Exception {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                                .replace(File.pathSeparator + File.pathSeparator, File.pathSeparator),
                        Burst.class.getName(),
                        server.toString(),
                        "s1",
                        String.valueOf(messages),
                        String.valueOf(length),
                        String.valueOf(timed)))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertTrue(process.waitFor(Duration.ofSeconds(10).toMillis(), TimeUnit.MILLISECONDS));
            assertEquals(0, process.exitValue(), output);
            System.out.println("burst of " + messages + " x " + length + ": " + output.strip());
            return output;
        } finally {
            process.destroyForcibly();
        }
    }

    private static long peakRssKb(String figures) {
        Matcher found = PEAK.matcher(figures);
        return found.find() ? Long.parseLong(found.group(1)) : Long.MAX_VALUE;
    }
}
