package dev.vibe.runner.adapter.socketio;

/** The kinds of frames of RFC 6455, as they are on the wire. */
final class Opcode {
    static final int CONTINUATION = 0;
    static final int TEXT = 1;
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PING = 9;
    static final int PONG = 10;

    /** From here on frames are about the connection: short, whole, and perhaps between the parts of a message. */
    static final int CONTROL = 8;

    private Opcode() {}
}
