package dev.vibe.runner.application;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.domain.SessionId;
import org.junit.jupiter.api.Test;

class RecentSessionsTest {
    private static final SessionId USED_AGAIN = new SessionId("used again");

    private final RecentSessions sessions = new RecentSessions();

    private void end(int first, int count) {
        for (int i = first; i < first + count; i++) {
            sessions.ending(new SessionId("s" + i));
            sessions.ended(new SessionId("s" + i));
        }
    }

    @Test
    void theOldestIsForgotten() {
        end(0, 1_001);
        assertFalse(sessions.contains(new SessionId("s0")));
        assertTrue(sessions.contains(new SessionId("s1")));
    }

    /** It has ended just now, whenever its name was first used. */
    @Test
    void aNameThatIsUsedAgainIsNotTheOldest() {
        sessions.ended(USED_AGAIN);
        end(0, 999);
        sessions.ending(USED_AGAIN);
        end(999, 1);
        assertTrue(sessions.isEnding(USED_AGAIN));
        assertFalse(sessions.contains(new SessionId("s0")));
    }
}
