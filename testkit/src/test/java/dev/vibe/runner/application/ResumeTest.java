package dev.vibe.runner.application;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.application.port.out.SavedSession;
import dev.vibe.runner.domain.AgentType;
import dev.vibe.runner.domain.ServerCommand;
import dev.vibe.runner.domain.SessionEvent;
import dev.vibe.runner.domain.SessionId;
import dev.vibe.runner.domain.StopCause;
import dev.vibe.runner.domain.UserMessage;
import dev.vibe.runner.testkit.FakeAgent;
import java.util.List;
import org.junit.jupiter.api.Test;

class ResumeTest {
    private static final SessionId S1 = new SessionId("s1");

    @Test
    void anAgentThatDiesBetweenTurnsIsGoneOnWithInANewProcess() throws Exception {
        try (EndpointRig rig = new EndpointRig(1).started()) {
            rig.claude.resuming();
            FakeAgent first = rig.session("s1");
            first.says("one");
            first.completesATurn();
            first.exits(137);
            SessionEvent.Notice notice = rig.next("s1", SessionEvent.Notice.class);
            assertEquals("agent-restarted", notice.code());
            assertTrue(notice.text().contains("signal 9"), notice.text());
            FakeAgent second = rig.claude.awaitLaunch();
            assertEquals(first.agentSessionId(), second.request().resume());
            rig.send("s1", "still there?");
            assertEquals(new UserMessage.Text("still there?"), second.awaitMessage());
            second.says("yes");
            assertEquals(2, rig.next("s1", SessionEvent.Output.class).seq());
            assertEquals(
                    1,
                    rig.of("s1").stream()
                            .filter(SessionEvent.Started.class::isInstance)
                            .count());
        }
    }

    /** A session that was restricted must not do all it likes in its next process. */
    @Test
    void whatIsSetInTheAgentIsSetInTheNextOneToo() throws Exception {
        try (EndpointRig rig = new EndpointRig(1).started()) {
            rig.claude.resuming();
            FakeAgent first = rig.session("s1");
            first.isSet("plan");
            first.completesATurn();
            first.exits(137);
            assertEquals(List.of("plan"), rig.claude.awaitLaunch().request().settings());
        }
    }

    @Test
    void soItIsWhereTheRunnerHasDied() throws Exception {
        try (EndpointRig rig = new EndpointRig(1)) {
            rig.claude.resuming();
            rig.saved = List.of(new SavedSession(S1, AgentType.CLAUDE, null, "conversation", 3).set(List.of("plan")));
            rig.started();
            assertEquals(List.of("plan"), rig.claude.awaitLaunch().request().settings());
        }
    }

    /** Claude exits with 1 where its last turn was interrupted or failed. */
    @Test
    void anAgentThatWasToldToEndIsNotReplacedHoweverItExits() throws Exception {
        try (EndpointRig rig = new EndpointRig(1).started()) {
            rig.claude.resuming();
            FakeAgent first = rig.session("s1");
            first.completesATurn();
            first.agreesToEnd();
            first.exits(1);
            SessionEvent.Ended ended = rig.next("s1", SessionEvent.Ended.class);
            assertEquals("stopped", ended.reason());
            assertEquals(1, ended.exitCode());
            assertEquals(1, rig.claude.requests().size());
        }
    }

    @Test
    void theConversationThatIsGoneOnWithIsTheOneTheAgentIsInThen() throws Exception {
        try (EndpointRig rig = new EndpointRig(1).started()) {
            rig.claude.resuming();
            FakeAgent first = rig.session("s1");
            first.withConversation("another");
            first.says("cleared");
            rig.next("s1", SessionEvent.Output.class);
            first.completesATurn();
            first.exits(137);
            rig.next("s1", SessionEvent.Notice.class);
            assertEquals("another", rig.claude.awaitLaunch().request().resume());
        }
    }

    @Test
    void anAgentThatHadStoredNothingIsNotReplacedByOneThatKnowsNothing() throws Exception {
        try (EndpointRig rig = new EndpointRig(1).started()) {
            rig.claude.resuming().forgetting();
            FakeAgent first = rig.session("s1");
            first.completesATurn();
            first.exits(3);
            assertEquals(
                    "claude exited with code 3",
                    rig.next("s1", SessionEvent.Failed.class).error());
            assertEquals(1, rig.claude.requests().size());
        }
    }

