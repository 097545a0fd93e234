package dev.vibe.runner.localserver;

/** Follows what happens, e.g. for a console. Called under the hub's lock: returns at once. */
interface Watcher {
    /**
     * Something changed.
     *
     * @param kind {@code endpoints}, {@code session} or {@code message}
     * @param json what it is now
     */
    void changed(String kind, String json);
}
