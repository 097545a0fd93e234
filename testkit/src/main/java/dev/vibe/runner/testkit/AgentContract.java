package dev.vibe.runner.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.application.port.out.AgentGoneException;
import dev.vibe.runner.application.port.out.AgentLaunchException;
import dev.vibe.runner.application.port.out.RunningAgent;
import dev.vibe.runner.application.port.out.SessionRequest;
import dev.vibe.runner.domain.EndpointId;
import dev.vibe.runner.domain.ExitStatus;
import dev.vibe.runner.domain.OutputLine;
import dev.vibe.runner.domain.SessionId;
import dev.vibe.runner.domain.UserMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every agent promises; see {@code AgentPort} and {@code RunningAgent}. */
@Timeout(180)
public abstract class AgentContract {
    private static final Duration GRACE = Duration.ofSeconds(10);

    private @Nullable AgentRig created;

    /** A fresh agent and what answers it. */
    protected abstract AgentRig newRig() throws Exception;

    private AgentRig rig() {
        if (created == null) {
            throw new IllegalStateException("no rig");
        }
        return created;
    }

    @BeforeEach
    void build() throws Exception {
        created = newRig();
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        if (created == null) {
            return; // skipped
        }
        await("threads end with their agents", () -> threads().isEmpty());
        rig().close();
    }

    @Test
    void whatIsDetectedCanBeLaunched() throws Exception {
        assertEquals(rig().port().type(), rig().port().detect().orElseThrow().type());
        try (Running running = ready()) {
            assertTrue(running.agent().pid() > 0);
            assertTrue(running.agent().running());
            assertFalse(running.agent().turnUnderWay());
            assertFalse(threads().isEmpty(), "no thread is recognised");
        }
    }

    @Test
    void severalTurnsAreHeldInOrder() throws Exception {
        try (Running running = ready()) {
            turn(running, "one", 1);
            turn(running, "two", 2);
            turn(running, "three", 3);
            List<String> said = List.of("one", "two", "three");
            List<String> heard = running.lines().stream()
                    .flatMap(line -> said.stream().filter(words -> rig().says(line.text(), words)))
                    .toList();
            assertEquals(said, heard.stream().distinct().toList());
        }
    }

    @Test
    void betweenTurnsMeansAfterATurnAndNotWithinOne() throws Exception {
        try (Running running = ready()) {
            assertFalse(running.agent().betweenTurns());
            turn(running, "one", 1);
            boolean resumes = rig().port().resumes();
            await("between turns", () -> running.agent().betweenTurns() == resumes);
            running.agent().send(rig().lasting());
            rig().awaitLasting(running.agent());
            await("a turn is under way", running.agent()::turnUnderWay);
            assertFalse(running.agent().betweenTurns());
            running.agent().interrupt();
            running.await(rig()::endsTurn, 2);
            await("no turn is under way", () -> !running.agent().turnUnderWay());
        }
    }

    @Test
    void anInterruptEndsTheTurnAndNotTheSession() throws Exception {
        try (Running running = ready()) {
            running.agent().send(rig().lasting());
            rig().awaitLasting(running.agent());
            running.agent().interrupt();
            running.await(rig()::endsTurn);
            turn(running, "still here", 2);
        }
    }

    /** An agent takes a message before it has begun the turn, and then there is nothing to interrupt yet. */
    @Test
    void anInterruptRightBehindAMessageEndsItsTurn() throws Exception {
        try (Running running = ready()) {
            for (int turn = 1; turn <= 3; turn++) {
                running.agent().send(rig().lasting());
                running.agent().interrupt();
                running.await(rig()::endsTurn, turn);
            }
            turn(running, "still here", 4);
        }
    }

    @Test
    void anInterruptWithoutATurnDoesNothing() throws Exception {
        try (Running running = ready()) {
            running.agent().interrupt();
            turn(running, "one", 1);
            running.agent().interrupt();
            running.agent().interrupt();
            turn(running, "two", 2);
        }
    }

    @Test
    void longWordsOfAllScriptsArriveWhole() throws Exception {
        String words =
                "grüß \uD83D\uDE80 你好 \u202Eabc\u202C \\ \"quoted\" " + "ab\u00e9\uD83D\uDE00".repeat(20_000) + " end";
        try (Running running = ready()) {
            turn(running, words, 1);
        }
    }

