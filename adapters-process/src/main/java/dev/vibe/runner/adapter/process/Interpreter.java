package dev.vibe.runner.adapter.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The program that a script names in its first line. Where it is missing the system says that the script is. */
final class Interpreter {
    /** Linux reads no more of the line. */
    private static final int LONGEST = 255;

    private Interpreter() {}

    /**
     * For people, why a file that is there cannot be run; null where its interpreter is there or it needs none. Looks at files.
     *
     * @param executable as it was to be run
     */
    static @Nullable String missing(Path executable) {
        String name = of(executable);
        if (name == null || exists(name)) {
            return null;
        }
        String hint = name.endsWith("\r") ? ", since the line ends as on Windows" : "";
        return "its first line names the interpreter \"" + name.replace("\r", "\\r") + "\", which does not exist"
                + hint;
    }

    private static @Nullable String of(Path script) {
        byte[] begin;
        try (InputStream in = Files.newInputStream(script)) {
            begin = in.readNBytes(LONGEST);
        } catch (IOException unreadable) {
            return null;
        }
        String text = new String(begin, StandardCharsets.ISO_8859_1);
        if (!text.startsWith("#!")) {
            return null;
        }
        String line = text.substring(2).split("\n", 2)[0].replace('\t', ' ');
        String name = line.replaceFirst("^ +", "").split(" ", 2)[0];
        return name.isEmpty() ? null : name;
    }

    private static boolean exists(String name) {
        try {
            return Files.exists(Path.of(name));
        } catch (InvalidPathException notAPath) {
            return false;
        }
    }
}
