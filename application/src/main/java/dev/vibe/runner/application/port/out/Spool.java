package dev.vibe.runner.application.port.out;

import dev.vibe.runner.domain.SessionEvent;
import dev.vibe.runner.domain.SessionId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the outbox keeps what sessions have said until the server has it: in memory, or on disk so that it outlives the
 * process. A lane for each session.
 */
public interface Spool extends AutoCloseable {

    /** Opens the lane of a session: the one it has already, else a new one. */
    Lane lane(SessionId session);

    /** What an earlier process left. Called once, before the first {@link #lane}. */
    List<Leftover> leftovers();

    /** How much all lanes together may hold now, in bytes; less when a disk fails and memory must do. */
    long capacity();

    /**
     * Why what it holds, or is given next, would not survive this process, for people; null while it would. May try to write, now and
     * then: for those who watch.
     */
    @Nullable
    String problem();

    @Override
    void close();

    /**
     * One session's events in order. Events are appended at the end, read from the front, and forgotten when they are
     * confirmed. Safe for use by several threads; may do I/O, so no caller holds a lock that others wait for.
     */
    interface Lane {

        /** Adds an event. Never fails: where a disk does, the event is kept in memory. */
        void append(SessionEvent event);

        /** Adds several events, in order, as if one by one. */
        default void append(List<? extends SessionEvent> events) {
            events.forEach(this::append);
        }

        /**
         * Reads the next event that has not been read since the last {@link #rewind}; null when there is none, or when some could no
         * longer be read, see {@link #lost}: what is behind them can be read with the next call.
         */
        @Nullable
        SessionEvent next();

        /** What {@link #next} could not read since this was asked last: it is counted no more, and never comes. */
        default Lost lost() {
            return Lost.NOTHING;
        }

        /** Forgets the oldest {@code events} events; they have been read. */
        void confirm(int events);

        /** Lets {@link #next} begin again with the oldest event not forgotten. */
        void rewind();

        /**
         * Leaves an empty lane whose session is over: from now on {@link Spool#lane} opens another for that session. Without I/O,
         * unlike the rest, so that it may be one step with forgetting the lane.
         */
        default void retire() {}

        /** Removes what is left of a lane, which is {@link #retire retired} with that if it was not yet. */
        void remove();
    }

    /**
     * Events that were appended and can no longer be read.
     *
     * @param events how many
     * @param weight their {@link OutboxWeight}
     */
    record Lost(int events, long weight) {
        /** The usual case. */
        public static final Lost NOTHING = new Lost(0, 0);
    }

    /**
     * A lane that an earlier process left behind.
     *
     * @param session whose it is
     * @param lane open, read from the oldest event that is not known to be confirmed
     * @param events how many events wait in it
     * @param weight their {@link OutboxWeight}
     */
    record Leftover(SessionId session, Lane lane, int events, long weight) {}
}
