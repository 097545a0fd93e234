package dev.vibe.runner.testkit;

import java.time.Duration;

/** How the fake server treats its connection at the moment. */
final class LinkConditions {
    private volatile int capacity = 64;
    private volatile Duration probeTimeout = Duration.ofSeconds(5);
    private volatile boolean reading = true;
    private volatile boolean answering = true;

    int capacity() {
        return capacity;
    }

    void capacity(int events) {
        capacity = events;
    }

    Duration probeTimeout() {
        return probeTimeout;
    }

    void probeTimeout(Duration timeout) {
        probeTimeout = timeout;
    }

    boolean reading() {
        return reading;
    }

    void reading(boolean now) {
        reading = now;
    }

    boolean answering() {
        return answering;
    }

    void answering(boolean now) {
        answering = now;
    }

    void healthy() {
        reading = true;
        answering = true;
    }
}
