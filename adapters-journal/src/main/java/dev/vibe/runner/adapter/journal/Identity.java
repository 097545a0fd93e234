package dev.vibe.runner.adapter.journal;

import dev.vibe.runner.application.port.out.SavedSession;
import dev.vibe.runner.domain.AgentType;
import dev.vibe.runner.domain.SessionId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whose lane a folder is, and what its session runs; in a file of its own, since ids are data and never file names.
 *
 * @param session the session, null agent where the lane holds answers about a session that does not run
 */
record Identity(
        SessionId session,
        @Nullable AgentType agent,
        @Nullable String directory,
        @Nullable String agentSession) {
    private static final int VERSION = 1;
    private static final int MAX_TEXT = 1 << 20;
    private static final Set<StandardOpenOption> CREATE_OR_REPLACE =
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);

    static Identity of(SavedSession saved) {
        return new Identity(saved.id(), saved.agent(), saved.workingDirectory(), saved.agentSessionId());
    }

    static Identity of(SessionId session) {
        return new Identity(session, null, null, null);
    }

    /** Written beside and moved into place: there is always a whole one. */
    void write(Path file) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(VERSION);
        text(out, session.value());
        text(out, agent == null ? null : agent.name());
        text(out, directory);
        text(out, agentSession);
        byte[] body = bytes.toByteArray();
        out.writeInt(Records.checksum(body, 0, body.length));
        Path beside = file.resolveSibling(file.getFileName() + ".new");
        try (SeekableByteChannel channel = Files.newByteChannel(beside, CREATE_OR_REPLACE, Segments.PRIVATE_FILE)) {
            ByteBuffer whole = ByteBuffer.wrap(bytes.toByteArray());
            while (whole.hasRemaining()) {
                int _ = channel.write(whole);
            }
        }
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    static Identity read(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            if (in.readInt() != VERSION) {
                throw new IOException(file + " is of another version");
            }
            SessionId session = new SessionId(String.valueOf(text(in)));
            String agent = text(in);
            Identity identity = new Identity(session, agent == null ? null : new AgentType(agent), text(in), text(in));
            if (in.readInt() != Records.checksum(bytes, 0, bytes.length - Integer.BYTES)) {
                throw new IOException(file + " is damaged");
            }
            return identity;
        } catch (IllegalArgumentException damaged) {
            throw new IOException(file + " is damaged", damaged);
        }
    }

    private static void text(DataOutputStream out, @Nullable String text) throws IOException {
        if (text == null) {
            out.writeInt(-1);
            return;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static @Nullable String text(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0) {
            return null;
        }
        if (length > MAX_TEXT) {
            throw new IOException("a text is too long");
        }
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }
}
