package dev.vibe.runner.adapter.process;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The uuids that users' messages bore. Claude drops a message whose uuid it has seen, in this process or in the conversation that was
 * resumed, without a word (measured with 2.1.197): whoever waits for its turn waits for ever. Used by one thread.
 */
final class ClaudeUuids {
    private static final int MOST = 1_000;
    /** Real ones have 36 characters. */
    private static final int LONGEST = 256;

    private final Set<String> seen = new LinkedHashSet<>();
    private final Predicate<String> stored;

    /** @param stored whether the conversation that was resumed has a message with this uuid; may look at files */
    ClaudeUuids(Predicate<String> stored) {
        this.stored = stored;
    }

    /** Whether Claude has had a message with this uuid; it has had it from now on. */
    boolean repeated(String uuid) {
        if (uuid.length() > LONGEST) {
            return false;
        }
        if (!seen.add(uuid)) {
            return true;
        }
        if (seen.size() > MOST) {
            Iterator<String> oldest = seen.iterator();
            String ignored = oldest.next();
            oldest.remove();
        }
        return stored.test(uuid);
    }
}
