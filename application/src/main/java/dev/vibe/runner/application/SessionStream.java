package dev.vibe.runner.application;

import dev.vibe.runner.application.port.out.Outbox;
import dev.vibe.runner.domain.EndpointId;
import dev.vibe.runner.domain.OutputLine;
import dev.vibe.runner.domain.SessionEvent;
import dev.vibe.runner.domain.SessionId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a session says to the server, numbered. Numbers and order agree, though the agent's lines come from the session's
 * own thread and notices from others. Only {@link #output} waits, and only where nothing may be dropped.
 */
final class SessionStream {
    private static final int MAX_NOTICES = 1_000;
    private static final int PORTION_BYTES = 64 * 1024;
    private static final int PORTION_LINES = 512;

    private final SessionId session;
    private final EndpointId endpoint;
    private final Outbox outbox;
    private final Runnable carry;
    private final boolean dropWhenFull;

    // All below: guarded by this, held while the event enters the outbox.
    private long nextSeq;
    private int notices;
    private long droppedLines;
    private long droppedChars;
    private boolean begun;
    private boolean over;

    /** What came before the session had begun: for the server there is no session before {@code session:started}. */
    private final List<Note> early = new ArrayList<>();

    /** Somebody waits for room to say what was dropped. */
    private boolean roomAwaited;

    private record Note(String code, String text) {}

    /**
     * @param carry called after lines have entered the outbox: carries them on, or has them carried
     * @param nextSeq 0, or where an earlier process or an earlier session of that name left off
     * @param dropWhenFull drop lines, and say so, instead of making the agent wait
     */
    SessionStream(
            SessionId session, EndpointId endpoint, Outbox outbox, Runnable carry, long nextSeq, boolean dropWhenFull) {
        this.session = session;
        this.endpoint = endpoint;
        this.outbox = outbox;
        this.carry = carry;
        this.nextSeq = nextSeq;
        this.dropWhenFull = dropWhenFull;
    }

    /** The session has begun: says so, and then what was to be said before. */
    synchronized void started(@Nullable String agentSessionId) {
        outbox.append(new SessionEvent.Started(session, endpoint, agentSessionId));
        goesOn();
    }

    /** The session had begun in an earlier process. */
    synchronized void goesOn() {
        begun = true;
        early.forEach(note -> say(note.code, note.text));
        early.clear();
    }

    /** Waits while the outbox has no room for this session; several lines enter it together. */
    void output(List<OutputLine> lines) throws InterruptedException {
        int from = 0;
        while (from < lines.size()) {
            int to = dropWhenFull ? from + 1 : portion(lines, from);
            output(lines, from, to);
            from = to;
        }
    }

    /** Room is asked for before each portion, so this is by how much the outbox may be overfilled. */
    private static int portion(List<OutputLine> lines, int from) {
        long bytes = 0;
        int to = from;
        while (to < lines.size() && to - from < PORTION_LINES && bytes < PORTION_BYTES) {
            bytes += lines.get(to++).utf8().length;
        }
        return to;
    }

    private void output(List<OutputLine> lines, int from, int to) throws InterruptedException {
        if (!dropWhenFull) {
            outbox.awaitRoom(session);
        } else if (!outbox.hasRoom(session)) {
            drop(lines.get(from));
            return;
        }
        synchronized (this) {
            sayWhatWasDropped();
            List<SessionEvent> events = new ArrayList<>(to - from);
            for (OutputLine line : lines.subList(from, to)) {
                events.add(new SessionEvent.Output(session, endpoint, nextSeq++, line));
            }
            outbox.add(session, events);
        }
        carry.run();
    }

    private synchronized void drop(OutputLine line) {
        droppedLines++;
        droppedChars += line.text().length();
        if (!roomAwaited) {
            roomAwaited = true;
            var _ = Threads.startWaiting("room-" + session, this::sayOnceThereIsRoom);
        }
    }

    /** The agent may be silent for long after what was dropped, and the user would not know why the answer breaks off. */
    private void sayOnceThereIsRoom() {
        try {
            outbox.awaitRoom(session);
        } catch (InterruptedException never) {
            Thread.currentThread().interrupt();
            return;
        }
        Threads.startOrDo("dropped-" + session, () -> {
            synchronized (this) {
                roomAwaited = false;
                sayWhatWasDropped();
            }
        });
    }

    private void sayWhatWasDropped() {
        if (droppedLines > 0 && !over) {
            String text = droppedLines + " lines (" + droppedChars + " characters) are missing here: the server did not"
                    + " take them in time, and the runner is set to drop what does not fit (VIBE_OUTBOX_WHEN_FULL)";
            droppedLines = 0;
            droppedChars = 0;
            say("lines-dropped", text);
        }
    }

    /**
     * Nothing follows the end: a command may be answered on one thread while the session ends on another. What comes before the
     * session has begun is said then; never, if it does not begin.
     */
    synchronized void notice(String code, String text) {
        if (over || notices++ >= MAX_NOTICES) {
            return;
        }
        if (begun) {
            sayWhatWasDropped();
            say(code, text);
        } else {
            early.add(new Note(code, text));
        }
    }

    private void say(String code, String text) {
        outbox.append(new SessionEvent.Notice(session, endpoint, nextSeq++, code, text));
    }

    /** The number of what would be said next. */
    synchronized long nextSeq() {
        return nextSeq;
    }

    synchronized void end(SessionEvent terminal) {
        sayWhatWasDropped();
        over = true;
        outbox.append(terminal);
    }
}
