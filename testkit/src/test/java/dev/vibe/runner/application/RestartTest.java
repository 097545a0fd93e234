package dev.vibe.runner.application;

import static dev.vibe.runner.application.EndpointRig.SOON;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.domain.AgentType;
import dev.vibe.runner.domain.EndpointEvent;
import dev.vibe.runner.domain.ServerCommand;
import dev.vibe.runner.domain.SessionEvent;
import dev.vibe.runner.domain.SessionId;
import dev.vibe.runner.domain.UserMessage;
import dev.vibe.runner.testkit.FakeAgent;
import dev.vibe.runner.testkit.FakeAgent.Deed;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A session is stopped, and started again under its name before it has ended. */
@Timeout(30)
class RestartTest {

    @Test
    void theNewSessionBeginsAfterTheEndOfTheOldOneAndHearsAllThatWasSaidSince() throws Exception {
        try (EndpointRig rig = new EndpointRig(1).started()) {
            FakeAgent old = rig.session("s1").ignoringStop();
            rig.stop("s1");
            old.deeds().take(Deed.Stopped.class, SOON);
            rig.start("s1", "first");
            rig.start("s1", "the same again, and no third session");
            rig.send("s1", "second");
            rig.send("s1", "third");
            awaitAllHeard(rig);
            old.says("last words");
            old.exits(143);

            FakeAgent anew = rig.claude.awaitLaunch();
            assertEquals(new UserMessage.Text("first"), anew.awaitMessage());
            assertEquals(new UserMessage.Text("second"), anew.awaitMessage());
            assertEquals(new UserMessage.Text("third"), anew.awaitMessage());
            anew.says("hello");
            anew.exits(0);
            rig.next("s1", SessionEvent.Ended.class);
            rig.next("s1", SessionEvent.Ended.class);

            assertEquals(
                    List.of("Started", "Output", "Ended", "Started", "Output", "Ended"),
                    rig.of("s1").stream()
                            .map(event -> event.getClass().getSimpleName())
                            .toList());
            assertEquals(2, rig.claude.requests().size());
        }
    }

    @Test
    void soItIsWhereTheEndIsInTheOutboxAlready() throws Exception {
        try (EndpointRig rig = new EndpointRig(1).started()) {
            rig.session("s1");
            rig.transport.holdBarriers();
            rig.stop("s1");
            rig.start("s1", "again");
            assertEquals(new UserMessage.Text("again"), rig.claude.awaitLaunch().awaitMessage());
        }
    }

    /** The end of the old session is sent again on the new link: it is no end of the one that runs. */
    @Test
    void aRepeatedStartOfASessionThatWasStartedAnewChangesNothing() throws Exception {
        try (EndpointRig rig = new EndpointRig(1).started()) {
            rig.session("s1");
            rig.transport.holdBarriers();
            rig.stop("s1");
            rig.next("s1", SessionEvent.Ended.class);
            rig.start("s1", "again");
            FakeAgent anew = rig.claude.awaitLaunch();
            assertEquals(new UserMessage.Text("again"), anew.awaitMessage());
            rig.transport.cut("test");
            rig.transport.answerBarriers();
            rig.transport.connect();
            rig.next("s1", SessionEvent.Ended.class);
            rig.next("s1", SessionEvent.Started.class);
            rig.start("s1", "again");
            rig.send("s1", "still there?");
            assertEquals(new UserMessage.Text("still there?"), anew.awaitMessage());
            anew.exits(0);
            rig.next("s1", SessionEvent.Ended.class);
            rig.session("s2");
            assertEquals(3, rig.claude.requests().size());
        }
    }

    /** Between the end of a session and the start that waits for its slot. */
    @Test
    void aSlotThatIsPromisedIsGivenToNobodyElse() throws Exception {
        try (EndpointRig rig = new EndpointRig(1).started()) {
            FakeAgent old = rig.session("s1").ignoringStop();
            rig.stop("s1");
            rig.start("s2", "first");
            awaitAllHeard(rig);
            rig.afterTerminal = () -> {
                rig.afterTerminal = () -> {};
                rig.start("s3", "in between");
                try {
                    assertTrue(rig.next("s3", SessionEvent.Failed.class).error().contains("at capacity"));
                } catch (InterruptedException over) {
                    Thread.currentThread().interrupt();
                }
            };
            old.exits(0);
            assertEquals(new UserMessage.Text("first"), rig.claude.awaitLaunch().awaitMessage());
            rig.next("s2", SessionEvent.Started.class);
        }
    }

