package dev.vibe.runner.application;

import static dev.vibe.runner.application.EndpointRig.SOON;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.domain.AgentType;
import dev.vibe.runner.domain.EndpointEvent;
import dev.vibe.runner.domain.ExitStatus;
import dev.vibe.runner.domain.ServerCommand;
import dev.vibe.runner.domain.SessionEvent;
import dev.vibe.runner.domain.SessionId;
import dev.vibe.runner.domain.UserMessage;
import dev.vibe.runner.testkit.FakeAgent;
import dev.vibe.runner.testkit.FakeAgent.Deed;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SessionTest {

    @Test
    void startedThenMessagesThenEnded() throws Exception {
        try (EndpointRig rig = new EndpointRig(1).started()) {
            rig.start("s1", "hello");
            FakeAgent agent = rig.claude.awaitLaunch();
            assertEquals(new UserMessage.Text("hello"), agent.awaitMessage());
            agent.says("one");
            agent.complains("two");
            rig.send("s1", "again");
            assertEquals(new UserMessage.Text("again"), agent.awaitMessage());
            agent.says("three");
            agent.exits(0);
            rig.next("s1", SessionEvent.Ended.class);
            List<SessionEvent> events = rig.of("s1");
            assertInstanceOf(SessionEvent.Started.class, events.getFirst());
            assertEquals(List.of("one", "two", "three"), rig.texts("s1"));
            for (int i = 0; i < 3; i++) {
                assertEquals(
                        i,
                        assertInstanceOf(SessionEvent.Output.class, events.get(i + 1))
                                .seq());
            }
            assertEquals(new SessionEvent.Ended(new SessionId("s1"), EndpointRig.ID, "completed", 0), events.getLast());
            assertEquals(5, events.size());
        }
    }

    @Test
    void aSlotIsFreeBeforeItsTerminalEventIsSeen() throws Exception {
        try (EndpointRig rig = new EndpointRig(1).started()) {
            for (int round = 0; round < 100; round++) {
                FakeAgent agent = rig.session("s" + round);
                agent.exits(0);
                rig.next("s" + round, SessionEvent.Ended.class);
            }
        }
    }

    @Test
    void overCapacityIsRefusedAndDisturbsNothing() throws Exception {
        try (EndpointRig rig = new EndpointRig(1).started()) {
            FakeAgent agent = rig.session("s1");
            rig.start("s2", null);
            SessionEvent.Failed refused = rig.next("s2", SessionEvent.Failed.class);
            assertTrue(refused.error().contains("at capacity: 1 of 1"), refused.error());
            agent.says("still here");
            rig.next("s1", SessionEvent.Output.class);
        }
    }

    @Test
    void anUnknownAgentTypeIsRefused() throws Exception {
        try (EndpointRig rig = new EndpointRig(1).started()) {
            rig.start("s1", new AgentType("gemini"), null);
            String error = rig.next("s1", SessionEvent.Failed.class).error();
            assertTrue(error.contains("gemini") && error.contains("claude, codex"), error);
        }
    }

    @Test
    void aFailedLaunchIsTheOnlyEvent() throws Exception {
        try (EndpointRig rig = new EndpointRig(1).started()) {
            rig.claude.failLaunches("the directory /nowhere does not exist");
            rig.start("s1", "hi");
            assertEquals(
                    "the directory /nowhere does not exist",
                    rig.next("s1", SessionEvent.Failed.class).error());
            assertEquals(1, rig.of("s1").size());
            rig.claude.failLaunches(null);
            rig.session("s2");
        }
    }

    /** How it was ended then is the runner's doing, and tells nobody anything. */
    @Test
    void anAgentThatRefusesItsHandshakeEndsTheSessionWithItsReasonAlone() throws Exception {
        try (EndpointRig rig = new EndpointRig(1).started()) {
            rig.claude.withSetup(FakeAgent::slowToGetReady);
            rig.session("s1").refuses("no such model");
            assertEquals(
                    "no such model", rig.next("s1", SessionEvent.Failed.class).error());
        }
    }

    @Test
    void aRepeatedStartDoesNotStartASecondProcess() throws Exception {
        try (EndpointRig rig = new EndpointRig(2).started()) {
            FakeAgent agent = rig.session("s1");
            rig.start("s1", "again");
            rig.send("s1", "marker");
            assertEquals(new UserMessage.Text("marker"), agent.awaitMessage());
            assertEquals(1, rig.claude.requests().size());
        }
    }

    @Test
    void aStartRepeatedAtARegistrationIsIgnoredWhileTheEndIsOnItsWay() throws Exception {
        try (EndpointRig rig = new EndpointRig(2).started()) {
            FakeAgent agent = rig.session("s1");
            rig.transport.cut("test");
            endUnheard(rig, agent);
            reconnectWithoutAnswers(rig);
            rig.start("s1", null);
            rig.transport.answerBarriers();
            rig.next("s1", SessionEvent.Ended.class);
            rig.session("s2");
            assertEquals(2, rig.claude.requests().size());
        }
    }

    /** Under load such a start was looked at long after it had come: the agent did everything twice. */
    @Test
    void aStartRepeatedAtARegistrationIsIgnoredThoughTheSessionHasEndedSince() throws Exception {
        try (EndpointRig rig = new EndpointRig(2).started()) {
            FakeAgent agent = rig.session("s1");
            rig.transport.cut("test");
            reconnectWithoutAnswers(rig);
            endUnheard(rig, agent);
            rig.start("s1", null);
            rig.transport.answerBarriers();
            rig.next("s1", SessionEvent.Ended.class);
            rig.session("s2");
            assertEquals(2, rig.claude.requests().size());
        }
    }

    /** The answer to another command is no end: nothing ran under that name. */
    @Test
    void aSessionRunsThoughTheRefusalOfAnEarlierCommandForItIsStillOnItsWay() throws Exception {
        try (EndpointRig rig = new EndpointRig(2).started()) {
            rig.transport.cut("test");
            reconnectWithoutAnswers(rig);
            rig.send("s1", "too early");
            rig.start("s1", "work");
            assertEquals(new UserMessage.Text("work"), rig.claude.awaitLaunch().awaitMessage());
            rig.transport.answerBarriers();
            rig.next("s1", SessionEvent.Failed.class);
            rig.next("s1", SessionEvent.Started.class);
            rig.stop("s1");
            rig.next("s1", SessionEvent.Ended.class);
        }
    }

    /** The server takes the refusal for the answer to both: an agent would run that nobody knows of. */
    @Test
    void aRefusedStartThatIsRepeatedAtARegistrationStaysRefused() throws Exception {
        try (EndpointRig rig = new EndpointRig(1).started()) {
            FakeAgent agent = rig.session("s0");
            rig.transport.cut("test");
            reconnectWithoutAnswers(rig);
            rig.start("s1", null);
            awaitHeld(rig, "s1"); // refused while s0 has the only slot
            endUnheard(rig, agent);
            rig.start("s1", null);
            rig.transport.answerBarriers();
            rig.next("s1", SessionEvent.Failed.class);
            rig.session("s2");
            assertEquals(2, rig.claude.requests().size());
            assertEquals(1, rig.of("s1").size());
        }
    }

    @Test
    void aServerThatStartsASessionAnewAtItsEndIsObeyed() throws Exception {
        try (EndpointRig rig = new EndpointRig(1).started()) {
            rig.session("s1");
            rig.transport.holdBarriers();
            rig.stop("s1");
            rig.next("s1", SessionEvent.Ended.class);
            rig.session("s1");
            assertEquals(2, rig.claude.requests().size());
        }
    }

    @Test
    void aSessionCanBeStartedAnewOnceItsEndIsConfirmed() throws Exception {
        try (EndpointRig rig = new EndpointRig(1).started()) {
            rig.session("s1").exits(0);
            rig.next("s1", SessionEvent.Ended.class);
            assertTrue(rig.outbox.awaitEmpty(SOON));
            rig.session("s1");
        }
    }

    @Test
    void aSessionCanBeStartedAnewBeforeItsThreadLearnsThatItsEndIsConfirmed() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        try (EndpointRig rig = new EndpointRig(1).started()) {
            rig.afterTerminal = () -> {
                try {
                    asked.await();
                } catch (InterruptedException end) {
                    Thread.currentThread().interrupt();
                }
            };
            rig.session("s1").exits(0);
            rig.next("s1", SessionEvent.Ended.class);
            assertTrue(rig.outbox.awaitEmpty(SOON));
            rig.start("s1", null);
            rig.send("s2", "the answer to this shows that the start was looked at");
            rig.next("s2", SessionEvent.Failed.class);
            asked.countDown();
            rig.claude.awaitLaunch();
        }
    }

    /** A receiver drops what is not above the highest number it has of a session. */
    @Test
    void aSessionThatIsStartedAnewGoesOnCounting() throws Exception {
        try (EndpointRig rig = new EndpointRig(1).started()) {
            FakeAgent first = rig.session("s1");
            first.says("one");
            first.says("two");
            first.exits(0);
            rig.next("s1", SessionEvent.Ended.class);
            assertTrue(rig.outbox.awaitEmpty(SOON));
            FakeAgent second = rig.session("s1");
            second.says("three");
            assertEquals(2, rig.next("s1", SessionEvent.Output.class).seq());
        }
    }

    @Test
    void aSessionOfWhichOnlyTheServerKnowsGoesOnCountingWhenItIsStartedAnew() throws Exception {
        try (EndpointRig rig = new EndpointRig(1).started()) {
            rig.transport.receive(new ServerCommand.Registered(EndpointRig.ID, Map.of(new SessionId("s1"), 41L)));
            rig.session("s1").says("hello");
            assertEquals(42, rig.next("s1", SessionEvent.Output.class).seq());
        }
    }

    @Test
    void anExitCodeOrASignalIsAnErrorThatSaysSo() throws Exception {
        try (EndpointRig rig = new EndpointRig(2).started()) {
            FakeAgent agent = rig.session("s1");
            agent.complains("panic: cannot");
            agent.exits(3);
            assertEquals(
                    "claude exited with code 3: panic: cannot",
                    rig.next("s1", SessionEvent.Failed.class).error());
            rig.session("s2").exits(137);
            assertEquals(
                    "claude was ended by signal 9 (SIGKILL)",
                    rig.next("s2", SessionEvent.Failed.class).error());
        }
    }

    @Test
    void aStopEndsTheSessionWhateverTheExitCode() throws Exception {
        try (EndpointRig rig = new EndpointRig(1).started()) {
            FakeAgent agent = rig.session("s1");
            agent.ignoringStop();
            rig.stop("s1");
            agent.deeds().take(Deed.Stopped.class, SOON);
            agent.says("last words");
            agent.exits(143);
            assertEquals("stopped", rig.next("s1", SessionEvent.Ended.class).reason());
            assertEquals(List.of("last words"), rig.texts("s1"));
        }
    }

    @Test
    void anAgentThatCannotBeStoppedIsKilled() throws Exception {
        try (EndpointRig rig = new EndpointRig(1).started()) {
            FakeAgent agent = rig.session("s1").withoutThreadsForStop();
            rig.stop("s1");
            agent.deeds().take(Deed.Killed.class, SOON);
            assertEquals("stopped", rig.next("s1", SessionEvent.Ended.class).reason());
        }
    }

    @Test
    void anAgentThatCannotBeFedForWantOfAThreadIsEndedInsteadOfLeftWaiting() throws Exception {
        try (EndpointRig rig = new EndpointRig(1).started()) {
            FakeAgent agent = rig.session("s1").withoutThreadsForInput();
            rig.send("s1", "hello");
            agent.deeds().take(Deed.Stopped.class, SOON);
            String error = rig.next("s1", SessionEvent.Failed.class).error();
            assertTrue(error.contains("unable to create native thread"), error);
        }
    }

    @Test
    void whatRefusesToDieIsNamed() throws Exception {
        try (EndpointRig rig = new EndpointRig(1).started()) {
            FakeAgent agent = rig.session("s1").ignoringStop();
            rig.stop("s1");
            agent.exits(new ExitStatus(0, List.of("77 (zombie)")));
            String error = rig.next("s1", SessionEvent.Failed.class).error();
            assertTrue(error.contains("77 (zombie)"), error);
        }
    }

    @Test
    void aStopWhileStartingEndsTheSession() throws Exception {
        try (EndpointRig rig = new EndpointRig(1).started()) {
            rig.claude.holdLaunches();
            rig.start("s1", "hi");
            rig.claude.requests().take(SOON);
            rig.stop("s1");
            rig.send("s1", "passed after the stop");
            rig.claude.releaseLaunches();
            assertEquals("stopped", rig.next("s1", SessionEvent.Ended.class).reason());
            assertInstanceOf(SessionEvent.Started.class, rig.of("s1").getFirst());
            rig.session("s2");
        }
    }

    /** On a drive that does not answer, where nothing can interrupt it. */
    @Test
    void aStartThatHangsEndsInTimeAndWhatItStartsAfterAllIsEnded() throws Exception {
        try (EndpointRig rig = new EndpointRig(1).started()) {
            rig.claude.holdLaunches();
            rig.start("s1", "hi");
            String error = rig.next("s1", SessionEvent.Failed.class).error();
            assertTrue(error.contains("VIBE_START_TIMEOUT_SECONDS"), error);
            assertEquals(1, rig.of("s1").size());
            rig.claude.releaseLaunches();
            rig.claude.awaitLaunch().deeds().take(Deed.Killed.class, SOON);
            rig.session("s2");
        }
    }

    @Test
    void aStartThatHangsCanBeStopped() throws Exception {
        try (EndpointRig rig = new EndpointRig(1).started()) {
            rig.claude.holdLaunches();
            rig.start("s1", "hi");
            rig.claude.requests().take(SOON);
            rig.stop("s1");
            assertEquals("stopped", rig.next("s1", SessionEvent.Ended.class).reason());
            rig.claude.releaseLaunches();
            rig.claude.awaitLaunch().deeds().take(Deed.Killed.class, SOON);
        }
    }

    /** A wrapper that knows nothing of handshakes. */
    @Test
    void anAgentThatLeavesTheHandshakeUnansweredIsToldWhatWaitsForIt() throws Exception {
        try (EndpointRig rig = new EndpointRig(1).started()) {
            rig.claude.withSetup(agent -> agent.slowToGetReady().toldUnansweredAfter(Duration.ofMillis(20)));
            rig.start("s1", "hi");
            FakeAgent agent = rig.claude.awaitLaunch();
            assertEquals(new UserMessage.Text("hi"), agent.awaitMessage());
            agent.becomesReady();
            rig.send("s1", "and on");
            assertEquals(new UserMessage.Text("and on"), agent.awaitMessage());
        }
    }

    @Test
    void anAgentThatSaysNothingThoughItWasToldIsEnded() throws Exception {
        try (EndpointRig rig = new EndpointRig(1).started()) {
            rig.claude.withSetup(agent -> agent.slowToGetReady().toldUnansweredAfter(Duration.ofMillis(20)));
            rig.start("s1", "hi");
            String error = rig.next("s1", SessionEvent.Failed.class).error();
            assertTrue(error.startsWith("claude did not become ready within"), error);
        }
    }

    @Test
    void anAgentThatDoesNotBecomeReadyIsEnded() throws Exception {
        try (EndpointRig rig = new EndpointRig(1).started()) {
            rig.claude.withSetup(FakeAgent::slowToGetReady);
            rig.start("s1", "hi");
            String error = rig.next("s1", SessionEvent.Failed.class).error();
            assertTrue(error.startsWith("claude did not become ready within"), error);
        }
    }

    @Test
    void messagesForUnknownSessionsAreAnsweredAndForEndedOnesNot() throws Exception {
        try (EndpointRig rig = new EndpointRig(1).started()) {
            rig.send("ghost", "hello?");
            assertTrue(rig.next("ghost", SessionEvent.Failed.class).error().contains("unknown session"));
            rig.stop("phantom");
            assertTrue(rig.next("phantom", SessionEvent.Failed.class).error().contains("unknown session"));
            rig.session("s1").exits(0);
            rig.next("s1", SessionEvent.Ended.class);
            rig.send("s1", "too late");
            rig.stop("s1");
            rig.session("s2");
            assertEquals(2, rig.of("s1").size());
        }
    }

    @Test
    void aMalformedCommandIsAnsweredWithoutEndingARunningSession() throws Exception {
        try (EndpointRig rig = new EndpointRig(1).started()) {
            FakeAgent agent = rig.session("s1");
            rig.transport.receive(
                    new ServerCommand.Malformed("message:send", new SessionId("s1"), "message is missing"));
            SessionEvent.Notice notice = rig.next("s1", SessionEvent.Notice.class);
            assertEquals("malformed message:send: message is missing", notice.text());
            rig.transport.receive(
                    new ServerCommand.Malformed("session:start", new SessionId("s9"), "agentType is missing"));
            assertEquals(
                    "malformed session:start: agentType is missing",
                    rig.next("s9", SessionEvent.Failed.class).error());
            rig.transport.receive(new ServerCommand.Malformed("session:stop", null, "the payload is not an object"));
            agent.says("alive");
            assertEquals(1, rig.next("s1", SessionEvent.Output.class).seq());
        }
    }

    @Test
    void aMalformedCommandForASessionThatHasEndedIsNoSecondEnd() throws Exception {
        try (EndpointRig rig = new EndpointRig(1).started()) {
            rig.session("s1").exits(0);
            rig.next("s1", SessionEvent.Ended.class);
            rig.transport.receive(
                    new ServerCommand.Malformed("message:send", new SessionId("s1"), "message is missing"));
            rig.session("s2");
            assertInstanceOf(SessionEvent.Ended.class, rig.of("s1").getLast());
            assertEquals(2, rig.of("s1").size());
        }
    }

    /** It asks for a session, and whoever waits for that one gets an answer. */
    @Test
    void aMalformedStartOfASessionThatHasEndedIsRefused() throws Exception {
        try (EndpointRig rig = new EndpointRig(1).started()) {
            rig.session("s1").exits(0);
            rig.next("s1", SessionEvent.Ended.class);
            rig.transport.receive(
                    new ServerCommand.Malformed("session:start", new SessionId("s1"), "agentType is missing"));
            assertEquals(
                    "malformed session:start: agentType is missing",
                    rig.next("s1", SessionEvent.Failed.class).error());
        }
    }

    @Test
    void aMalformedStartRepeatedAtARegistrationIsNoSecondEnd() throws Exception {
        try (EndpointRig rig = new EndpointRig(2).started()) {
            FakeAgent agent = rig.session("s1");
            rig.transport.cut("test");
            endUnheard(rig, agent);
            reconnectWithoutAnswers(rig);
            rig.transport.receive(
                    new ServerCommand.Malformed("session:start", new SessionId("s1"), "agentType is missing"));
            rig.transport.answerBarriers();
            rig.next("s1", SessionEvent.Ended.class);
            rig.session("s2");
            assertInstanceOf(SessionEvent.Ended.class, rig.of("s1").getLast());
        }
    }

    /** After a restart: the end of an earlier process's session waits, and this process knows of no such session. */
    @Test
    void aCommandForASessionWhoseEndIsStillOnItsWayIsNoSecondEnd() throws Exception {
        try (EndpointRig rig = new EndpointRig(1)) {
            rig.outbox.append(new SessionEvent.Ended(new SessionId("s1"), EndpointRig.ID, "completed", 0));
            rig.answering = false;
            rig.started();
            rig.transport.holdBarriers();
            rig.transport.receive(new ServerCommand.Registered(EndpointRig.ID));
            rig.send("s1", "too late");
            rig.start("s1", null);
            rig.transport.answerBarriers();
            rig.next("s1", SessionEvent.Ended.class);
            rig.session("s2");
            assertEquals(1, rig.of("s1").size());
            assertEquals(1, rig.claude.requests().size());
        }
    }

    @Test
    void anInterruptReachesTheAgentInOrder() throws Exception {
        try (EndpointRig rig = new EndpointRig(1).started()) {
            FakeAgent agent = rig.session("s1");
            rig.send("s1", "work");
            rig.transport.receive(new ServerCommand.InterruptSession(new SessionId("s1")));
            rig.send("s1", "more");
            agent.awaitMessage();
            agent.deeds().take(Deed.Interrupted.class, SOON);
            agent.awaitMessage();
        }
    }

    @Test
    void anAgentThatDoesNotReadItsInputIsEndedOnceWithAReason() throws Exception {
        try (EndpointRig rig = new EndpointRig(2).started()) {
            FakeAgent agent = rig.session("s1");
            agent.stopsReadingInput();
            for (int i = 0; i < SessionInbox.MAX_INPUTS + 10; i++) {
                rig.send("s1", "m" + i);
            }
            String error = rig.next("s1", SessionEvent.Failed.class).error();
            assertTrue(error.contains("does not read its input"), error);
            rig.session("s2");
            assertEquals(2, rig.of("s1").size());
        }
    }

    /** Its messages went nowhere, and nobody was told. */
    @Test
    void anAgentThatHasClosedItsInputAndGoesOnIsEndedWithAReason() throws Exception {
        try (EndpointRig rig = new EndpointRig(1).started()) {
            FakeAgent agent = rig.session("s1");
            agent.closesInput();
            rig.send("s1", "do you hear me?");
            agent.deeds().take(Deed.Stopped.class, SOON);
            assertEquals(
                    "claude closed its input and can be told nothing more",
                    rig.next("s1", SessionEvent.Failed.class).error());
        }
    }

    @Test
    void nothingIsSaidOfASessionBeforeItsStart() throws Exception {
        try (EndpointRig rig = new EndpointRig(1).started()) {
            rig.claude.holdLaunches();
            rig.start("s1", null);
            rig.transport.receive(
                    new ServerCommand.Malformed("message:send", new SessionId("s1"), "there is no message"));
            rig.send("nobody", "so all before has been heard");
            rig.next("nobody", SessionEvent.Failed.class);
            rig.claude.releaseLaunches();
            assertEquals(
                    "malformed-command",
                    rig.next("s1", SessionEvent.Notice.class).code());
            assertInstanceOf(SessionEvent.Started.class, rig.of("s1").getFirst());
        }
    }

    @Test
    void anAgentThatStillStartsIsNotEndedForWhatOthersLetWait() throws Exception {
        try (EndpointRig rig = new EndpointRig(3).started()) {
            rig.session("deaf").stopsReadingInput();
            String large = "x".repeat(InboxBudget.POOL);
            rig.send("deaf", large);
            rig.claude.withSetup(FakeAgent::slowToGetReady);
            FakeAgent starting = rig.session("s2");
            rig.send("s2", "short");
            rig.send("s2", large);
            rig.send("s2", "short, too");
            assertEquals(
                    "message-refused", rig.next("s2", SessionEvent.Notice.class).code());
            starting.becomesReady();
            assertEquals(new UserMessage.Text("short"), starting.awaitMessage());
            assertEquals(new UserMessage.Text("short, too"), starting.awaitMessage());
            rig.send("deaf", large);
            String error = rig.next("deaf", SessionEvent.Failed.class).error();
            assertTrue(error.contains("does not read its input"), error);
        }
    }

    @Test
    void oneFloodingSessionDoesNotDelayAnother() throws Exception {
        try (EndpointRig rig = new EndpointRig(2).started()) {
            FakeAgent flood = rig.session("flood").withPipeOf(10);
            rig.transport.stopReading();
            Thread flooding = Thread.ofVirtual().start(() -> {
                try {
                    while (flood.running()) {
                        flood.says("x".repeat(1_000));
                    }
                } catch (InterruptedException | IllegalStateException over) {
                    Thread.currentThread().interrupt();
                }
            });
            flood.awaitBlocked();
            rig.start("calm", "hi");
            FakeAgent calm = rig.claude.awaitLaunch();
            assertEquals(new UserMessage.Text("hi"), calm.awaitMessage());
            rig.stop("calm");
            calm.deeds().take(Deed.Stopped.class, SOON);
            rig.transport.startReading();
            rig.next("calm", SessionEvent.Ended.class);
            rig.stop("flood");
            rig.next("flood", SessionEvent.Ended.class);
            flooding.join();
            assertTrue(rig.texts("flood").size() > 10);
            assertTrue(rig.transport.arrived().all(EndpointEvent.Register.class).size() == 1);
        }
    }

    /** Registered on a new connection, on which nothing can be sent yet. */
    private static void reconnectWithoutAnswers(EndpointRig rig) throws InterruptedException {
        rig.answering = false;
        rig.transport.connect();
        rig.transport.arrived().take(EndpointEvent.Register.class, SOON);
        rig.transport.holdBarriers();
        rig.transport.receive(new ServerCommand.Registered(EndpointRig.ID));
    }

    /** Ends a session and waits until its end is in the outbox, from where it can go nowhere yet. */
    private static void endUnheard(EndpointRig rig, FakeAgent agent) throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        rig.afterTerminal = ended::countDown;
        agent.exits(0);
        assertTrue(ended.await(SOON.toMillis(), TimeUnit.MILLISECONDS), "the session does not end");
    }

    private static void awaitHeld(EndpointRig rig, String session) {
        long deadline = System.nanoTime() + SOON.toNanos();
        while (!rig.outbox.holds(new SessionId(session))) {
            assertTrue(System.nanoTime() < deadline, "nothing is said of " + session);
            Thread.onSpinWait();
        }
    }
}
