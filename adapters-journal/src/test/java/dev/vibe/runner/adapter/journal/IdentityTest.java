package dev.vibe.runner.adapter.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vibe.runner.application.port.out.SavedSession;
import dev.vibe.runner.domain.AgentType;
import dev.vibe.runner.domain.SessionId;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class IdentityTest {
    private static final SavedSession SESSION =
            new SavedSession(new SessionId("s1"), AgentType.CLAUDE, "/w", "conversation", 0);

    @Test
    void whatIsSetInTheAgentIsRead() throws Exception {
        List<String> settings = List.of("{\"mode\":\"plan\"}", "two");
        Identity identity = Identity.of(SESSION.set(settings));
        assertEquals(settings, Identity.of(identity.bytes()).settingsList());
    }

    /** A runner is upgraded while sessions run. */
    @Test
    void anIdentityOfAVersionThatKnewOfNoSettingsIsRead() throws Exception {
        Identity now = Identity.of(SESSION);
        byte[] bytes = now.bytes();
        assertEquals(now, Identity.of(Arrays.copyOf(bytes, bytes.length - Integer.BYTES)));
    }
}
