package dev.vibe.runner.testkit.model;

import java.time.Duration;
import java.util.List;

/** What the model server answers, whichever API it goes by. */
sealed interface Reply {

    /** Text, in deltas, with a pause before each. */
    record Text(List<String> deltas, Duration pause) implements Reply {
        public Text {
            deltas = List.copyOf(deltas);
        }

        String whole() {
            return String.join("", deltas);
        }
    }

    /** A call of the agent's shell. */
    record Shell(String command) implements Reply {}

    /** A call of the agent's tool that writes files, or of its shell where it has none. */
    record WriteFile(String file) implements Reply {}

    /** An HTTP error. */
    record Failure(int status) implements Reply {}

    /** Nothing, until the client or the server gives up. */
    record Silence() implements Reply {}
}
