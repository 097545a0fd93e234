package dev.vibe.runner.adapter.process;

import dev.vibe.runner.domain.EndpointId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The value of an environment variable that every process of an agent inherits, so that orphans and daemons are found
 * after they left the process tree. It says whose they are: {@code ENDPOINT.RUNNERPID.RUNNERSTART.NUMBER}, the endpoint
 * as a hash since ids are data of any shape.
 *
 * @param value unique to one launch
 */
record Mark(String value) {
    /** The variable's name. */
    static final String VARIABLE = "VIBE_RUNNER_MARK";

    private static final int HASH_CHARS = 16;

    /** Pid and start time name the runner's process, so a count within it is unique. */
    private static final AtomicLong LAUNCHES = new AtomicLong();

    /** A new mark for one launch by the runner {@code self}. */
    static Mark create(EndpointId endpoint, ProcessStat self) {
        return create(prefix(endpoint), self);
    }

    /** @param prefix the endpoint's {@link #prefix(EndpointId)} */
    static Mark create(String prefix, ProcessStat self) {
        return new Mark(prefix + self.pid() + "." + self.startTicks() + "." + LAUNCHES.incrementAndGet());
    }

    /** What all marks of this endpoint begin with, whichever runner made them. */
    static String prefix(EndpointId endpoint) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(endpoint.value().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash).substring(0, HASH_CHARS) + ".";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** The pid of the runner that made this mark, or -1 where the value has another form. */
    long runnerPid() {
        return number(1);
    }

    /** The start time of the runner that made this mark, or -1 where the value has another form. */
    long runnerStartTicks() {
        return number(2);
    }

    private long number(int index) {
        String[] parts = value.split("\\.", -1);
        if (parts.length != 4) {
            return -1;
        }
        try {
            return Long.parseLong(parts[index]);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
