package dev.vibe.runner.adapter.process;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What was said to Codex and its model has not been given. A message joins the turn that is under way, and waits in it until the model is
 * asked the next time; a turn that is interrupted before drops it without a word (measured with 0.169.0). The message that began the turn is
 * not among these: it is what its user has interrupted. Told by the feeder's thread and the pump's.
 */
final class CodexSaid {
    private static final int MOST = 1_000;
    /** Of what all that wait say. */
    private static final int MOST_CHARACTERS = 2 << 20;
    /** Each time somebody has interrupted the turn that it had joined. */
    private static final int MOST_TIMES = 10;

    /**
     * A message.
     *
     * @param input in Codex's items, as JSON; null where it is too long to be kept
     * @param times how often it was given to Codex
     */
    record Message(@Nullable String input, int times) {
        /** Whether it may be said once more. */
        boolean again() {
            return input != null && times < MOST_TIMES;
        }

        private int length() {
            return input == null ? 0 : input.length();
        }
    }

    /**
     * A message that waits.
     *
     * @param joined the turn that was under way when it was said
     * @param turn the one that Codex has put it in, null as long as that is not known
     */
    private record Waiting(
            Message message,
            @Nullable String joined,
            @Nullable String turn) {}

    // All guarded by this.
    private final Map<String, Waiting> waiting = new LinkedHashMap<>(); // by the messages' ids
    private int characters;
    /** Whether this Codex says which message its model is given; of one that does not nothing is known to be dropped. */
    private boolean tells;
    /** The last turn that a message was answered to be in. */
    private @Nullable String begun;
    /** The last turn that has ended, and whether it was interrupted: answers may come later than the end. */
    private @Nullable String over;

    private boolean overInterrupted;

    /**
     * A message goes out.
     *
     * @param joins the turn under way, null where there is none
     */
    synchronized void said(String id, JsonNode input, int times, @Nullable String joins) {
        if (waiting.size() < MOST) {
            String text = ClaudeMessages.write(input);
            Message message = new Message(characters + text.length() > MOST_CHARACTERS ? null : text, times);
            characters += message.length();
            waiting.put(id, new Waiting(message, joins, null));
        }
    }

    /** Codex has refused it, or was not given it. */
    synchronized void refused(String id) {
        Waiting ignored = remove(id);
    }

    /**
     * Codex has put a message into a turn.
     *
     * @return it where that turn has dropped it already
     */
    synchronized List<Message> answered(String id, String turn) {
        boolean anothers = turn.equals(begun);
        begun = turn;
        Waiting message = remove(id);
        if (message == null || !(anothers || turn.equals(message.joined()))) {
            return List.of();
        }
        if (turn.equals(over)) {
            return overInterrupted && tells ? List.of(message.message()) : List.of();
        }
        characters += message.message().length();
        waiting.put(id, new Waiting(message.message(), message.joined(), turn));
        return List.of();
    }

    /** The model is given the message. */
    synchronized void takenUp(String id) {
        tells = true;
        Waiting ignored = remove(id);
    }

    /**
     * A turn has ended.
     *
     * @return what it has dropped, in order
     */
    synchronized List<Message> ended(String turn, boolean interrupted) {
        over = turn;
        overInterrupted = interrupted;
        List<Message> dropped = new ArrayList<>();
        for (Map.Entry<String, Waiting> each : List.copyOf(waiting.entrySet())) {
            if (turn.equals(each.getValue().turn())) {
                dropped.add(each.getValue().message());
                refused(each.getKey());
            }
        }
        return interrupted && tells ? dropped : List.of();
    }

    private @Nullable Waiting remove(String id) {
        Waiting removed = waiting.remove(id);
        characters -= removed == null ? 0 : removed.message().length();
        return removed;
    }
}
