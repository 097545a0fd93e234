package dev.vibe.runner.application;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.application.port.out.Link;
import dev.vibe.runner.domain.EndpointEvent;
import dev.vibe.runner.domain.SessionEvent;
import dev.vibe.runner.domain.SessionId;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SentEndsTest {
    private static final SessionId S1 = new SessionId("s1");
    private static final SessionEvent END = new SessionEvent.Ended(S1, EndpointRig.ID, "stopped", null);

    private final Set<SessionId> unconfirmed = new HashSet<>();
    private final SentEnds ends = new SentEnds(unconfirmed::contains);
    private final Link link = new NoLink();

    @Test
    void anEndThatWasSentIsForgottenWithItsLinkUnlessItArrived() {
        ends.on(link);
        assertTrue(ends.sending(link, END));
        assertTrue(ends.contains(S1));
        ends.on(new NoLink());
        assertTrue(ends.contains(S1));
        unconfirmed.add(S1);
        ends.on(link);
        assertFalse(ends.contains(S1));
        assertFalse(ends.sending(new NoLink(), END));
        assertFalse(ends.contains(S1));
    }

    @Test
    void whatWasSentOfAnEarlierSessionIsNoEndOfTheOneThatEndsNow() {
        ends.on(link);
        ends.begun(S1);
        assertTrue(ends.sending(link, END)); // of the earlier one
        ends.unsaid(S1);
        assertFalse(ends.contains(S1));
        ends.asked(S1);
        ends.unsaid(S1);
        assertTrue(ends.contains(S1));
    }

    private static final class NoLink implements Link {
        @Override
        public void send(EndpointEvent event) {}

        @Override
        public boolean offer(EndpointEvent event) {
            return true;
        }

        @Override
        public CompletionStage<Void> barrier() {
            return new CompletableFuture<>();
        }

        @Override
        public void drop(String reason) {}
    }
}
