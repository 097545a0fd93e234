package dev.vibe.runner.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vibe.runner.domain.SessionState.Ended;
import dev.vibe.runner.domain.SessionState.Running;
import dev.vibe.runner.domain.SessionState.Signal;
import dev.vibe.runner.domain.SessionState.Starting;
import dev.vibe.runner.domain.SessionState.Stopping;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every state with every signal: the whole table. */
class SessionStateTest {
    private static final StopCause ASKED = new StopCause.Requested();
    private static final StopCause DOWN = new StopCause.Shutdown();
    private static final StopCause BROKEN = new StopCause.Violation("too much");
    private static final Signal LAUNCHED = new Signal.Launched();
    private static final Signal FAILED = new Signal.LaunchFailed("no such agent");
    private static final Signal STOP = new Signal.Stop(ASKED);
    private static final Signal EXIT_0 = new Signal.Exited(ExitStatus.of(0));
    private static final Signal EXIT_3 = new Signal.Exited(ExitStatus.of(3));
    private static final ExitStatus UNDEAD = new ExitStatus(0, List.of("7 (bash)"));
    private static final Signal EXIT_UNDEAD = new Signal.Exited(UNDEAD);

    private static Ended ended(Outcome outcome) {
        return new Ended(outcome);
    }

    static Stream<Arguments> table() {
        Starting starting = new Starting();
        Running running = new Running();
        Ended over = ended(new Outcome.Completed());
        Ended crashed3 = ended(new Outcome.Crashed(ExitStatus.of(3)));
        Ended undead = ended(new Outcome.Crashed(UNDEAD));
        return Stream.of(
                Arguments.of(starting, LAUNCHED, running),
                Arguments.of(starting, FAILED, ended(new Outcome.Refused("no such agent"))),
                Arguments.of(starting, STOP, new Stopping(ASKED)),
                Arguments.of(starting, EXIT_0, over),
                Arguments.of(starting, EXIT_3, crashed3),
                Arguments.of(starting, EXIT_UNDEAD, undead),
                Arguments.of(running, LAUNCHED, running),
                Arguments.of(running, FAILED, running),
                Arguments.of(running, STOP, new Stopping(ASKED)),
                Arguments.of(running, EXIT_0, over),
                Arguments.of(running, EXIT_3, crashed3),
                Arguments.of(running, EXIT_UNDEAD, undead),
                Arguments.of(new Stopping(ASKED), LAUNCHED, new Stopping(ASKED)),
                Arguments.of(new Stopping(ASKED), FAILED, ended(new Outcome.Stopped(ASKED, -1))),
                Arguments.of(new Stopping(DOWN), FAILED, ended(new Outcome.Stopped(DOWN, -1))),
                Arguments.of(new Stopping(BROKEN), FAILED, ended(new Outcome.Refused("too much"))),
                Arguments.of(new Stopping(DOWN), STOP, new Stopping(DOWN)),
                Arguments.of(new Stopping(BROKEN), STOP, new Stopping(BROKEN)),
                Arguments.of(new Stopping(ASKED), EXIT_0, ended(new Outcome.Stopped(ASKED, 0))),
                Arguments.of(new Stopping(ASKED), EXIT_3, ended(new Outcome.Stopped(ASKED, 3))),
                Arguments.of(new Stopping(ASKED), EXIT_UNDEAD, undead),
                Arguments.of(new Stopping(DOWN), EXIT_3, ended(new Outcome.Stopped(DOWN, 3))),
                Arguments.of(new Stopping(BROKEN), EXIT_0, ended(new Outcome.Refused("too much"))),
                Arguments.of(over, LAUNCHED, over),
                Arguments.of(over, FAILED, over),
                Arguments.of(over, STOP, over),
                Arguments.of(over, EXIT_3, over));
    }

    @ParameterizedTest(name = "{0} on {1} becomes {2}")
    @MethodSource("table")
    void everyTransitionIsTotal(SessionState state, Signal signal, SessionState expected) {
        assertEquals(expected, state.on(signal));
    }

    @Test
    void exitStatusIsWrittenForPeople() {
        assertEquals("exited with code 3", ExitStatus.of(3).describe());
        assertEquals("was ended by signal 9 (SIGKILL)", ExitStatus.of(137).describe());
        assertEquals("was ended by signal 15 (SIGTERM)", ExitStatus.of(143).describe());
        assertEquals("was ended by signal 31", ExitStatus.of(159).describe());
        assertEquals("exited with code 255", ExitStatus.of(255).describe());
        assertEquals(
                "was killed because the sandbox ran out of memory; give the sandbox more, or let fewer sessions run"
                        + " at once (MAX_CONCURRENT_SESSIONS)",
                new ExitStatus(137, List.of(), true).describe());
    }
}
