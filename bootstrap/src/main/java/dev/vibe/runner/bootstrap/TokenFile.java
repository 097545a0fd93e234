package dev.vibe.runner.bootstrap;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that holds the token and nothing else. */
final class TokenFile {
    /** Some editors begin a file with one. */
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    /** The longest header that servers take is a fourth of this. */
    private static final int MOST_BYTES = 64 * 1024;

    private TokenFile() {}

    /**
     * Reads it.
     *
     * @throws IOException when it cannot be read
     * @throws IllegalArgumentException when it holds no token
     */
    static Secret read(Path file) throws IOException {
        String text;
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            if (bytes.length > MOST_BYTES) {
                throw new IllegalArgumentException("it has more than " + MOST_BYTES + " bytes, which is no token");
            }
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        }
        return Parsers.secret(text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text);
    }
}
