package dev.vibe.runner.application.port.out;

/** The connection is gone; a later one will be announced. Expected, so without a stack trace. */
public final class NotConnectedException extends Exception {
    /** @param message why it is gone, for people */
    public NotConnectedException(String message) {
        super(message, null, false, false);
    }
}
