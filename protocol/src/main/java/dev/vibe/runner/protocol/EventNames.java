package dev.vibe.runner.protocol;

/** The protocol's event names, spelled once. */
public final class EventNames {
    public static final String REGISTER = "endpoint:register";
    public static final String HEARTBEAT = "endpoint:heartbeat";
    public static final String UNREGISTER = "endpoint:unregister";
    public static final String REGISTERED = "endpoint:registered";
    public static final String ERROR = "error";
    public static final String SESSION_START = "session:start";
    public static final String SESSION_STARTED = "session:started";
    public static final String SESSION_STOP = "session:stop";
    /** An addition of this runner: ends the turn, keeps the session. */
    public static final String SESSION_INTERRUPT = "session:interrupt";

    public static final String SESSION_ENDED = "session:ended";
    public static final String SESSION_ERROR = "session:error";
    public static final String MESSAGE_SEND = "message:send";
    /** Used for every agent type, whatever its name says. */
    public static final String MESSAGE_FROM_AGENT = "message:from-claude";

    private EventNames() {}
}
