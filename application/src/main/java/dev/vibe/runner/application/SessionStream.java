package dev.vibe.runner.application;

import dev.vibe.runner.application.port.out.Outbox;
import dev.vibe.runner.domain.EndpointId;
import dev.vibe.runner.domain.OutputLine;
import dev.vibe.runner.domain.SessionEvent;
import dev.vibe.runner.domain.SessionId;
import org.jspecify.annotations.Nullable;

/**
 * What a session says to the server, numbered. Numbers and order agree, though the agent's lines come from the session's
 * own thread and notices from others. Only {@link #output} waits, and only where nothing may be dropped.
 */
final class SessionStream {
    private static final int MAX_NOTICES = 1_000;

    private final SessionId session;
    private final EndpointId endpoint;
    private final Outbox outbox;
    private final boolean dropWhenFull;

    // All below: guarded by this, held while the event enters the outbox.
    private long nextSeq;
    private int notices;
    private long droppedLines;
    private long droppedChars;

    /**
     * @param nextSeq 0, or where an earlier process left off
     * @param dropWhenFull drop lines, and say so, instead of making the agent wait
     */
    SessionStream(SessionId session, EndpointId endpoint, Outbox outbox, long nextSeq, boolean dropWhenFull) {
        this.session = session;
        this.endpoint = endpoint;
        this.outbox = outbox;
        this.nextSeq = nextSeq;
        this.dropWhenFull = dropWhenFull;
    }

    void started(@Nullable String agentSessionId) {
        outbox.append(new SessionEvent.Started(session, endpoint, agentSessionId));
    }

    /** Waits while the outbox has no room for this session. */
    void output(OutputLine line) throws InterruptedException {
        if (!dropWhenFull) {
            outbox.awaitRoom(session);
        } else if (!outbox.hasRoom(session)) {
            drop(line);
            return;
        }
        synchronized (this) {
            sayWhatWasDropped();
            outbox.append(new SessionEvent.Output(session, endpoint, nextSeq++, line));
        }
    }

    private synchronized void drop(OutputLine line) {
        droppedLines++;
        droppedChars += line.text().length();
    }

    private void sayWhatWasDropped() {
        if (droppedLines > 0) {
            String text = droppedLines + " lines (" + droppedChars + " characters) are missing here: the server did not"
                    + " take them in time, and the runner is set to drop what does not fit (VIBE_OUTBOX_WHEN_FULL)";
            droppedLines = 0;
            droppedChars = 0;
            outbox.append(new SessionEvent.Notice(session, endpoint, nextSeq++, "lines-dropped", text));
        }
    }

    synchronized void notice(String code, String text) {
        if (notices++ < MAX_NOTICES) {
            outbox.append(new SessionEvent.Notice(session, endpoint, nextSeq++, code, text));
        }
    }

    synchronized void end(SessionEvent terminal) {
        sayWhatWasDropped();
        outbox.append(terminal);
    }
}
