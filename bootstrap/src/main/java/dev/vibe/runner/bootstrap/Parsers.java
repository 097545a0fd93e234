package dev.vibe.runner.bootstrap;

import dev.vibe.runner.transport.HostName;
import dev.vibe.runner.transport.Trust;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** How settings are read. Each throws {@link IllegalArgumentException} for what is not allowed. */
final class Parsers {
    private Parsers() {}

    static Setting.Parser<Integer> whole(int from, int to) {
        return text -> {
            int value = Integer.parseInt(text.strip());
            require(value >= from && value <= to);
            return value;
        };
    }

    static Setting.Parser<Duration> seconds(int from, int to) {
        return text -> Duration.ofSeconds(whole(from, to).parse(text));
    }

    static Setting.Parser<Duration> millis(int from, int to) {
        return text -> Duration.ofMillis(whole(from, to).parse(text));
    }

    static boolean yesNo(String text) {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "true", "1", "yes", "on" -> true;
            case "false", "0", "no", "off" -> false;
            default -> throw new IllegalArgumentException();
        };
    }

    static <E extends Enum<E>> Setting.Parser<E> oneOf(Class<E> type) {
        return text -> Enum.valueOf(type, text.strip().toUpperCase(Locale.ROOT));
    }

    static URI serverUrl(String text) {
        URI uri = URI.create(text.strip());
        require(uri.getScheme() != null);
        require(List.of("http", "https", "ws", "wss").contains(uri.getScheme().toLowerCase(Locale.ROOT)));
        require(uri.getRawQuery() == null && uri.getRawFragment() == null);
        HostName _ = HostName.of(uri);
        require(uri.getRawAuthority().indexOf('@') < 0);
        return uri;
    }

    static Secret secret(String text) {
        String value = text.strip();
        require(!value.isEmpty() && value.chars().noneMatch(Character::isISOControl));
        return new Secret(value);
    }

    static String urlPath(String text) {
        String path = text.strip();
        require(path.startsWith("/") && URI.create("http://host" + path).getRawQuery() == null);
        return path;
    }

    static Path certificates(String text) {
        Path file = Path.of(text);
        Trust.check(file);
        return file;
    }

    static Path path(String text) {
        return Path.of(text);
    }

    /** Words separated by white space; quotes keep a word together. No escapes. */
    static List<String> words(String text) {
        return Words.split(text);
    }

    static List<String> names(String text) {
        return Arrays.stream(text.split("[,\\s]+", -1))
                .filter(name -> !name.isEmpty())
                .toList();
    }

    static void require(boolean condition) {
        if (!condition) {
            throw new IllegalArgumentException();
        }
    }
}