    @Test
    void anAgentThatTurnsOutToHaveStoredNothingIsSaidToBeginAnew() throws Exception {
        try (EndpointRig rig = new EndpointRig(1).started()) {
            rig.claude.resuming();
            FakeAgent first = rig.session("s1");
            first.completesATurn();
            rig.claude.withSetup(FakeAgent::withLostConversation);
            first.exits(137);
            String notice = rig.next("s1", SessionEvent.Notice.class).text();
            assertTrue(notice.contains("knows nothing of the conversation"), notice);
        }
    }

    /** It would hold its slot, and the server would wait for an end it had asked for. */
    @Test
    void sessionsThatWereBeingEndedWhenTheRunnerDiedEnd() throws Exception {
        try (EndpointRig rig = new EndpointRig(1)) {
            rig.claude.resuming();
            rig.saved = List.of(
                    new SavedSession(new SessionId("s1"), AgentType.CLAUDE, null, "conversation", 3)
                            .ending(new StopCause.Requested()),
                    new SavedSession(new SessionId("s2"), AgentType.CLAUDE, null, "conversation", 3)
                            .ending(new StopCause.Violation("it ran too long")));
            rig.started();
            assertEquals("stopped", rig.next("s1", SessionEvent.Ended.class).reason());
            assertEquals(
                    "it ran too long", rig.next("s2", SessionEvent.Failed.class).error());
            rig.session("s3");
            assertEquals(1, rig.claude.requests().size());
        }
    }

    @Test
    void theMessageThatASessionBeginsWithIsKeptUntilItsAgentHasBeenGivenIt() throws Exception {
        UserMessage work = new UserMessage.Text("work");
        try (EndpointRig rig = new EndpointRig(1).started()) {
            rig.claude.withSetup(FakeAgent::slowToGetReady);
            rig.start("s1", "work");
            FakeAgent agent = rig.claude.awaitLaunch();
            rig.next("s1", SessionEvent.Started.class);
            assertEquals(work, rig.savings.getLast().unsaid());
            agent.becomesReady();
            agent.awaitMessage();
            agent.exits(0);
            rig.next("s1", SessionEvent.Ended.class);
            assertNull(rig.savings.getLast().unsaid());
        }
    }

    @Test
    void aMessageThatWasRefusedIsNotWhatASessionBeginsWithAfterADeath() throws Exception {
        try (EndpointRig rig = new EndpointRig(2).started()) {
            rig.session("deaf").stopsReadingInput();
            rig.send("deaf", "x".repeat(InboxBudget.POOL));
            rig.start("s1", "x".repeat(InboxBudget.POOL / 4));
            rig.next("s1", SessionEvent.Notice.class);
            assertNull(rig.savings.stream()
                    .filter(saved -> saved.id().equals(S1))
                    .toList()
                    .getLast()
                    .unsaid());
        }
    }

    @Test
    void aSessionOfADeadRunnerBeginsWithWhatItsAgentHadNotBeenGiven() throws Exception {
        UserMessage work = new UserMessage.Text("work");
        try (EndpointRig rig = new EndpointRig(1)) {
            rig.claude.resuming();
            rig.saved = List.of(
                    new SavedSession(new SessionId("s1"), AgentType.CLAUDE, null, "conversation", 0).unsaid(work));
            rig.started();
            FakeAgent agent = rig.claude.awaitLaunch();
            assertEquals(work, agent.awaitMessage());
            rig.next("s1", SessionEvent.Notice.class);
        }
    }

    /** Codex gives its conversation a name later, and some agents can go on with none. */
    @Test
    void soDoesOneWhoseConversationHasNoName() throws Exception {
        UserMessage work = new UserMessage.Text("work");
        try (EndpointRig rig = new EndpointRig(2)) {
            rig.saved = List.of(
                    new SavedSession(S1, AgentType.CLAUDE, "/work", null, 0).unsaid(work),
                    new SavedSession(new SessionId("s2"), AgentType.CLAUDE, null, null, 0));
            rig.started();
            assertTrue(rig.next("s2", SessionEvent.Failed.class).error().contains("the runner was restarted"));
            FakeAgent agent = rig.claude.awaitLaunch();
            assertEquals(work, agent.awaitMessage());
            assertNull(agent.request().resume());
            assertEquals("/work", agent.request().workingDirectory());
        }
    }

