package dev.vibe.runner.bootstrap.warmup;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A server's end of a WebSocket (RFC 6455) whose client is this process: text in whole frames, no extensions. */
final class FramedSocket {
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int TEXT = 1;
    private static final int CLOSE = 8;
    private static final int FINAL = 0x80;
    private static final int OPCODE = 0x0F;
    private static final int LENGTH = 0x7F;
    private static final int SHORT_LENGTH = 126;
    private static final int LONG_LENGTH = 127;
    private static final int MASK_BYTES = 4;

    private final DataInputStream in;
    private final OutputStream out;

    /** Answers the client's upgrade; waits for it. */
    FramedSocket(Socket socket) throws IOException {
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        out = socket.getOutputStream();
        String answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: " + accept(key()) + "\r\n\r\n";
        out.write(answer.getBytes(StandardCharsets.ISO_8859_1));
    }

    private String key() throws IOException {
        String key = "";
        for (String line = headerLine(); !line.isEmpty(); line = headerLine()) {
            String name = "sec-websocket-key:";
            if (line.toLowerCase(Locale.ROOT).startsWith(name)) {
                key = line.substring(name.length()).strip();
            }
        }
        return key;
    }

    private String headerLine() throws IOException {
        StringBuilder line = new StringBuilder();
        for (char next = (char) in.readUnsignedByte(); next != '\n'; next = (char) in.readUnsignedByte()) {
            if (next != '\r') {
                line.append(next);
            }
        }
        return line.toString();
    }

    private static String accept(String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.ISO_8859_1));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-1", impossible);
        }
    }

    /** The next text; null after the last. */
    @Nullable
    String read() throws IOException {
        while (true) {
            int opcode = in.readUnsignedByte() & OPCODE;
            int length = in.readUnsignedByte() & LENGTH;
            if (length == LONG_LENGTH) {
                throw new ProtocolException("nothing so long is said in a warm-up");
            }
            byte[] mask = new byte[MASK_BYTES];
            byte[] text = new byte[length == SHORT_LENGTH ? in.readUnsignedShort() : length];
            in.readFully(mask);
            in.readFully(text);
            for (int i = 0; i < text.length; i++) {
                text[i] ^= mask[i % MASK_BYTES];
            }
            if (opcode == TEXT) {
                return new String(text, StandardCharsets.UTF_8);
            } else if (opcode == CLOSE) {
                return null;
            }
        }
    }

    void write(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream frame = new ByteArrayOutputStream(bytes.length + Integer.BYTES);
        frame.write(FINAL | TEXT);
        if (bytes.length < SHORT_LENGTH) {
            frame.write(bytes.length);
        } else {
            frame.write(SHORT_LENGTH);
            frame.write(bytes.length >> Byte.SIZE);
            frame.write(bytes.length);
        }
        frame.writeBytes(bytes);
        frame.writeTo(out);
    }
}