    @Test
    void aCommandThatMakesNoSenseIsNoEndOfASessionThatIsToBeStarted() throws Exception {
        try (EndpointRig rig = new EndpointRig(1).started()) {
            FakeAgent old = rig.session("s1").ignoringStop();
            rig.stop("s1");
            rig.start("s2", "first");
            rig.transport.receive(new ServerCommand.Malformed("message:send", new SessionId("s2"), "no message"));
            awaitAllHeard(rig);
            old.exits(0);
            rig.next("s2", SessionEvent.Started.class);
            assertEquals(1, rig.of("s2").size());
        }
    }

    @Test
    void theFirstMessagesOfSessionsThatAreToBeStartedAreBounded() throws Exception {
        String most = "x".repeat(InboxBudget.POOL);
        try (EndpointRig rig = new EndpointRig(2).started()) {
            FakeAgent one = rig.session("s1").ignoringStop();
            FakeAgent two = rig.session("s2").ignoringStop();
            rig.stop("s1");
            rig.stop("s2");
            rig.start("s3", most);
            rig.start("s4", most);
            awaitAllHeard(rig);
            one.exits(0);
            assertEquals(new UserMessage.Text(most), rig.claude.awaitLaunch().awaitMessage());
            two.exits(0);
            assertEquals(
                    "message-refused", rig.next("s4", SessionEvent.Notice.class).code());
        }
    }

    @Test
    void aSecondStopWithdrawsTheStart() throws Exception {
        try (EndpointRig rig = new EndpointRig(1).started()) {
            FakeAgent old = rig.session("s1").ignoringStop();
            rig.stop("s1");
            rig.start("s1", "first");
            rig.stop("s1");
            awaitAllHeard(rig);
            old.exits(0);
            rig.next("s1", SessionEvent.Ended.class);
            rig.session("s2");
            assertEquals(2, rig.claude.requests().size());
            assertEquals(2, rig.of("s1").size());
        }
    }

    @Test
    void aStartThatWasWithdrawnCanBeSaidAgain() throws Exception {
        try (EndpointRig rig = new EndpointRig(1).started()) {
            FakeAgent old = rig.session("s1").ignoringStop();
            rig.stop("s1");
            rig.start("s1", "first");
            rig.send("s1", "to the first");
            rig.stop("s1");
            rig.start("s1", "second");
            awaitAllHeard(rig);
            old.exits(0);
            FakeAgent anew = rig.claude.awaitLaunch();
            assertEquals(new UserMessage.Text("second"), anew.awaitMessage());
            rig.send("s1", "to the second");
            assertEquals(new UserMessage.Text("to the second"), anew.awaitMessage());
        }
    }

    /** Whoever goes from one session to another stops the one and starts the other. */
    @Test
    void anotherSessionGetsTheSlotOfTheOneThatIsBeingStopped() throws Exception {
        try (EndpointRig rig = new EndpointRig(1).started()) {
            FakeAgent old = rig.session("s1").ignoringStop();
            rig.stop("s1");
            rig.start("s2", "first");
            rig.send("s2", "second");
            rig.start("s3", "there is no second slot");
            assertTrue(rig.next("s3", SessionEvent.Failed.class).error().contains("at capacity"));
            old.exits(0);
            FakeAgent other = rig.claude.awaitLaunch();
            assertEquals(new UserMessage.Text("first"), other.awaitMessage());
            assertEquals(new UserMessage.Text("second"), other.awaitMessage());
            rig.next("s1", SessionEvent.Ended.class);
            rig.next("s2", SessionEvent.Started.class);
            assertEquals(2, rig.claude.requests().size());
        }
    }

    @Test
    void eachSlotThatIsToBeFreeHasOneThatWaits() throws Exception {
        try (EndpointRig rig = new EndpointRig(2).started()) {
            FakeAgent one = rig.session("s1").ignoringStop();
            FakeAgent two = rig.session("s2").ignoringStop();
            rig.stop("s1");
            rig.stop("s2");
            rig.start("s3", "a");
            rig.start("s1", "b");
            rig.start("s4", "c");
            assertTrue(rig.next("s4", SessionEvent.Failed.class).error().contains("at capacity"));
            two.exits(0);
            assertEquals(new UserMessage.Text("a"), rig.claude.awaitLaunch().awaitMessage());
            one.exits(0);
            assertEquals(new UserMessage.Text("b"), rig.claude.awaitLaunch().awaitMessage());
        }
    }

