package dev.vibe.runner.adapter.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Which conversations Claude Code has stored: {@code projects/<directory>/<id>.jsonl} below its configuration directory
 * (measured with 2.1.197). One that had no message yet has no file, or after {@code /clear} for a moment one without any message: {@code
 * --resume} of it would fail, and so would {@code --session-id} where there is a file. Looks at files.
 */
final class ClaudeConversations {
    /** More directories than anybody works in. */
    private static final int MOST_FOLDERS = 10_000;

    private static final int CHUNK = 8 * 1024;

    /** In what was said these quotes are escaped. */
    private static final List<String> MESSAGES = List.of("\"type\":\"user\"", "\"type\":\"assistant\"");

    private final Path projects;

    ClaudeConversations(Map<String, String> environment) {
        String configured = environment.getOrDefault("CLAUDE_CONFIG_DIR", "");
        Path base =
                configured.isBlank() ? Path.of(environment.getOrDefault("HOME", "/"), ".claude") : Path.of(configured);
        this.projects = base.resolve("projects");
    }

    /** Whether it can be gone on with: it has a message. */
    boolean has(String id) {
        return files(id).stream().anyMatch(file -> contains(file, MESSAGES, true));
    }

    /** Whether it has a message with this uuid. Reads it to the end where it has not. */
    boolean has(String id, String uuid) {
        List<String> field = List.of("\"uuid\":" + Json.quote(uuid));
        return files(id).stream().anyMatch(file -> contains(file, field, false));
    }

    /** Whether its id is taken, though there may be no message in it. */
    boolean taken(String id) {
        return !files(id).isEmpty();
    }

    /** Looks in every directory's folder: how Claude spells a directory is its own affair. */
    private List<Path> files(String id) {
        if (id.contains("/") || !Files.isDirectory(projects)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(projects)) {
            return folders.limit(MOST_FOLDERS)
                    .map(folder -> folder.resolve(id + ".jsonl"))
                    .filter(Files::exists)
                    .toList();
        } catch (IOException | UncheckedIOException unreadable) {
            return List.of();
        }
    }

    /**
     * Not line by line, since a line may be as long as a picture; the first message is near the beginning.
     *
     * @param unreadable the answer where the file cannot be read
     */
    private static boolean contains(Path file, List<String> anyOf, boolean unreadable) {
        List<Search> searches = anyOf.stream().map(Search::new).toList();
        byte[] chunk = new byte[CHUNK];
        try (InputStream in = Files.newInputStream(file)) {
            for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
                for (Search search : searches) {
                    if (search.foundIn(chunk, length)) {
                        return true;
                    }
                }
            }
            return false;
        } catch (IOException e) {
            return unreadable;
        }
    }

    /** For a text whose first character, a quote, comes in it several times: a failed match may be the begin of another. */
    private static final class Search {
        private final byte[] text;
        private final int[] back;
        private int matched;

        Search(String wanted) {
            text = wanted.getBytes(StandardCharsets.UTF_8);
            back = new int[text.length];
            for (int at = 1, length = 0; at < text.length; at++) {
                while (length > 0 && text[at] != text[length]) {
                    length = back[length - 1];
                }
                if (text[at] == text[length]) {
                    length++;
                }
                back[at] = length;
            }
        }

        /** Whether it has been found with what comes next. */
        boolean foundIn(byte[] chunk, int length) {
            for (int at = 0; at < length; at++) {
                while (matched > 0 && text[matched] != chunk[at]) {
                    matched = back[matched - 1];
                }
                if (text[matched] == chunk[at] && ++matched == text.length) {
                    return true;
                }
            }
            return false;
        }
    }
}