    @Test
    void noMessageOfWhateverShapeDoesHarm() throws Exception {
        try (Running running = ready()) {
            for (String odd : List.of(
                    "{}",
                    "[]",
                    "null",
                    "\"\"",
                    "{\"type\":\"user\"}",
                    "{\"type\":\"control_request\"}",
                    "{\"type\":\"control_response\",\"response\":{}}",
                    "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}",
                    "{\"text\":5}",
                    "[".repeat(50_000) + "]".repeat(50_000))) {
                running.agent().send(new UserMessage.Structured(odd));
            }
            running.agent().send(rig().saying("unharmed"));
            // Not just these words: an agent may take what has queued up as one message.
            running.await(line -> line.contains("unharmed"));
        }
    }

    @Test
    void aStopEndsItWithNothingLeft() throws Exception {
        try (Running running = ready()) {
            turn(running, "one", 1);
            running.agent().stop(GRACE);
            running.agent().stop(GRACE);
            assertEquals(ExitStatus.of(0), running.end());
            running.agent().stop(GRACE);
            running.agent().kill();
            assertEquals(ExitStatus.of(0), running.agent().awaitExit());
        }
    }

    @Test
    void aStopWithinATurnEndsIt() throws Exception {
        try (Running running = ready()) {
            running.agent().send(rig().lasting());
            rig().awaitLasting(running.agent());
            running.agent().stop(GRACE);
            assertEquals(List.of(), running.end().survivors());
        }
    }

    @Test
    void aStopBeforeItIsReadyEndsIt() throws Exception {
        try (Running running = Running.launch(rig().port())) {
            running.agent().stop(GRACE);
            assertEquals(List.of(), running.end().survivors());
        }
    }

    @Test
    void aKillEndsItAtOnceAndItTakesNoMoreInput() throws Exception {
        try (Running running = ready()) {
            running.agent().kill();
            running.agent().kill();
            assertEquals("was ended by signal 9 (SIGKILL)", running.end().describe());
            assertNull(running.agent().refusal());
            assertFalse(running.agent().running());
            assertThrows(AgentGoneException.class, () -> running.agent().send(rig().saying("too late")));
            try {
                running.agent().interrupt();
            } catch (AgentGoneException expected) {
                // or nothing, since there is no turn
            }
        }
    }

    @Test
    void aDeathBeforeItIsReadyIsToldToWhoWaits() throws Exception {
        try (Running running = Running.launch(rig().port())) {
            running.agent().kill();
            running.end();
            assertThrows(AgentGoneException.class, () -> running.agent().awaitReady(Duration.ofSeconds(10)));
        }
    }

    @Test
    void killedFromOutsideItIsReportedSo() throws Exception {
        try (Running running = ready()) {
            turn(running, "one", 1);
            rig().killFromOutside(running.agent());
            assertEquals("was ended by signal 9 (SIGKILL)", running.end().describe());
        }
    }

    @Test
    void whoWaitsForALineOrTheExitCanBeInterrupted() throws Exception {
        RunningAgent agent = rig().port().launch(request("waiting"));
        try {
            assertTrue(agent.awaitReady(Running.PATIENCE));
            assertInterruptible(() -> {
                OutputLine line = agent.next();
                while (line != null) {
                    line = agent.next();
                }
            });
            assertInterruptible(agent::awaitExit);
        } finally {
            agent.kill();
            while (agent.next() != null) {
                // to its end
            }
            agent.awaitExit();
        }
        assertNull(agent.next());
    }

    @Test
    void whoCarriesCanBeInterruptedAndIsThenLeftAlone() throws Exception {
        RunningAgent agent = rig().port().launch(request("carrying"));
        try {
            assertTrue(agent.awaitReady(Running.PATIENCE));
            AtomicBoolean over = new AtomicBoolean();
            List<OutputLine> late = Collections.synchronizedList(new ArrayList<>());
            assertInterruptible(() -> {
                try {
                    ExitStatus _ = agent.carry(lines -> {
                        if (over.get()) {
                            late.addAll(lines);
                        }
                    });
                } finally {
                    over.set(true);
                }
            });
            agent.send(rig().saying("who hears this?"));
            OutputLine heard = agent.next();
            while (heard != null && !rig().says(heard.text(), "who hears this?")) {
                heard = agent.next();
            }
            assertTrue(heard != null, "not for the one who reads now");
            assertEquals(List.of(), late);
        } finally {
            agent.kill();
            ExitStatus _ = agent.carry(_ -> {});
        }
    }

