package dev.vibe.runner.bootstrap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that holds the token and nothing else. */
final class TokenFile {
    /** Some editors begin a file with one. */
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private TokenFile() {}

    /**
     * Reads it.
     *
     * @throws IOException when it cannot be read
     * @throws IllegalArgumentException when it holds no token
     */
    static Secret read(Path file) throws IOException {
        String text = Files.readString(file);
        return Parsers.secret(text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text);
    }
}
