package dev.vibe.runner.adapter.process;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * What users' requests have made of Claude, which is so once it has accepted them. Told by the feeder's thread and the pump's, asked by
 * any.
 */
final class ClaudeRequested {
    /** So many may be unanswered; the oldest are then forgotten. */
    private static final int MOST_WAITING = 256;
    /** Real ones have some dozen characters. */
    private static final int LONGEST = 1_000;

    private record Waiting(String id, String subtype) {}

    private final Deque<Waiting> waiting = new ArrayDeque<>(); // guarded by this
    private volatile boolean waits; // written under this
    private volatile boolean ending;

    /** A request goes out to Claude. */
    synchronized void goesOut(String id, JsonNode request) {
        String subtype = request.path("subtype").asText();
        if (!subtype.equals("end_session") || id.length() > LONGEST) {
            return;
        }
        if (waiting.size() >= MOST_WAITING) {
            waiting.removeFirst();
        }
        waiting.add(new Waiting(id, subtype));
        waits = true;
    }

    /** Whether an answer is due that means something here. */
    boolean waits() {
        return waits;
    }

    /** Claude's answer to a request. */
    synchronized void answered(String id, boolean accepted) {
        for (Iterator<Waiting> each = waiting.iterator(); each.hasNext(); ) {
            Waiting request = each.next();
            if (request.id().equals(id)) {
                each.remove();
                waits = !waiting.isEmpty();
                if (accepted) {
                    accept(request);
                }
                return;
            }
        }
    }

    private void accept(Waiting request) {
        if (request.subtype().equals("end_session")) {
            ending = true;
        }
    }

    /** It was asked to end its session, and has said that it does. */
    boolean ending() {
        return ending;
    }
}