    @Test
    void aSinkThatThrowsEndsTheCarryingWithWhatItThrew() throws Exception {
        RunningAgent agent = rig().port().launch(request("throwing"));
        try {
            assertTrue(agent.awaitReady(Running.PATIENCE));
            CompletableFuture<Throwable> thrown = new CompletableFuture<>();
            Thread carrying = Thread.ofPlatform().daemon().start(() -> {
                try {
                    ExitStatus _ = agent.carry(_ -> {
                        throw new IllegalStateException("of the sink");
                    });
                } catch (InterruptedException | RuntimeException failed) {
                    thrown.complete(failed);
                }
            });
            agent.send(rig().saying("hello"));
            assertEquals("of the sink", thrown.get(60, TimeUnit.SECONDS).getMessage());
            carrying.join();
        } finally {
            agent.kill();
            while (agent.next() != null) {
                // to its end
            }
            agent.awaitExit();
        }
    }

    @Test
    void sessionsSideBySideDoNotMix() throws Exception {
        try (Running one = Running.launch(rig().port(), request("one")).ready();
                Running two = Running.launch(rig().port(), request("two")).ready()) {
            assertNotEquals(one.agent().pid(), two.agent().pid());
            one.agent().send(rig().saying("first"));
            two.agent().send(rig().saying("second"));
            one.await(rig()::endsTurn);
            two.await(rig()::endsTurn);
            assertTrue(one.lines().stream().noneMatch(line -> rig().says(line.text(), "second")));
            assertTrue(two.lines().stream().noneMatch(line -> rig().says(line.text(), "first")));
            one.agent().stop(GRACE);
            one.end();
            turn(two, "still here", 2);
        }
    }

    @Test
    void aConversationGoesOnInANewProcess() throws Exception {
        String conversation;
        try (Running running = ready()) {
            turn(running, "one", 1);
            conversation = running.agent().agentSessionId();
            running.agent().stop(GRACE);
            running.end();
        }
        SessionRequest request = request("again").resuming(conversation);
        try (Running running = Running.launch(rig().port(), request).ready()) {
            turn(running, "two", 1);
            if (rig().port().resumes()) {
                assertEquals(conversation, running.agent().agentSessionId());
                assertFalse(running.agent().lostConversation());
            }
        }
    }

    /** Agents store a conversation with its first message. */
    @Test
    void aConversationThatHadNoMessageYetGoesOnInANewProcessToo() throws Exception {
        String conversation;
        try (Running running = ready()) {
            conversation = running.agent().agentSessionId();
            running.agent().stop(GRACE);
            running.end();
        }
        SessionRequest request = request("again").resuming(conversation);
        try (Running running = Running.launch(rig().port(), request).ready()) {
            turn(running, "one", 1);
        }
    }

    @Test
    void aDirectoryThatIsNotThereFailsTheLaunchAndIsNamed() {
        SessionRequest request = new SessionRequest(new SessionId("s"), new EndpointId("e"), "/no/such/directory");
        var refusal =
                assertThrows(AgentLaunchException.class, () -> rig().port().launch(request));
        assertTrue(String.valueOf(refusal.getMessage()).contains("/no/such/directory"), refusal::toString);
    }

    private Running ready() throws Exception {
        return Running.ready(rig().port());
    }

    /** @param number which turn of this process it is, from 1 */
    private void turn(Running running, String words, int number) throws Exception {
        running.agent().send(rig().saying(words));
        running.await(line -> rig().says(line, words));
        running.await(rig()::endsTurn, number);
    }

    private static SessionRequest request(String session) {
        return new SessionRequest(new SessionId(session), new EndpointId("e-1"), null);
    }

    private List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(rig()::serves)
                .map(Thread::getName)
                .toList();
    }

    private static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + Running.PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "never: " + what);
            LockSupport.parkNanos(5_000_000);
        }
    }

    private interface Wait {
        void run() throws InterruptedException;
    }

    private static void assertInterruptible(Wait wait) throws Exception {
        CompletableFuture<String> end = new CompletableFuture<>();
        Thread waiting = Thread.ofPlatform().daemon().start(() -> {
            try {
                wait.run();
                end.complete("returned");
            } catch (InterruptedException expected) {
                end.complete("interrupted");
            } catch (RuntimeException unexpected) {
                end.complete(unexpected.toString());
            }
        });
        await("it waits", () -> waiting.getState() != Thread.State.RUNNABLE || end.isDone());
        waiting.interrupt();
        assertEquals("interrupted", end.get(Running.PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
    }
}
