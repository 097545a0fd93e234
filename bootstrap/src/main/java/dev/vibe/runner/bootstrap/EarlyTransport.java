package dev.vibe.runner.bootstrap;

import dev.vibe.runner.application.port.in.ServerEvents;
import dev.vibe.runner.application.port.out.Link;
import dev.vibe.runner.application.port.out.TransportPort;
import dev.vibe.runner.domain.ServerCommand;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Connects while the application is still being wired: the two take about as long. What the connection has to report waits
 * for the application, which opens this transport as any other.
 */
final class EarlyTransport implements TransportPort {
    private final TransportPort transport;
    private final CompletableFuture<ServerEvents> application = new CompletableFuture<>();
    private final CompletableFuture<Void> registered = new CompletableFuture<>();

    private EarlyTransport(TransportPort transport) {
        this.transport = transport;
    }

    /** Begins to connect; returns at once. Whoever calls this opens it soon, or ends the process. */
    static EarlyTransport over(TransportPort transport) {
        EarlyTransport early = new EarlyTransport(transport);
        transport.open(early.new Waiting());
        return early;
    }

    /** Completes with the server's first answer to a registration, on the transport's thread. */
    CompletableFuture<Void> registered() {
        return registered;
    }

    @Override
    public void open(ServerEvents events) {
        if (!application.complete(events)) {
            throw new IllegalStateException("opened twice");
        }
    }

    @Override
    public int maxMessageBytes() {
        return transport.maxMessageBytes();
    }

    @Override
    public void close() {
        transport.close();
    }

    private final class Waiting implements ServerEvents {
        private void tell(Consumer<ServerEvents> news) {
            news.accept(application.join());
        }

        @Override
        public void connected(Link link) {
            tell(events -> events.connected(link));
        }

        @Override
        public void disconnected(String reason) {
            tell(events -> events.disconnected(reason));
        }

        @Override
        public void unreachable(String reason) {
            tell(events -> events.unreachable(reason));
        }

        @Override
        public void refused(String reason) {
            tell(events -> events.refused(reason));
        }

        @Override
        public void received(ServerCommand command) {
            tell(events -> events.received(command));
            if (command instanceof ServerCommand.Registered) {
                registered.complete(null);
            }
        }
    }
}
