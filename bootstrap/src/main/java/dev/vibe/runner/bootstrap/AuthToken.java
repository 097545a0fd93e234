package dev.vibe.runner.bootstrap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The token as it is when it is asked for. One from a file is read anew: who renews tokens writes the new one there, and a server
 * that no longer takes the old one would end all sessions at the next reconnection. Thread-safe.
 */
final class AuthToken implements Supplier<String> {
    private static final Logger LOG = LoggerFactory.getLogger(AuthToken.class);

    private final Optional<Path> file;
    private final Consumer<Secret> learned;
    private Secret current; // guarded by this

    /**
     * @param first what it is to begin with
     * @param file where it may change, if anywhere
     * @param learned told of each new one, before it is used
     */
    AuthToken(Secret first, Optional<Path> file, Consumer<Secret> learned) {
        current = first;
        this.file = file;
        this.learned = learned;
    }

    @Override
    public synchronized String get() {
        file.ifPresent(this::look);
        return current.value();
    }

    /** Only what can be read again without waiting for somebody: not a pipe, whose one token has been read. */
    private void look(Path at) {
        if (!Files.isRegularFile(at)) {
            return;
        }
        try {
            Secret there = TokenFile.read(at);
            if (!there.equals(current)) {
                learned.accept(there);
                current = there;
                LOG.info("there is another token in {}: it is used from now on", at);
            }
        } catch (IOException
                | IllegalArgumentException none) { // being written, or taken away: the last one may still do
            LOG.debug("no token can be read from {}", at);
        }
    }
}
