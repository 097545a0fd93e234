package dev.vibe.runner.adapter.journal;

import dev.vibe.runner.application.port.out.SavedSession;
import dev.vibe.runner.domain.AgentType;
import dev.vibe.runner.domain.SessionId;
import dev.vibe.runner.domain.StopCause;
import dev.vibe.runner.domain.UserMessage;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whose lane it is, and what its session runs; in the files and not in their names, since ids are data.
 *
 * @param session the session, null agent where the lane holds answers about a session that does not run
 * @param ending why the session was being ended, null while it was not; empty where the server had asked for it
 * @param unsaid the message the session was started with while its agent has not been given it: its first character is {@link #TEXT} or
 *     {@link #STRUCTURED}
 * @param settings what was set in its agent, each {@linkplain #END ended}; null for nothing, and in files of versions that did not know of any
 */
record Identity(
        SessionId session,
        @Nullable AgentType agent,
        @Nullable String directory,
        @Nullable String agentSession,
        @Nullable String ending,
        @Nullable String unsaid,
        @Nullable String settings) {
    private static final String TEXT = "t";
    private static final String STRUCTURED = "s";
    /** A longer one is not kept: it is lost if the runner dies in the moment between the agent's start and its handshake. */
    private static final int LONGEST_UNSAID = 1 << 20;

    /** No setting's words hold it. */
    private static final String END = "\0";

    private static final int NO_TEXT = -1;

    /** Written out, as Java makes a record's own at run time (decision 45): 5 ms before the first session's start is said. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Identity that
                && session.equals(that.session)
                && Objects.equals(agent, that.agent)
                && Objects.equals(directory, that.directory)
                && Objects.equals(agentSession, that.agentSession)
                && Objects.equals(ending, that.ending)
                && Objects.equals(unsaid, that.unsaid)
                && Objects.equals(settings, that.settings);
    }

    @Override
    public int hashCode() {
        return session.hashCode();
    }

    static Identity of(SavedSession saved) {
        String ending = switch (saved.ending()) {
            case null -> null;
            case StopCause.Requested _ -> "";
            case StopCause.Violation(var reason) -> reason;
            case StopCause.Shutdown _ -> null; // the next process goes on with it
        };
        String unsaid = switch (saved.unsaid()) {
            case null -> null;
            case UserMessage.Text(var text) -> TEXT + text;
            case UserMessage.Structured(var json) -> STRUCTURED + json;
        };
        return new Identity(
                saved.id(),
                saved.agent(),
                saved.workingDirectory(),
                saved.agentSessionId(),
                ending,
                unsaid == null || unsaid.length() > LONGEST_UNSAID ? null : unsaid,
                settings(saved.settings()));
    }

    static Identity of(SessionId session) {
        return new Identity(session, null, null, null, null, null, null);
    }

    @Nullable
    StopCause stopCause() {
        if (ending == null) {
            return null;
        }
        return ending.isEmpty() ? new StopCause.Requested() : new StopCause.Violation(ending);
    }

    @Nullable
    UserMessage unsaidMessage() {
        if (unsaid == null) {
            return null;
        }
        return unsaid.startsWith(TEXT)
                ? new UserMessage.Text(unsaid.substring(TEXT.length()))
                : new UserMessage.Structured(unsaid.substring(STRUCTURED.length()));
    }

    private static @Nullable String settings(List<String> settings) {
        return settings.isEmpty() ? null : String.join(END, settings) + END;
    }

    List<String> settingsList() {
        return settings == null ? List.of() : List.of(settings.split(END)); // what is empty at the end is left out
    }

    byte[] bytes() {
        byte[][] texts = {
            utf8(session.value()),
            utf8(agent == null ? null : agent.name()),
            utf8(directory),
            utf8(agentSession),
            utf8(ending),
            utf8(unsaid),
            utf8(settings)
        };
        int length = 0;
        for (byte[] text : texts) {
            length = Math.addExact(length, Integer.BYTES + (text == null ? 0 : text.length));
        }
        ByteBuffer out = ByteBuffer.allocate(length);
        for (byte[] text : texts) {
            out.putInt(text == null ? NO_TEXT : text.length).put(text == null ? new byte[0] : text);
        }
        return out.array();
    }

    /** @throws IOException when these are no identity's bytes */
    static Identity of(byte[] bytes) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        try {
            SessionId session = new SessionId(String.valueOf(text(in)));
            String agent = text(in);
            return new Identity(
                    session,
                    agent == null ? null : new AgentType(agent),
                    text(in),
                    text(in),
                    text(in),
                    text(in),
                    in.hasRemaining() ? text(in) : null);
        } catch (IllegalArgumentException | BufferUnderflowException damaged) {
            throw new IOException("whose it is cannot be read", damaged);
        }
    }

    private static byte @Nullable [] utf8(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    private static @Nullable String text(ByteBuffer in) {
        int length = in.getInt();
        if (length == NO_TEXT) {
            return null;
        }
        if (length < 0 || length > in.remaining()) {
            throw new IllegalArgumentException("a text of " + length + " bytes");
        }
        byte[] text = new byte[length];
        in.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }
}
