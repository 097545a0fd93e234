package dev.vibe.runner.bootstrap;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Which values must never be seen, and by whom. */
final class Secrets {
    /** Keys that agents do get, and that no log may show. */
    private static final List<String> AGENT_KEYS = List.of(
            "ANTHROPIC_API_KEY",
            "ANTHROPIC_AUTH_TOKEN",
            "ANTHROPIC_CUSTOM_HEADERS",
            "AWS_BEARER_TOKEN_BEDROCK",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_SESSION_TOKEN",
            "CLAUDE_CODE_OAUTH_TOKEN",
            "CODEX_ACCESS_TOKEN",
            "CODEX_API_KEY",
            "GH_TOKEN",
            "GITHUB_TOKEN",
            "OPENAI_API_KEY");
    /** A shorter value of a variable is a switch or a word, and blanking it out would spoil the log. */
    private static final int MIN_LENGTH = 8;

    private Secrets() {}

    /** Variables that no agent may get at, not even by looking into the runner. */
    static List<String> hiddenVariables(RunnerSettings settings) {
        return Stream.concat(Stream.of(SettingsTable.AUTH_TOKEN.name()), settings.privateEnv().stream())
                .toList();
    }

    /** What logs must not show. */
    static List<Secret> neverLogged(RunnerSettings settings) {
        List<Secret> secrets = new ArrayList<>(List.of(settings.token()));
        secrets.addAll(values(settings.environment(), settings.privateEnv().stream()));
        return secrets;
    }

    /** What must not be shown of settings that are not known to make sense: a token may stand where a URL should. */
    static List<Secret> given(Map<String, String> environment) {
        List<Secret> secrets = new ArrayList<>();
        String token =
                environment.getOrDefault(SettingsTable.AUTH_TOKEN.name(), "").strip();
        if (!token.isEmpty()) {
            secrets.add(new Secret(token));
        }
        String names = environment.getOrDefault(SettingsTable.PRIVATE_ENV.name(), "");
        secrets.addAll(values(environment, Stream.of(names.split(",")).map(String::strip)));
        return secrets;
    }

    private static List<Secret> values(Map<String, String> environment, Stream<String> names) {
        return Stream.concat(names, AGENT_KEYS.stream())
                .map(name -> environment.getOrDefault(name, "").strip())
                .filter(value -> value.length() >= MIN_LENGTH)
                .distinct()
                .map(Secret::new)
                .toList();
    }
}
