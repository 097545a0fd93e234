package dev.vibe.runner.adapter.socketio;

import java.io.IOException;
import java.net.ProtocolException;
import okhttp3.WebSocketListener;
import okio.Buffer;
import okio.BufferedSource;

/** Reads a server's frames, on one thread. How long a message may be is bounded below, by {@link IncomingLimit}. */
final class FrameReader {
    private static final int FINAL = 0x80;
    private static final int RESERVED = 0x70;
    private static final int MASKED = 0x80;
    private static final int MAX_CONTROL = 125;
    private static final int TWO_BYTES = 126;
    private static final int EIGHT_BYTES = 127;
    private static final int NO_CODE = 1005;
    private static final long GOODBYE_MILLIS = 1_000;

    private final BufferedSource in;
    private final FrameSocket socket;
    private final WebSocketListener listener;
    private final FrameWriter writer;
    private final Buffer parts = new Buffer();
    private int kind = Opcode.CONTINUATION; // of the message whose parts are coming

    FrameReader(BufferedSource in, FrameSocket socket, WebSocketListener listener, FrameWriter writer) {
        this.in = in;
        this.socket = socket;
        this.listener = listener;
        this.writer = writer;
    }

    /** Tells the listener all there is, up to the server's goodbye. */
    void readToEnd() throws IOException {
        boolean open = true;
        while (open) {
            int first = in.readByte() & 0xFF;
            int second = in.readByte() & 0xFF;
            if ((first & RESERVED) != 0 || (second & MASKED) != 0) {
                throw new ProtocolException("the server sends frames that were not agreed on");
            }
            int opcode = first & 0x0F;
            boolean last = (first & FINAL) != 0;
            long length = length(second);
            if (opcode < Opcode.CONTROL) {
                data(opcode, last, length);
            } else {
                if (!last || length > MAX_CONTROL) {
                    throw new ProtocolException("the server sends a broken control frame");
                }
                open = control(opcode, length);
            }
        }
    }

    private long length(int second) throws IOException {
        long length = switch (second) {
            case TWO_BYTES -> in.readShort() & 0xFFFF;
            case EIGHT_BYTES -> in.readLong();
            default -> second;
        };
        if (length < 0) {
            throw new ProtocolException("the server sends a frame of no possible length");
        }
        return length;
    }

    private void data(int opcode, boolean last, long length) throws IOException {
        if ((opcode == Opcode.CONTINUATION) == (kind == Opcode.CONTINUATION) || opcode > Opcode.BINARY) {
            throw new ProtocolException("the server sends frames out of order");
        }
        if (opcode != Opcode.CONTINUATION) {
            kind = opcode;
        }
        in.readFully(parts, length);
        if (last) {
            int whole = kind;
            kind = Opcode.CONTINUATION;
            if (whole == Opcode.TEXT) {
                listener.onMessage(socket, parts.readUtf8());
            } else {
                listener.onMessage(socket, parts.readByteString());
            }
        }
    }

    /** Returns whether more may come. */
    private boolean control(int opcode, long length) throws IOException {
        byte[] payload = in.readByteArray(length);
        if (opcode == Opcode.PING) {
            writer.put(Opcode.PONG, payload);
        } else if (opcode == Opcode.CLOSE) {
            goodbye(payload);
            return false;
        } else if (opcode != Opcode.PONG) {
            throw new ProtocolException("the server sends a frame of an unknown kind");
        }
        return true;
    }

    private void goodbye(byte[] payload) {
        int code = payload.length < Short.BYTES ? NO_CODE : (payload[0] & 0xFF) << Byte.SIZE | (payload[1] & 0xFF);
        String reason = new Buffer().write(payload).readUtf8();
        String words = payload.length <= Short.BYTES ? "" : reason.substring(Math.min(Short.BYTES, reason.length()));
        listener.onClosing(socket, code, words);
        writer.awaitEnd(GOODBYE_MILLIS);
        socket.closed(code, words);
    }
}
