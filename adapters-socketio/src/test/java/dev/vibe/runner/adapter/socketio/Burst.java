package dev.vibe.runner.adapter.socketio;

import dev.vibe.runner.application.port.out.Link;
import dev.vibe.runner.domain.Channel;
import dev.vibe.runner.domain.EndpointId;
import dev.vibe.runner.domain.OutputLine;
import dev.vibe.runner.domain.SessionEvent;
import dev.vibe.runner.domain.SessionId;
import dev.vibe.runner.protocol.CommandDecoder;
import dev.vibe.runner.protocol.EventEncoder;
import dev.vibe.runner.testkit.NodeServer;
import dev.vibe.runner.testkit.RecordedEvents;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A JVM of its own, with a small heap, that sends a burst and then spaced single messages, each followed by a barrier.
 * Prints one line of figures. Arguments: server, session, messages, characters of a message, messages to time.
 */
final class Burst {
    private static final int BARRIER_EVERY = 256;

    private Burst() {}

    public static void main(String[] args) throws Exception {
        String session = args[1];
        int messages = Integer.parseInt(args[2]);
        String filler = "x".repeat(Integer.parseInt(args[3]));
        int timed = Integer.parseInt(args[4]);
        RecordedEvents events = new RecordedEvents();
        try (SocketIoTransport transport = new SocketIoTransport(
                SocketIoSettings.of(URI.create(args[0]), NodeServer.TOKEN),
                new EventEncoder("cloud-e2b", NodeServer.TOKEN),
                new CommandDecoder())) {
            transport.open(events);
            Link link = events.awaitLink(Duration.ofSeconds(10));
            long begin = System.nanoTime();
            for (int seq = 0; seq < messages; seq++) {
                link.send(
                        output(session, seq, "{\"type\":\"assistant\",\"n\":" + seq + ",\"text\":\"" + filler + "\"}"));
                if (seq % BARRIER_EVERY == 0) {
                    link.barrier();
                }
            }
            link.barrier().toCompletableFuture().get(60, TimeUnit.SECONDS);
            long burstNanos = System.nanoTime() - begin;
            long[] roundTrips = new long[timed];
            for (int i = 0; i < timed; i++) {
                Thread.sleep(2);
                long sent = System.nanoTime();
                link.send(output(session, messages + i, "{\"type\":\"assistant\",\"text\":\"short\"}"));
                CompletableFuture<Void> confirmed = link.barrier().toCompletableFuture();
                confirmed.get(5, TimeUnit.SECONDS);
                roundTrips[i] = System.nanoTime() - sent;
            }
            Arrays.sort(roundTrips);
            System.out.printf(
                    "perSecond=%d millis=%d peakRssKb=%s roundTripMicrosP50=%d roundTripMicrosP99=%d%n",
                    messages * 1_000_000_000L / Math.max(1, burstNanos),
                    burstNanos / 1_000_000,
                    peakRss(),
                    timed == 0 ? 0 : roundTrips[timed / 2] / 1000,
                    timed == 0 ? 0 : roundTrips[timed * 99 / 100] / 1000);
        }
    }

    private static SessionEvent.Output output(String session, long seq, String json) {
        return new SessionEvent.Output(
                new SessionId(session), new EndpointId("e2b-1"), seq, new OutputLine(Channel.STDOUT, json));
    }

    private static String peakRss() throws Exception {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM"))
                .map(line -> line.replaceAll("\\D", ""))
                .findFirst()
                .orElse("unknown");
    }
}
