package dev.vibe.runner.adapter.process;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The turns of Codex's sub-agents, which have threads of their own on the same connection. An interrupt of the turn that they work for leaves
 * them running, with what they have started (measured with 0.169.0). Told by the pump's thread, asked by the feeder's too.
 */
final class CodexChildren {
    /** Codex itself allows a few. What is beyond is not followed. */
    private static final int MOST = 64;

    private static final int MOST_COMMANDS = 64;
    /** Turns that were interrupted, of which late children may come. */
    private static final int MOST_INTERRUPTED = 16;
    /** Real ones have some dozen characters. */
    private static final int LONGEST_ID = 128;

    /**
     * A turn of a sub-agent's.
     *
     * @param root the turn of the user's that it works for
     * @param commands by the ids of their items; the pump's thread only
     */
    record Child(String threadId, String turnId, String root, Set<String> commands) {}

    // Guarded by this.
    private final Map<String, Child> underWay = new LinkedHashMap<>(); // by their threads
    private final Set<String> interrupted = new LinkedHashSet<>();

    /**
     * A turn has begun.
     *
     * @return it where the turn that it works for has been interrupted
     */
    synchronized @Nullable Child started(String threadId, String turnId, String root) {
        if (threadId.length() > LONGEST_ID || turnId.length() > LONGEST_ID || root.length() > LONGEST_ID) {
            return null;
        }
        Child child = new Child(threadId, turnId, root, new HashSet<>());
        if (underWay.size() < MOST || underWay.containsKey(threadId)) {
            underWay.put(threadId, child);
        }
        return interrupted.contains(root) ? child : null;
    }

    /** A command of the turn under way in a thread was started. */
    synchronized void command(String threadId, String itemId) {
        Child child = underWay.get(threadId);
        if (child != null && itemId.length() <= LONGEST_ID && child.commands().size() < MOST_COMMANDS) {
            child.commands().add(itemId);
        }
    }

    /** A turn is over. */
    synchronized void completed(String threadId, String turnId) {
        Child child = underWay.get(threadId);
        if (child != null && child.turnId().equals(turnId)) {
            underWay.remove(threadId);
        }
    }

    /** A turn of the user's was interrupted: what is to be interrupted with it. */
    synchronized List<Child> interrupted(String root) {
        if (!interrupted.contains(root) && interrupted.size() >= MOST_INTERRUPTED) {
            interrupted.remove(interrupted.iterator().next());
        }
        interrupted.add(root);
        return underWay.values().stream()
                .filter(child -> child.root().equals(root))
                .toList();
    }

    /** Whatever turns they work for are interrupted: all that are under way. */
    synchronized List<Child> interrupted() {
        List<Child> all = List.copyOf(underWay.values());
        all.forEach(child -> interrupted(child.root()));
        return all;
    }
}
