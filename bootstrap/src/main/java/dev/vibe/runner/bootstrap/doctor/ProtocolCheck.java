package dev.vibe.runner.bootstrap.doctor;

import dev.vibe.runner.application.port.in.ServerEvents;
import dev.vibe.runner.application.port.out.Link;
import dev.vibe.runner.application.port.out.NotConnectedException;
import dev.vibe.runner.application.port.out.TransportPort;
import dev.vibe.runner.bootstrap.Parts;
import dev.vibe.runner.bootstrap.RunnerSettings;
import dev.vibe.runner.domain.Capabilities;
import dev.vibe.runner.domain.EndpointEvent;
import dev.vibe.runner.domain.EndpointId;
import dev.vibe.runner.domain.ServerCommand;
import dev.vibe.runner.domain.SessionEvent;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Token and protocol, with the runner's own transport: connects, registers and leaves. It registers under a name of its own and
 * offers no agent: under the real one a server would take the runner that may be running for reconnected, forget its sessions,
 * and then think it gone.
 */
final class ProtocolCheck {
    private static final Duration ANSWER = Duration.ofSeconds(3);
    private static final int TRIES = 3;

    private final RunnerSettings settings;
    private final Parts parts;
    private final boolean register;
    private final Findings findings;
    private final EndpointId name = new EndpointId("doctor-" + UUID.randomUUID());

    ProtocolCheck(RunnerSettings settings, Parts parts, boolean register, Findings findings) {
        this.settings = settings;
        this.parts = parts;
        this.register = register;
        this.findings = findings;
    }

    /** What the transport reports. */
    private sealed interface News {
        record Connected(Link link) implements News {}

        record Registered() implements News {}

        record Refused(String words) implements News {}

        record Lost(String why) implements News {}

        record Started(ServerCommand.StartSession start) implements News {}
    }

    void examine(boolean reached) throws InterruptedException {
        if (!reached) {
            findings.skip("token", "the server cannot be reached");
            findings.skip("protocol", "the server cannot be reached");
            return;
        }
        BlockingQueue<News> news = new LinkedBlockingQueue<>();
        try (TransportPort transport = parts.transport()) {
            transport.open(listener(news));
            switch (next(news, settings.connectTimeout())) {
                case News.Connected(var link) -> connected(link, news);
                case News.Refused(var words) -> refused(words);
                case News.Lost(var why) -> findings.fail("protocol", "no connection: " + why);
                case News.Registered _, News.Started _ -> findings.fail("protocol", "the server speaks out of turn");
                case null ->
                    findings.fail(
                            "protocol",
                            "no connection within " + settings.connectTimeout().toSeconds() + " s");
            }
        }
    }

    private static ServerEvents listener(BlockingQueue<News> news) {
        return new ServerEvents() {
            @Override
            public void connected(Link link) {
                news.add(new News.Connected(link));
            }

            @Override
            public void disconnected(String reason) {
                news.add(new News.Lost(reason));
            }

            @Override
            public void refused(String reason) {
                news.add(new News.Refused(reason));
            }

            @Override
            public void unreachable(String reason) {
                news.add(new News.Lost(reason));
            }

            @Override
            public void received(ServerCommand command) {
                switch (command) {
                    case ServerCommand.Registered _ -> news.add(new News.Registered());
                    case ServerCommand.ServerError(var message) -> news.add(new News.Refused(message));
                    case ServerCommand.StartSession start -> news.add(new News.Started(start));
                    case ServerCommand.SendMessage _,
                            ServerCommand.InterruptSession _,
                            ServerCommand.StopSession _,
                            ServerCommand.Malformed _ -> {}
                }
            }
        };
    }

    private static @Nullable News next(BlockingQueue<News> news, Duration atMost) throws InterruptedException {
        return news.poll(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void connected(Link link, BlockingQueue<News> news) throws InterruptedException {
        try {
            if (register) {
                register(link, news);
            } else {
                findings.ok("token", "the server took the connection; whether it takes a registration was not asked");
                confirm(link);
            }
        } catch (NotConnectedException gone) {
            News last = news.poll();
            findings.fail(
                    "protocol",
                    "the server closed the connection: "
                            + (last instanceof News.Lost(var why) ? why : gone.getMessage()));
        }
    }

    /** A server's handlers may come late and drop the first registration; so it is repeated. */
    private void register(Link link, BlockingQueue<News> news) throws NotConnectedException, InterruptedException {
        for (int i = 0; i < TRIES; i++) {
            link.send(new EndpointEvent.Register(name, new Capabilities(1, List.of()), parts.metadata()));
            switch (next(news, ANSWER)) {
                case News.Registered _ -> {
                    findings.ok("token", "the server registered this token, as endpoint " + name);
                    confirm(link);
                    leave(link, news);
                    return;
                }
                case News.Refused(var words) -> {
                    refused(words);
                    return;
                }
                case News.Lost(var why) -> throw new NotConnectedException(why);
                case News.Connected _, News.Started _ -> {}
                case null -> {}
            }
        }
        findings.fail(
                "protocol",
                "connected, but the server does not answer endpoint:register: is VIBE_SOCKET_PATH right, is it a vibe-server?");
    }

    private void refused(String words) {
        findings.fail(
                "token",
                "the server says \"" + words
                        + "\": VIBE_AUTH_TOKEN; a fresh sandbox's token may reach it some seconds late");
        findings.skip("protocol", "the token must be right first");
    }

    private void confirm(Link link) throws NotConnectedException, InterruptedException {
        long asked = System.nanoTime();
        try {
            var _ = link.barrier()
                    .toCompletableFuture()
                    .get(settings.probeTimeout().toMillis(), TimeUnit.MILLISECONDS);
            double millis = (System.nanoTime() - asked) / 1e6;
            findings.ok("protocol", String.format(Locale.ROOT, "the server confirms deliveries, in %.1f ms", millis));
        } catch (ExecutionException ended) {
            throw new NotConnectedException(String.valueOf(ended.getMessage()));
        } catch (TimeoutException late) {
            findings.fail(
                    "protocol",
                    "the server does not confirm a delivery within "
                            + settings.probeTimeout().toSeconds()
                            + " s: the link is slow or dead (VIBE_PROBE_TIMEOUT_SECONDS)");
        }
    }

    /** Should a server give us a session all the same, it must learn that it will not run. */
    private void leave(Link link, BlockingQueue<News> news) throws NotConnectedException, InterruptedException {
        for (News each : news) {
            if (each instanceof News.Started(var start)) {
                link.send(new SessionEvent.Failed(
                        start.sessionId(), name, "this endpoint was a check of vibe-runner doctor"));
            }
        }
        link.send(new EndpointEvent.Unregister(name));
        try {
            var _ = link.barrier()
                    .toCompletableFuture()
                    .get(settings.probeTimeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException unconfirmed) {
            findings.warn("protocol", "the server did not confirm that endpoint " + name + " left again");
        }
    }
}
