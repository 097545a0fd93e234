package dev.vibe.runner.application;

import static dev.vibe.runner.application.EndpointRig.SOON;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.domain.SessionEvent;
import dev.vibe.runner.domain.SessionId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Courier and outbox over links that die at random moments, against the plainest model: sequences of numbers. */
class CourierModelTest {
    private static final int SESSIONS = 5;
    private static final int EVENTS = 400;

    private final List<UnreliableLink> links = new CopyOnWriteArrayList<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void eachSessionArrivesWholeAndInOrderWhateverTheLinksDo(long seed) throws Exception {
        Random random = new Random(seed);
        OutboxLimits limits = new OutboxLimits(300 + random.nextInt(5_000), 1_000 + random.nextInt(10_000));
        FairOutbox outbox = new FairOutbox(new MemorySpool(20_000), limits);
        Courier courier = new Courier(outbox);
        int oneDeathIn = 5 + random.nextInt(100);
        try (ScheduledExecutorService server = Executors.newSingleThreadScheduledExecutor()) {
            Runnable next = new Runnable() {
                @Override
                public void run() {
                    courier.pause();
                    UnreliableLink link = new UnreliableLink(new Random(random.nextLong()), oneDeathIn, server, () -> {
                        var _ = server.schedule(this, random.nextInt(500), TimeUnit.MICROSECONDS);
                    });
                    links.add(link);
                    courier.begin(link);
                }
            };
            Thread carrying = Threads.start("courier", courier);
            server.execute(next);
            var _ = server.scheduleAtFixedRate(
                    () -> {
                        if (!links.isEmpty()) {
                            links.getLast().settle();
                        }
                    },
                    1,
                    1,
                    TimeUnit.MILLISECONDS);
            List<Thread> talking = new ArrayList<>();
            for (int i = 0; i < SESSIONS; i++) {
                String session = "s" + i;
                Runnable carry = i % 2 == 0 ? courier::nudge : outbox::wake;
                talking.add(Threads.start(session, () -> talk(outbox, session, carry)));
            }
            for (Thread each : talking) {
                assertTrue(each.join(SOON), "a session waits for ever");
            }
            assertTrue(outbox.awaitEmpty(SOON), () -> outbox.size() + " events are not confirmed");
            courier.close();
            assertTrue(carrying.join(SOON));
            server.shutdownNow();
        }
        check(limits);
    }

    private static void talk(FairOutbox outbox, String session, Runnable carry) {
        try {
            for (int i = 0; i < EVENTS; i++) {
                outbox.awaitRoom(new SessionId(session));
                outbox.add(new SessionId(session), List.of(Outputs.of(session, i)));
                carry.run();
            }
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    private void check(OutboxLimits limits) {
        Map<SessionId, Long> next = new HashMap<>();
        for (UnreliableLink link : links) {
            Map<SessionId, Long> onThisLink = new HashMap<>();
            long repeated = 0;
            for (SessionEvent event : link.arrived()) {
                long seq = ((SessionEvent.Output) event).seq();
                long expected = next.getOrDefault(event.sessionId(), 0L);
                assertTrue(seq <= expected, () -> seq + " came before " + expected);
                Long before = onThisLink.put(event.sessionId(), seq);
                assertTrue(before == null || seq == before + 1, () -> seq + " came after " + before);
                repeated += seq < expected ? 1 : 0;
                next.put(event.sessionId(), Math.max(expected, seq + 1));
            }
            // An event weighs more than its text, so that the window holds fewer than this.
            assertTrue(repeated <= limits.windowBytes() / 10 + 1, repeated + " were repeated on one link");
        }
        assertEquals(SESSIONS, next.size());
        next.forEach((session, count) -> assertEquals(EVENTS, count, session.value()));
    }
}
