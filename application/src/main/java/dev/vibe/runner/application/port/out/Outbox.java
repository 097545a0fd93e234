package dev.vibe.runner.application.port.out;

import dev.vibe.runner.domain.SessionEvent;
import dev.vibe.runner.domain.SessionId;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What sessions have said and the server has not yet confirmed. Keeps the order within a session, is fair between
 * sessions, and is bounded: a session that says more than fits waits, and so slows its agent down. Safe for many
 * appending threads; those that take, confirm and rewind do so one after the other.
 */
public interface Outbox {

    /**
     * Waits until the session may add another output. A session calls this before each, on its own thread; whoever does
     * not, e.g. to end the session, need not wait behind its output.
     */
    void awaitRoom(SessionId session) throws InterruptedException;

    /** True when {@link #awaitRoom} would not wait. */
    boolean hasRoom(SessionId session);

    /** From now on there is room for everything. For the end: what is still to be said is little, and would be lost. */
    void makeRoom();

    /** Adds an event behind those of its session. Does not wait for room. */
    void append(SessionEvent event);

    /**
     * As {@link #append} for several events of one session, in order, for the price of one; but wakes nobody. Whoever calls this
     * sees to it that they are taken.
     */
    void add(SessionId session, List<? extends SessionEvent> events);

    /**
     * Adds an answer about a session this runner does not run. Never blocks.
     *
     * @return false when too many such answers wait already and this one is dropped
     */
    boolean offer(SessionEvent event);

    /**
     * Waits for an event to send: while there is none, and while too much has been sent that is not confirmed. Returns when there
     * is one, when {@link #wake} was called, or after {@code atMost}.
     */
    void awaitWork(Duration atMost) throws InterruptedException;

    /** The next event to send; null where {@link #awaitWork} would wait. Whoever calls this has a turn of its own. */
    @Nullable
    Parcel poll();

    /** True when {@link #poll} would give something. */
    boolean hasWork();

    /** Lets a waiting {@link #awaitWork} return, or the next one if none waits. */
    void wake();

    /**
     * Forgets what has arrived.
     *
     * @param ordinal this parcel and all taken before it are confirmed
     */
    void confirm(long ordinal);

    /** Puts everything taken and not confirmed back in front, to be taken again in the same order. */
    void rewind();

    /** True while anything of this session is not confirmed. */
    boolean holds(SessionId session);

    /** Waits until everything is confirmed, at most {@code atMost}. Returns whether it is. */
    boolean awaitEmpty(Duration atMost) throws InterruptedException;

    /** How many events are not confirmed. */
    long size();

    /** How many events of this session are not confirmed. */
    long size(SessionId session);

    /** Roughly, in bytes, what is not confirmed; see {@link OutboxWeight}. */
    long weight();

    /** How many events have been sent more than once, so far. */
    long repeats();

    /** Why what is not confirmed would not survive this process, for people; null while it would. */
    @Nullable
    String problem();

    /**
     * An event on its way.
     *
     * @param ordinal counts the takings; a repeated taking has a new ordinal
     */
    record Parcel(long ordinal, SessionEvent event) {}
}