    @Test
    void aStartThatWaitsForASlotAndIsStoppedEnds() throws Exception {
        try (EndpointRig rig = new EndpointRig(1).started()) {
            FakeAgent old = rig.session("s1").ignoringStop();
            rig.stop("s1");
            rig.start("s2", "first");
            rig.stop("s2");
            assertEquals("stopped", rig.next("s2", SessionEvent.Ended.class).reason());
            old.exits(0);
            rig.next("s1", SessionEvent.Ended.class);
            rig.session("s3");
            assertEquals(2, rig.claude.requests().size());
            assertEquals(1, rig.of("s2").size());
        }
    }

    /** Servers say again what they hold for pending: after a registration a start is not the answer to what was said before. */
    @Test
    void aStartThatIsRepeatedAtARegistrationStartsNothingThoughAStopCameBefore() throws Exception {
        try (EndpointRig rig = new EndpointRig(2).started()) {
            FakeAgent old = rig.session("s1").ignoringStop();
            rig.stop("s1");
            old.deeds().take(Deed.Stopped.class, SOON);
            rig.transport.cut("test");
            rig.transport.connect();
            rig.transport.arrived().take(EndpointEvent.Register.class, SOON);
            rig.start("s1", "repeated");
            rig.transport.receive(new ServerCommand.Registered(EndpointRig.ID));
            awaitAllHeard(rig);
            old.exits(0);
            rig.next("s1", SessionEvent.Ended.class);
            rig.session("s2");
            assertEquals(2, rig.claude.requests().size());
        }
    }

    @Test
    void aStartThatWaitsForASlotGoesOnWaitingWhereTheConnectionBreaks() throws Exception {
        try (EndpointRig rig = new EndpointRig(2).started()) {
            FakeAgent one = rig.session("s1").ignoringStop();
            FakeAgent two = rig.session("s2").ignoringStop();
            rig.stop("s1");
            rig.start("s3", "a");
            rig.stop("s2");
            rig.start("s4", "b");
            awaitAllHeard(rig);
            rig.transport.cut("test");
            rig.transport.connect();
            rig.transport.arrived().take(EndpointEvent.Register.class, SOON);
            rig.transport.receive(new ServerCommand.Registered(EndpointRig.ID));
            rig.send("nobody either", "hello");
            rig.next("nobody either", SessionEvent.Failed.class);
            one.exits(0);
            assertEquals(new UserMessage.Text("a"), rig.claude.awaitLaunch().awaitMessage());
            two.exits(0);
            assertEquals(new UserMessage.Text("b"), rig.claude.awaitLaunch().awaitMessage());
            rig.next("s4", SessionEvent.Started.class);
            assertEquals(1, rig.of("s4").size());
        }
    }

    @Test
    void aStartThatFindsNoRoomInTheEndIsRefusedAfterTheEnd() throws Exception {
        try (EndpointRig rig = new EndpointRig(1).started()) {
            FakeAgent old = rig.session("s1").ignoringStop();
            rig.stop("s1");
            rig.start("s1", new AgentType("gemini"), "first");
            rig.send("s1", "second");
            awaitAllHeard(rig);
            old.exits(0);
            rig.next("s1", SessionEvent.Ended.class);
            assertTrue(rig.next("s1", SessionEvent.Failed.class).error().contains("gemini"));
        }
    }

    @Test
    void whatIsTooMuchIsSaidToBeMissing() throws Exception {
        try (EndpointRig rig = new EndpointRig(1).started()) {
            FakeAgent old = rig.session("s1").ignoringStop();
            rig.stop("s1");
            rig.start("s1", "first");
            for (int i = 0; i < SessionInbox.MAX_INPUTS + 10; i++) {
                rig.send("s1", "message " + i);
            }
            assertEquals(
                    "message-refused", rig.next("s1", SessionEvent.Notice.class).code());
            awaitAllHeard(rig);
            old.exits(0);
            assertEquals(new UserMessage.Text("first"), rig.claude.awaitLaunch().awaitMessage());
        }
    }

    @Test
    void aStartThatWaitsAtAShutdownIsRefused() throws Exception {
        try (EndpointRig rig = new EndpointRig(1).started()) {
            rig.session("s1").ignoringStop();
            rig.stop("s1");
            rig.start("s1", "first");
            awaitAllHeard(rig);
            var _ = rig.endpoint.shutdown(Duration.ofSeconds(2));
            rig.next("s1", SessionEvent.Ended.class);
            assertTrue(rig.next("s1", SessionEvent.Failed.class).error().contains("shutting down"));
        }
    }

    /** Commands are looked at one after the other: the answer to this one shows that those before have been. */
    private static void awaitAllHeard(EndpointRig rig) throws InterruptedException {
        rig.send("nobody", "hello");
        rig.next("nobody", SessionEvent.Failed.class);
    }
}
