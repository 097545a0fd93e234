package dev.vibe.runner.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.application.port.in.ServerEvents;
import dev.vibe.runner.application.port.out.Link;
import dev.vibe.runner.application.port.out.NotConnectedException;
import dev.vibe.runner.domain.EndpointEvent;
import dev.vibe.runner.domain.EndpointId;
import dev.vibe.runner.domain.ServerCommand;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A limit on processes reached, or no memory left, is a bad moment and not the end. */
@Timeout(30)
class TransportLoopTest {
    private static final String NO_THREAD = "unable to create native thread";

    private final AtomicInteger attempts = new AtomicInteger();
    private final CompletableFuture<Attempt> first = new CompletableFuture<>();
    private final Heard heard = new Heard();
    private IntConsumer connecting = _ -> {};
    private volatile IntConsumer watching = _ -> {};
    private final TransportLoop loop = new TransportLoop(
            "loop",
            "a server",
            new LinkTiming(Duration.ofMillis(1), Duration.ofMillis(5), Duration.ofSeconds(10), Duration.ofSeconds(10)),
            1_000,
            () -> {
                Attempt made = new Attempt(attempts.incrementAndGet());
                first.complete(made);
                return made;
            },
            () -> {},
            System::currentTimeMillis,
            System::nanoTime);

    @AfterEach
    void close() {
        loop.close();
    }

    /** Each of the many that may wait may be as long as a message can be. */
    @Test
    void commandsThatWaitAreBoundedByTheirLengthToo() throws Exception {
        CompletableFuture<Void> release = new CompletableFuture<>();
        watching = _ -> release.join();
        loop.open(heard);
        Attempt attempt = first.get(10, TimeUnit.SECONDS);
        AtomicInteger taken = new AtomicInteger();
        Thread reader = Thread.ofPlatform().daemon().start(() -> {
            for (int i = 0; i < 4; i++) {
                attempt.put(new Signal.Received(new ServerCommand.Registered(new EndpointId("e1"))), 3 << 20);
                taken.incrementAndGet();
            }
        });
        while (taken.get() < 2) {
            Thread.onSpinWait();
        }
        assertFalse(reader.join(Duration.ofMillis(300)));
        assertEquals(2, taken.get());
        release.complete(null);
        assertTrue(reader.join(Duration.ofSeconds(10)));
    }

    @Test
    void anAttemptForWhichNoThreadCanBeStartedIsFollowedByAnother() throws Exception {
        connecting = number -> {
            if (number <= 2) {
                throw new OutOfMemoryError(NO_THREAD);
            }
        };
        loop.open(heard);
        assertTrue(heard.next().startsWith("unreachable: it failed inside the runner"));
        assertTrue(heard.next().startsWith("unreachable: it failed inside the runner"));
        assertEquals("connected", heard.next());
        assertEquals(3, attempts.get());
    }

    /** Else its senders would wait for ever, and nobody would know that it is gone. */
    @Test
    void aConnectionThatFailsInsideIsEndedAndReported() throws Exception {
        watching = number -> {
            if (number == 1) {
                throw new OutOfMemoryError(NO_THREAD);
            }
        };
        loop.open(heard);
        assertEquals("connected", heard.next());
        assertTrue(heard.next().startsWith("disconnected: it failed inside the runner"));
        assertThrows(NotConnectedException.class, () -> first.join().flow.send(new byte[1]));
        assertEquals("connected", heard.next());
    }

    @Test
    void aCallbackForWhichNoThreadCanBeStartedIsFollowedByANewConnection() throws Exception {
        heard.poor = true;
        loop.open(heard);
        assertEquals("connected", heard.next());
        assertEquals("received", heard.next(), "what came before the end is reported");
        assertEquals("disconnected: the runner lacks something: " + NO_THREAD, heard.next());
        assertEquals("connected", heard.next());
    }

    @Test
    void aCallbackThatFailsForAnotherReasonLeavesTheConnection() throws Exception {
        heard.wrong = true;
        loop.open(heard);
        assertEquals("connected", heard.next());
        assertEquals("received", heard.next());
        assertEquals(1, attempts.get());
    }

    /** What a transport reports, as words. */
    private static final class Heard implements ServerEvents {
        private final BlockingQueue<String> words = new LinkedBlockingQueue<>();
        volatile boolean poor;
        volatile boolean wrong;

        String next() throws InterruptedException {
            return Objects.requireNonNull(words.poll(20, TimeUnit.SECONDS), "nothing more was reported");
        }

        @Override
        public void connected(Link link) {
            boolean once = poor;
            poor = false;
            words.add("connected");
            if (once) {
                throw new OutOfMemoryError(NO_THREAD);
            }
            if (wrong) {
                throw new IllegalStateException("a bug of this test's");
            }
        }

        @Override
        public void received(ServerCommand command) {
            words.add("received");
        }

        @Override
        public void refused(String reason) {
            words.add("refused");
        }

        @Override
        public void disconnected(String reason) {
            words.add("disconnected: " + reason);
        }

        @Override
        public void unreachable(String reason) {
            words.add("unreachable: " + reason);
        }
    }

    /** Connects at once, and the server answers. */
    private final class Attempt extends LinkAttempt {
        private final int number;
        private final Flow flow = new Flow(_ -> true, _ -> null, System::nanoTime);

        Attempt(int number) {
            this.number = number;
        }

        @Override
        protected Flow flow() {
            return flow;
        }

        @Override
        protected void connect() {
            connecting.accept(number);
            put(new Signal.Connected());
            put(new Signal.Received(new ServerCommand.Registered(new EndpointId("e1"))));
        }

        @Override
        protected int maxMessageBytes() {
            return 1_000;
        }

        @Override
        protected void watch() {
            watching.accept(number);
        }

        @Override
        protected void suspect() {}

        @Override
        protected void disconnect() {}

        @Override
        public void send(EndpointEvent event) {}
    }
}
