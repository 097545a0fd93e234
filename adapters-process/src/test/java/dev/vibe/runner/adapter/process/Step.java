package dev.vibe.runner.adapter.process;

import dev.vibe.runner.domain.Channel;
import dev.vibe.runner.testkit.Running;

/** One step of a recorded run, of the agent's and of whoever ran it. */
sealed interface Step {
    /** What is done for the agent to hear something. */
    interface Act {
        void on(Running agent) throws Exception;
    }

    /** The agent says a line that is meant for the server. */
    record Line(Channel channel, String text) implements Step {}

    /**
     * The agent hears something.
     *
     * @param words are in the line it hears; lines without them it did not hear when it was recorded, and passes over
     * @param id of the recorded request, empty where it is none
     */
    record Heard(String words, String id, Act act) implements Step {}

    /** The agent answers a request of the runner's own, which has another id than the recorded one; nobody else sees it. */
    record Answer(String id, String beforeId, String afterId) implements Step {}

    /** The agent's input ends. */
    record EndOfInput() implements Step {}

    /** The agent gets a signal. */
    record Signal(String name) implements Step {}
}
