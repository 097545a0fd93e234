package dev.vibe.runner.application;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vibe.runner.application.port.out.SavedSession;
import dev.vibe.runner.application.port.out.SessionRequest;
import dev.vibe.runner.application.port.out.SessionStore;
import dev.vibe.runner.domain.AgentType;
import dev.vibe.runner.domain.SessionId;
import dev.vibe.runner.domain.StopCause;
import dev.vibe.runner.domain.UserMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class KeepsakeTest {
    private static final SessionId S1 = new SessionId("s1");
    private static final UserMessage WORK = new UserMessage.Text("work");

    private final List<SavedSession> saved = new ArrayList<>();
    private final AtomicReference<@Nullable StopCause> ending = new AtomicReference<>();
    private final Keepsake keepsake = new Keepsake(
            new SessionRequest(S1, EndpointRig.ID, "/work"),
            AgentType.CLAUDE,
            new SessionStore() {
                @Override
                public void save(SavedSession session) {
                    saved.add(session);
                }

                @Override
                public List<SavedSession> saved() {
                    return List.of();
                }
            },
            ending::get);

    @Test
    void theFirstMessageIsKeptUntilItIsGiven() {
        keepsake.beginsWith(WORK);
        keepsake.save("conversation");
        keepsake.given(new UserMessage.Text("other"));
        keepsake.given(WORK);
        keepsake.given(WORK);

        SavedSession bare = new SavedSession(S1, AgentType.CLAUDE, "/work", "conversation", 0);
        assertEquals(List.of(bare.unsaid(WORK), bare), saved);
    }

    @Test
    void aConversationThatGoesOnUnderAnotherNameIsSavedOnce() {
        keepsake.follow("not yet known", List.of());
        keepsake.save("conversation");
        keepsake.follow("conversation", List.of());
        keepsake.follow("other", List.of());
        keepsake.follow("other", List.of());

        assertEquals(
                List.of("conversation", "other"),
                saved.stream().map(SavedSession::agentSessionId).toList());
    }

    @Test
    void whatIsSetInTheAgentIsSavedOnce() {
        keepsake.save("conversation");
        keepsake.follow("conversation", List.of("plan"));
        keepsake.follow("conversation", List.of("plan"));

        assertEquals(
                List.of(List.of(), List.of("plan")),
                saved.stream().map(SavedSession::settings).toList());
    }

    @Test
    void nothingIsSavedBehindTheEnd() {
        keepsake.beginsWith(WORK);
        keepsake.save(null);
        keepsake.over();
        keepsake.save("conversation");
        keepsake.given(WORK);

        assertEquals(1, saved.size());
    }

    @Test
    void whyItIsBeingEndedIsAskedAtEachSaving() {
        ending.set(new StopCause.Requested());
        keepsake.save(null);

        assertEquals(new StopCause.Requested(), saved.getLast().ending());
    }
}
