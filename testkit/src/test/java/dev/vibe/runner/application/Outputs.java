package dev.vibe.runner.application;

import dev.vibe.runner.application.port.out.Outbox;
import dev.vibe.runner.domain.Channel;
import dev.vibe.runner.domain.OutputLine;
import dev.vibe.runner.domain.SessionEvent;
import dev.vibe.runner.domain.SessionId;
import java.time.Duration;
import java.util.Objects;

/** Shorthand for outbox tests. */
final class Outputs {
    private Outputs() {}

    static SessionEvent.Output of(String session, int seq) {
        return new SessionEvent.Output(
                new SessionId(session), EndpointRig.ID, seq, new OutputLine(Channel.STDOUT, "line " + seq));
    }

    static Outbox.Parcel take(Outbox outbox) {
        try {
            outbox.awaitWork(Duration.ofSeconds(10));
            return Objects.requireNonNull(outbox.poll(), "nothing to take");
        } catch (InterruptedException over) {
            throw new IllegalStateException(over);
        }
    }
}
