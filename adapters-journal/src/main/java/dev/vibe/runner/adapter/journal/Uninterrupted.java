package dev.vibe.runner.adapter.journal;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;

/** File operations whose thread may be interrupted: that would close the channel, and the disk would seem to fail. */
final class Uninterrupted {
    private Uninterrupted() {}

    /** What may be done again from its beginning where its channel was closed, and opens it anew then. */
    interface Work {
        void run() throws IOException;
    }

    /** Does it to its end; the thread is interrupted afterwards if it was before, or became so meanwhile. */
    static void run(Work work) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    work.run();
                    return;
                } catch (ClosedByInterruptException again) {
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
