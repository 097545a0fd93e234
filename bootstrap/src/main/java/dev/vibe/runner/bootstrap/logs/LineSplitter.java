package dev.vibe.runner.bootstrap.logs;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Puts lines together from pieces. */
final class LineSplitter {
    private final ByteArrayOutputStream begun = new ByteArrayOutputStream();

    void add(byte[] bytes, int length, Consumer<String> lines) {
        int start = 0;
        for (int i = 0; i < length; i++) {
            if (bytes[i] == '\n') {
                begun.write(bytes, start, i - start);
                lines.accept(begun.toString(StandardCharsets.UTF_8));
                begun.reset();
                start = i + 1;
            }
        }
        begun.write(bytes, start, length - start);
    }
}
