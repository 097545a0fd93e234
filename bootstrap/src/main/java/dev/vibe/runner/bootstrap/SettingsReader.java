package dev.vibe.runner.bootstrap;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads settings from an environment and collects what is wrong, so that all of it can be said at once. */
public final class SettingsReader {
    private static final String NOT_SET = "   (not set)";

    private final Map<String, String> environment;
    private final List<String> problems = new ArrayList<>();
    private final Map<String, Supplier<String>> effective = new LinkedHashMap<>();
    private Optional<Path> tokenFile = Optional.empty();

    public SettingsReader(Map<String, String> environment) {
        this.environment = environment;
    }

    /** The value, or empty after noting a problem. A variable that is set to nothing counts as unset. */
    public <T> Optional<T> read(Setting<T> setting) {
        String text = environment.getOrDefault(setting.name(), "");
        boolean given = !text.isBlank();
        if (!given && setting.fallback().isEmpty()) {
            effective.put(setting.name(), () -> NOT_SET);
            problems.add(setting.name() + " is not set: it must be " + setting.allowed());
            return Optional.empty();
        }
        effective.put(setting.name(), () -> shown(setting, text, given)); // a start shows none
        String source = given ? text : setting.fallback().orElse("");
        try {
            return Optional.of(setting.parser().parse(source));
        } catch (IllegalArgumentException wrong) {
            problems.add(setting.name() + " is " + (setting.secret() ? Secret.MASK : '"' + clean(text) + '"')
                    + ": it must be "
                    + setting.allowed());
            return Optional.empty();
        }
    }

    private String shown(Setting<?> setting, String text, boolean given) {
        if (!given) {
            return setting.equals(SettingsTable.AUTH_TOKEN)
                    ? NOT_SET
                    : InForce.of(setting, environment) + "   (default)";
        }
        return setting.secret() ? Secret.MASK : clean(text);
    }

    /** As it may be shown. A URL may have a password, or a token in its query, where it should not, and any setting another's value. */
    String clean(String text) {
        return new Redactor(Secrets.given(environment))
                .redact(text.replaceAll("://[^/\\s]*@", "://" + Secret.MASK + "@")
                        .replaceAll("(://[^\\s?]*\\?)\\S+", "$1" + Secret.MASK));
    }

    /** The token: given, or in a file. */
    Optional<Secret> token() {
        Optional<Optional<Secret>> given = read(SettingsTable.AUTH_TOKEN);
        Optional<Optional<Path>> file = read(SettingsTable.AUTH_TOKEN_FILE);
        if (given.isEmpty() || file.isEmpty()) {
            return Optional.empty();
        }
        if (given.get().isPresent()) {
            return given.get();
        }
        if (file.get().isPresent()) {
            return fromFile(file.get().get());
        }
        problems.add("VIBE_AUTH_TOKEN is not set: it must be " + SettingsTable.AUTH_TOKEN.allowed()
                + " (or name a file that holds it in VIBE_AUTH_TOKEN_FILE)");
        return Optional.empty();
    }

    private Optional<Secret> fromFile(Path file) {
        String wrong = "VIBE_AUTH_TOKEN_FILE is \"" + file + "\": ";
        try {
            Secret token = TokenFile.read(file);
            tokenFile = Optional.of(file);
            return Optional.of(token);
        } catch (IOException unreadable) {
            problems.add(wrong + "the file cannot be read; it must be " + SettingsTable.AUTH_TOKEN_FILE.allowed());
        } catch (IllegalArgumentException noToken) {
            problems.add(wrong + "the file must hold the token, " + SettingsTable.AUTH_TOKEN.allowed());
        }
        return Optional.empty();
    }

    /** Where {@link #token} has found it; empty where it was given otherwise. */
    Optional<Path> tokenFile() {
        return tokenFile;
    }

    void problem(String text) {
        problems.add(text);
    }

    public List<String> problems() {
        return problems;
    }

    /** What was read, by name, secrets masked; for {@code --print-config}. */
    public Map<String, String> effective() {
        Map<String, String> shown = new LinkedHashMap<>();
        effective.forEach((name, text) -> shown.put(name, text.get()));
        return shown;
    }
}
