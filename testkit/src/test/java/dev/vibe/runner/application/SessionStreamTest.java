package dev.vibe.runner.application;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vibe.runner.domain.SessionEvent;
import dev.vibe.runner.domain.SessionId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SessionStreamTest {
    private static final SessionId S1 = new SessionId("s1");

    private final FairOutbox outbox = new FairOutbox(new MemorySpool(1_000_000), OutboxLimits.DEFAULT);
    private final SessionStream stream = new SessionStream(S1, EndpointRig.ID, outbox, () -> {}, 0, false);

    @Test
    void noNoticeFollowsTheEnd() {
        SessionEvent end = new SessionEvent.Ended(S1, EndpointRig.ID, "completed", 0);
        stream.notice("first", "in time");
        stream.end(end);
        stream.notice("second", "too late");
        assertEquals(2, outbox.size());
        assertEquals(
                new SessionEvent.Notice(S1, EndpointRig.ID, 0, "first", "in time"),
                Outputs.take(outbox).event());
        assertEquals(end, Outputs.take(outbox).event());
    }
}