    @Test
    void thatASessionIsBeingEndedIsSavedBeforeItsAgentIsStopped() throws Exception {
        try (EndpointRig rig = new EndpointRig(1).started()) {
            rig.claude.withSetup(FakeAgent::slowToGetReady);
            FakeAgent agent = rig.session("s1").ignoringStop();
            assertNull(rig.nextSaving().ending());
            rig.stop("s1");
            agent.deeds().take(FakeAgent.Deed.Stopped.class, EndpointRig.SOON);
            assertEquals(new StopCause.Requested(), rig.savings.getLast().ending());
            assertEquals(new StopCause.Requested(), rig.nextSaving().ending());
            agent.becomesReady(); // is saved too, and must not hide it
            assertEquals(new StopCause.Requested(), rig.nextSaving().ending());
            agent.exits(0);
            rig.next("s1", SessionEvent.Ended.class);
            assertEquals(new StopCause.Requested(), rig.savings.getLast().ending());
        }
    }

    @Test
    void aProcessThatCannotBeStartedAgainEndsTheSessionWithBothReasons() throws Exception {
        try (EndpointRig rig = new EndpointRig(1).started()) {
            rig.claude.resuming();
            FakeAgent first = rig.session("s1");
            first.completesATurn();
            rig.claude.failLaunches("no such directory");
            first.exits(137);
            String error = rig.next("s1", SessionEvent.Failed.class).error();
            assertTrue(error.contains("signal 9") && error.contains("no such directory"), error);
        }
    }

    @Test
    void aSecondDeathWithinAMinuteEndsTheSession() throws Exception {
        try (EndpointRig rig = new EndpointRig(1).started()) {
            rig.claude.resuming();
            FakeAgent first = rig.session("s1");
            first.completesATurn();
            first.exits(1);
            FakeAgent second = rig.claude.awaitLaunch();
            second.completesATurn();
            second.exits(2);
            assertEquals(
                    "claude exited with code 2",
                    rig.next("s1", SessionEvent.Failed.class).error());
        }
    }

    @Test
    void aDeathWithinATurnOrBeforeTheFirstEndsTheSession() throws Exception {
        try (EndpointRig rig = new EndpointRig(2).started()) {
            rig.claude.resuming();
            rig.session("s1").exits(137);
            rig.next("s1", SessionEvent.Failed.class);
            FakeAgent inATurn = rig.session("s2");
            inATurn.completesATurn();
            inATurn.beginsATurn();
            inATurn.exits(137);
            rig.next("s2", SessionEvent.Failed.class);
        }
    }

    @Test
    void sessionsOfADeadRunnerAreGoneOnWith() throws Exception {
        try (EndpointRig rig = new EndpointRig(1)) {
            rig.claude.resuming();
            rig.saved = List.of(new SavedSession(S1, AgentType.CLAUDE, "/w", "conversation", 41));
            rig.started();
            FakeAgent agent = rig.claude.awaitLaunch();
            assertEquals("conversation", agent.request().resume());
            assertEquals("/w", agent.request().workingDirectory());
            SessionEvent.Notice notice = rig.next("s1", SessionEvent.Notice.class);
            assertEquals("runner-restarted", notice.code());
            assertEquals(41, notice.seq());
            rig.start("s2", null);
            assertTrue(rig.next("s2", SessionEvent.Failed.class).error().contains("at capacity"));
            rig.stop("s1");
            rig.next("s1", SessionEvent.Ended.class);
        }
    }

    @Test
    void sessionsThatCannotBeResumedGetTheirTerminalEvent() throws Exception {
        try (EndpointRig rig = new EndpointRig(1)) {
            rig.saved = List.of(
                    new SavedSession(S1, AgentType.CLAUDE, null, "conversation", 3),
                    new SavedSession(new SessionId("s2"), new AgentType("gone"), null, null, 0));
            rig.started();
            assertTrue(rig.next("s1", SessionEvent.Failed.class).error().contains("restarted"));
            rig.next("s2", SessionEvent.Failed.class);
            FakeAgent fresh = rig.session("s3");
            assertNull(fresh.request().resume());
        }
    }

    @Test
    void aStartRepeatedForASessionWhoseEndADeadRunnerLeftIsIgnored() throws Exception {
        try (EndpointRig rig = new EndpointRig(1)) {
            rig.outbox.append(new SessionEvent.Failed(S1, EndpointRig.ID, "left by a dead runner"));
            rig.answering = false;
            rig.started();
            rig.transport.holdBarriers(); // until then the end is not sent on this connection
            rig.transport.receive(new ServerCommand.Registered(EndpointRig.ID));
            rig.start("s1", null);
            rig.start("s2", null);
            var _ = rig.claude.awaitLaunch(); // the start before it has been dealt with
            rig.transport.answerBarriers();
            rig.next("s1", SessionEvent.Failed.class);
            rig.next("s2", SessionEvent.Started.class);
            assertEquals(1, rig.claude.requests().size());
        }
    }
}
