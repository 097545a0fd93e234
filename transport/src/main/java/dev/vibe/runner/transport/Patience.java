package dev.vibe.runner.transport;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How long a server may owe an answer, over all connections of a transport. Doubles each time a server was given up for its silence,
 * up to eightfold, and an answer brings it back: a server that is alive and only slower than the setting would else be given up and
 * sent the same anew for ever (seen on a machine at eight times its load). Thread-safe.
 */
public final class Patience {
    private static final int MOST = 8;

    private final Duration setting;
    private final AtomicInteger factor = new AtomicInteger(1);

    /** @param setting what it begins with, and comes back to */
    public Patience(Duration setting) {
        this.setting = setting;
    }

    /** For a connection that begins now. */
    public Duration now() {
        return setting.multipliedBy(factor.get());
    }

    /** A server was given up for its silence. */
    public void exhausted() {
        factor.updateAndGet(times -> Math.min(MOST, 2 * times));
    }

    /** A server has answered. */
    public void answered() {
        factor.set(1);
    }
}
