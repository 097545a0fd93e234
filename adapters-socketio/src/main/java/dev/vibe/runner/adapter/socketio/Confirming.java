package dev.vibe.runner.adapter.socketio;

import java.util.EnumSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How this server can be asked what it has. The best way is a probe; a server, or something before it, that swallows
 * probes is asked with heartbeats that want a callback; and where that is not answered either, what has been written
 * counts as arrived. Kept over connections, so that it is found out once. Thread-safe.
 */
final class Confirming {
    private static final Logger LOG = LoggerFactory.getLogger(Confirming.class);

    /** So many connections in a row without an answer, before a way that has worked is given up. */
    private static final int TRIES = 3;

    /** From the best to the last. */
    enum Way {
        /** CONNECT to a namespace that does not exist. */
        PROBE,
        /** A heartbeat with a callback. */
        CALLBACK,
        /** Nothing is asked. */
        WRITTEN
    }

    // All guarded by this.
    private final Set<Way> worked = EnumSet.noneOf(Way.class);
    private Way way = Way.PROBE;
    private int silent;

    synchronized Way way() {
        return way;
    }

    /** The server has answered; returns whether that changes the way. */
    synchronized boolean answered(Way by) {
        worked.add(by);
        silent = 0;
        if (by != Way.PROBE || way == Way.PROBE) {
            return false;
        }
        LOG.info("the server answers probes again");
        way = by;
        return true;
    }

    /**
     * A connection that is otherwise alive has not answered what was asked in this way.
     *
     * @return whether another way is to be tried on it; else it is of no use
     */
    synchronized boolean unanswered(Way asked) {
        if (asked == Way.WRITTEN || asked != way || (++silent < TRIES && worked.contains(asked))) {
            return false;
        }
        silent = 0;
        if (asked == Way.PROBE) {
            way = Way.CALLBACK;
            LOG.info("the server leaves probes unanswered: asking for callbacks instead");
        } else {
            way = Way.WRITTEN;
            LOG.warn("the server tells in no way what it has received: what was written counts as delivered,"
                    + " so lines may be lost when the connection drops, and a dead one is noticed late");
        }
        return true;
    }
}
