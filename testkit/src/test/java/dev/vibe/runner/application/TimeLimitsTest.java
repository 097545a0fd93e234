package dev.vibe.runner.application;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.domain.SessionEvent;
import dev.vibe.runner.testkit.FakeAgent;
import dev.vibe.runner.testkit.FakeAgent.Deed;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Limits of some milliseconds, on whole endpoints. */
class TimeLimitsTest {
    private static final Duration SHORT = Duration.ofMillis(200);

    private static EndpointRig rig(Duration idle, Duration longest, Duration stall, boolean interrupt)
            throws InterruptedException {
        return new EndpointRig(
                        3,
                        new OutboxLimits(20_000, 20_000),
                        Duration.ofMillis(300),
                        new SessionLimits(idle, longest, stall, interrupt))
                .started();
    }

    @Test
    void anIdleSessionEndsWithTheReason() throws Exception {
        try (EndpointRig rig = rig(SHORT, Duration.ZERO, Duration.ZERO, false)) {
            FakeAgent agent = rig.session("s1");
            agent.deeds().take(Deed.Stopped.class, EndpointRig.SOON);
            String error = rig.next("s1", SessionEvent.Failed.class).error();
            assertTrue(error.contains("VIBE_IDLE_TIMEOUT_SECONDS"), error);
        }
    }

    /** The look at all of them would be over for ever, and at the whole runner's cost. */
    @Test
    void limitsHoldBesideASessionThatCannotBeLookedAtForWantOfMemory() throws Exception {
        try (EndpointRig rig = rig(SHORT, Duration.ZERO, Duration.ZERO, false)) {
            for (int i = 0; i < 2; i++) {
                rig.session("fatal" + i).fatalToLookAt();
            }
            rig.session("s1");
            String error = rig.next("s1", SessionEvent.Failed.class).error();
            assertTrue(error.contains("VIBE_IDLE_TIMEOUT_SECONDS"), error);
        }
    }

    @Test
    void aSessionEndsAtItsMaximumDurationThoughItTalks() throws Exception {
        try (EndpointRig rig = rig(Duration.ZERO, SHORT, Duration.ZERO, false)) {
            FakeAgent agent = rig.session("s1").working(Duration.ofSeconds(1));
            while (agent.running()) {
                try {
                    agent.says("busy");
                    Thread.sleep(5);
                } catch (IllegalStateException exited) {
                    break;
                }
            }
            String error = rig.next("s1", SessionEvent.Failed.class).error();
            assertTrue(error.contains("VIBE_MAX_SESSION_SECONDS"), error);
        }
    }

    @Test
    void aStallIsSaidOnceInTheStreamAndTheSessionGoesOn() throws Exception {
        try (EndpointRig rig = rig(Duration.ZERO, Duration.ZERO, SHORT, false)) {
            FakeAgent agent = rig.session("s1").working(Duration.ofSeconds(1));
            SessionEvent.Notice notice = rig.next("s1", SessionEvent.Notice.class);
            assertEquals("stalled", notice.code());
            Thread.sleep(SHORT.multipliedBy(3));
            agent.says("after all");
            rig.next("s1", SessionEvent.Output.class);
            List<SessionEvent> notices = rig.of("s1").stream()
                    .filter(SessionEvent.Notice.class::isInstance)
                    .toList();
            assertEquals(1, notices.size());
            assertEquals(0, agent.deeds().all(Deed.Interrupted.class).size());
        }
    }

    @Test
    void aStalledTurnIsInterruptedWhereASettingSaysSo() throws Exception {
        try (EndpointRig rig = rig(Duration.ZERO, Duration.ZERO, SHORT, true)) {
            FakeAgent agent = rig.session("s1").working(Duration.ofSeconds(1));
            assertTrue(rig.next("s1", SessionEvent.Notice.class).text().contains("interrupting the turn"));
            agent.deeds().take(Deed.Interrupted.class, EndpointRig.SOON);
        }
    }
}
