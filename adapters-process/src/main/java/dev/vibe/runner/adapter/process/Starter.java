package dev.vibe.runner.adapter.process;

import java.io.IOException;

/** How a program becomes a process in a session of its own. */
interface Starter {
    /**
     * Starts it.
     *
     * @throws IOException when the system refuses, with a message for people
     */
    Process start(Launch launch) throws IOException;

    /** Whether the program waits for a line on its stdin, {@link OwnSession#GO}, before it begins. */
    boolean gated();

    /** The one that costs least on this system; known once the first process is to be started. */
    static Starter best() {
        return Best.STARTER;
    }

    /** Made late: binding native functions takes tens of milliseconds, which a start of the runner need not wait for. */
    final class Best {
        private static final Starter STARTER = choose();

        private Best() {}

        private static Starter choose() {
            Starter spawn = SpawnStarter.ifSupported();
            return spawn == null ? new JdkStarter() : spawn;
        }
    }
}
