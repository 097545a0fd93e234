package dev.vibe.runner.bootstrap;

import dev.vibe.runner.application.port.in.ServerEvents;
import dev.vibe.runner.application.port.out.Link;
import dev.vibe.runner.application.port.out.TransportPort;
import dev.vibe.runner.domain.ServerCommand;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Makes a transport and connects while the application is still being wired: the two take about as long. What the connection has to
 * report waits for the application, which opens this transport as any other.
 */
final class EarlyTransport implements TransportPort {
    private final CompletableFuture<TransportPort> transport = new CompletableFuture<>();
    /** Empty: closed before it was opened. */
    private final CompletableFuture<Optional<ServerEvents>> application = new CompletableFuture<>();

    private final CompletableFuture<Void> registered = new CompletableFuture<>();
    private final CompletableFuture<Void> wanted = new CompletableFuture<>();

    private EarlyTransport() {}

    /**
     * Begins to connect; returns at once. Whoever calls this opens it soon, or ends the process.
     *
     * @param transport makes it, on a thread of its own; what it throws, {@link #open} throws
     */
    static EarlyTransport over(Supplier<? extends TransportPort> transport) {
        EarlyTransport early = new EarlyTransport();
        Thread.ofPlatform().name("early-transport").daemon().start(() -> early.begin(transport));
        return early;
    }

    private void begin(Supplier<? extends TransportPort> making) {
        try {
            TransportPort made = making.get();
            made.open(new Waiting());
            transport.complete(made);
        } catch (RuntimeException | Error failed) {
            transport.completeExceptionally(failed);
        }
    }

    private TransportPort made() {
        try {
            return transport.join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw failed;
        }
    }

    /** Completes with the server's first answer to a registration, on the transport's thread. */
    CompletableFuture<Void> registered() {
        return registered;
    }

    /** Completes with the server's first command that asks for a session, on the transport's thread. */
    CompletableFuture<Void> wanted() {
        return wanted;
    }

    @Override
    public void open(ServerEvents events) {
        var _ = made();
        if (!application.complete(Optional.of(events))) {
            throw new IllegalStateException("opened twice");
        }
    }

    @Override
    public int maxMessageBytes() {
        return made().maxMessageBytes();
    }

    @Override
    public void close() {
        application.complete(Optional.empty()); // who waits in a callback would hold it up
        made().close();
    }

    private final class Waiting implements ServerEvents {
        private void tell(Consumer<ServerEvents> news) {
            application.join().ifPresent(news);
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
            if (command instanceof ServerCommand.StartSession) {
                wanted.complete(null);
            }
            tell(events -> events.received(command));
            if (command instanceof ServerCommand.Registered) {
                registered.complete(null);
            }
        }
    }
}
