package dev.vibe.runner.application;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.application.port.out.SessionRequest;
import dev.vibe.runner.domain.AgentType;
import dev.vibe.runner.domain.EndpointId;
import dev.vibe.runner.domain.SessionId;
import dev.vibe.runner.domain.StopCause;
import dev.vibe.runner.domain.UserMessage;
import dev.vibe.runner.testkit.FakeAgent;
import dev.vibe.runner.testkit.FakeAgentPort;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An agent that takes no more input, after the time it has to end. */
@Timeout(30)
class FeederTest {
    private static final SessionRequest REQUEST =
            new SessionRequest(new SessionId("s1"), new EndpointId("e2b-test"), null);

    private final List<StopCause> stops = new ArrayList<>();

    @Test
    void isEndedWhereItGoesOn() throws Exception {
        feed(FakeAgent::closesInput);
        assertEquals(List.of(new StopCause.Violation("claude closed its input and can be told nothing more")), stops);
    }

    /** The server may be away, and what it said last wait to be read. */
    @Test
    void isLeftAloneWhereItHasEndedThoughItsEndIsNotToldYet() throws Exception {
        feed(agent -> agent.exits(0));
        assertEquals(List.of(), stops);
    }

    /** Feeds it a message that it is too late for. */
    private void feed(Consumer<FakeAgent> once) throws Exception {
        FakeAgent agent = (FakeAgent) new FakeAgentPort(AgentType.CLAUDE).launch(REQUEST);
        SessionInbox inbox = new SessionInbox(new InboxBudget(1));
        assertTrue(inbox.offer(new SessionInput.Message(new UserMessage.Text("hello"))));
        Duration soon = Duration.ofMillis(1);
        new Feeder(agent, AgentType.CLAUDE, inbox, soon, soon, ready -> once.accept(agent), _ -> {}, stops::add).run();
        assertEquals(1, inbox.size(), "what it was not given is kept");
    }
}
