package dev.vibe.runner.application;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.application.port.out.Outbox;
import dev.vibe.runner.domain.Channel;
import dev.vibe.runner.domain.OutputLine;
import dev.vibe.runner.domain.SessionEvent;
import dev.vibe.runner.domain.SessionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SessionStreamTest {
    private static final SessionId S1 = new SessionId("s1");

    private static final SessionEvent END = new SessionEvent.Ended(S1, EndpointRig.ID, "completed", 0);

    private static final SessionEvent STARTED = new SessionEvent.Started(S1, EndpointRig.ID, null);

    private final FairOutbox outbox = new FairOutbox(new MemorySpool(1_000_000), OutboxLimits.DEFAULT);
    private final SessionStream stream = new SessionStream(S1, EndpointRig.ID, outbox, () -> {}, 0, false);

    @Test
    void whatWasDroppedIsSaidAsSoonAsThereIsRoomThoughTheAgentIsSilent() throws InterruptedException {
        FairOutbox small = new FairOutbox(new MemorySpool(100), OutboxLimits.DEFAULT);
        SessionStream dropping = new SessionStream(S1, EndpointRig.ID, small, () -> {}, 0, true);
        dropping.output(List.of(line("x".repeat(200))));
        dropping.output(List.of(line("12345"), line("67890")));
        Outbox.Parcel first = Outputs.take(small);
        assertFalse(small.hasWork());

        small.confirm(first.ordinal());

        SessionEvent said = Outputs.take(small).event();
        SessionEvent.Notice notice = assertInstanceOf(SessionEvent.Notice.class, said);
        assertEquals("lines-dropped", notice.code());
        assertEquals(1, notice.seq());
        assertTrue(notice.text().startsWith("2 lines (10 characters) are missing here"), notice.text());
    }

    @Test
    void noNoticeOfDroppedLinesFollowsTheEnd() throws InterruptedException {
        FairOutbox small = new FairOutbox(new MemorySpool(100), OutboxLimits.DEFAULT);
        SessionStream dropping = new SessionStream(S1, EndpointRig.ID, small, () -> {}, 0, true);
        dropping.output(List.of(line("x".repeat(200))));
        dropping.output(List.of(line("dropped")));
        dropping.end(END);
        dropping.output(List.of(line("dropped too")));
        long last = 0;
        List<SessionEvent> said = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Outbox.Parcel parcel = Outputs.take(small);
            said.add(parcel.event());
            last = parcel.ordinal();
        }
        assertEquals(END, said.getLast());

        small.confirm(last);

        assertTrue(small.awaitEmpty(Duration.ofSeconds(10)));
        dropping.notice("late", "never said");
        assertEquals(0, small.size());
    }

    private static OutputLine line(String text) {
        return new OutputLine(Channel.STDOUT, text);
    }

    @Test
    void aNoticeThatComesBeforeTheStartFollowsIt() {
        stream.notice("early", "there is no session yet");
        assertEquals(0, outbox.size());
        stream.started(null);
        assertEquals(STARTED, Outputs.take(outbox).event());
        assertEquals(
                new SessionEvent.Notice(S1, EndpointRig.ID, 0, "early", "there is no session yet"),
                Outputs.take(outbox).event());
    }

    @Test
    void soItIsWhereTheSessionHadBegunInAnEarlierProcess() {
        stream.notice("early", "it goes on in a moment");
        stream.goesOn();
        stream.notice("next", "it goes on");
        assertEquals(2, outbox.size());
    }

    @Test
    void whereTheSessionDoesNotBeginItIsNotSaid() {
        stream.notice("early", "there is no session yet");
        stream.end(END);
        assertEquals(1, outbox.size());
        assertEquals(END, Outputs.take(outbox).event());
    }

    @Test
    void noNoticeFollowsTheEnd() {
        stream.started(null);
        stream.notice("first", "in time");
        stream.end(END);
        stream.notice("second", "too late");
        assertEquals(3, outbox.size());
        assertEquals(STARTED, Outputs.take(outbox).event());
        assertEquals(
                new SessionEvent.Notice(S1, EndpointRig.ID, 0, "first", "in time"),
                Outputs.take(outbox).event());
        assertEquals(END, Outputs.take(outbox).event());
    }
}
