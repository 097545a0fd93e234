package dev.vibe.runner.application;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.domain.UserMessage;
import org.junit.jupiter.api.Test;

class SessionInboxTest {
    private final InboxBudget budget = new InboxBudget(200);
    private final SessionInbox inbox = new SessionInbox(budget);

    private static SessionInput message(int chars) {
        return new SessionInput.Message(new UserMessage.Text("x".repeat(chars)));
    }

    @Test
    void theLongestMessageFitsOnceAndAgainWhenItWasTaken() throws Exception {
        assertTrue(inbox.offer(message(InboxBudget.POOL)));
        assertFalse(inbox.offer(message(InboxBudget.POOL)));
        assertEquals(message(InboxBudget.POOL), inbox.awaitNext());
        assertFalse(inbox.offer(message(InboxBudget.POOL)), "it counts until the agent has it");
        inbox.taken();
        assertTrue(inbox.offer(message(InboxBudget.POOL)));
    }

    @Test
    void aTextOfWideCharactersCountsDouble() {
        SessionInput wide =
                new SessionInput.Message(new UserMessage.Text("\u20ac".repeat(InboxBudget.POOL / 2 - 4_096)));
        assertTrue(inbox.offer(wide));
        assertFalse(inbox.offer(message(100_000)));
    }

    @Test
    void aSessionThatHoardsLeavesTheOthersTheirShare() {
        int hoarded = 0;
        while (inbox.offer(message(100_000))) {
            hoarded++;
        }
        assertTrue(hoarded > 50, "hoarded " + hoarded);
        SessionInbox other = new SessionInbox(budget);
        assertTrue(other.offer(message(4_000)));
        assertTrue(other.offer(message(4_000)));
        assertFalse(other.offer(message(100_000)));
    }

    @Test
    void onlyTheOneThatHoldsMostIsSaidToHoard() {
        SessionInbox other = new SessionInbox(budget);
        assertTrue(inbox.offer(message(InboxBudget.POOL * 3 / 4)));
        assertTrue(other.offer(message(InboxBudget.POOL / 4)));
        assertFalse(other.offer(message(100_000)));
        assertTrue(inbox.hoards());
        assertFalse(other.hoards());
    }

    @Test
    void whatAnEndedSessionHeldIsFreeAgain() {
        assertTrue(inbox.offer(message(InboxBudget.POOL)));
        inbox.close();
        assertTrue(inbox.offer(message(10)), "what comes late is dropped, and no violation");
        assertEquals(0, inbox.size());
        assertTrue(new SessionInbox(budget).offer(message(InboxBudget.POOL)));
    }

    @Test
    void theCountIsBoundedToo() {
        for (int i = 0; i < SessionInbox.MAX_INPUTS; i++) {
            assertTrue(inbox.offer(new SessionInput.Interrupt()));
        }
        assertFalse(inbox.offer(new SessionInput.Interrupt()));
        assertTrue(inbox.hoards());
    }
}
