package dev.vibe.runner.bootstrap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

/** Whether an agent has something to log in with; what it is worth only the agent's own server knows. */
final class AgentLogin {
    private static final List<String> CLAUDE_VARIABLES = List.of(
            "ANTHROPIC_API_KEY",
            "ANTHROPIC_AUTH_TOKEN",
            "CLAUDE_CODE_OAUTH_TOKEN",
            "CLAUDE_CODE_OAUTH_TOKEN_FILE_DESCRIPTOR",
            "CLAUDE_CODE_USE_BEDROCK",
            "CLAUDE_CODE_USE_VERTEX",
            "CLAUDE_CODE_USE_FOUNDRY");
    private static final List<String> CODEX_VARIABLES =
            List.of("OPENAI_API_KEY", "CODEX_API_KEY", "CODEX_ACCESS_TOKEN");

    private AgentLogin() {}

    /** @param variable the agent's environment, empty for what is not set */
    static boolean claude(UnaryOperator<String> variable, Path home, List<String> arguments) {
        Path configuration = place(variable.apply("CLAUDE_CONFIG_DIR"), home.resolve(".claude"));
        return any(variable, CLAUDE_VARIABLES)
                || Files.exists(configuration.resolve(".credentials.json"))
                || holds(configuration.resolve("settings.json"), "apiKeyHelper")
                || holds(configuration.resolve("settings.json"), "ANTHROPIC_")
                || holds(home.resolve(".claude.json"), "primaryApiKey")
                || arguments.contains("--settings");
    }

    /** @param variable the agent's environment, empty for what is not set */
    static boolean codex(UnaryOperator<String> variable, Path home, List<String> arguments) {
        Path configuration = place(variable.apply("CODEX_HOME"), home.resolve(".codex"));
        return any(variable, CODEX_VARIABLES)
                || Files.exists(configuration.resolve("auth.json"))
                || holds(configuration.resolve("config.toml"), "model_provider")
                || arguments.stream().anyMatch(argument -> argument.contains("model_provider"));
    }

    private static boolean any(UnaryOperator<String> variable, List<String> names) {
        return names.stream().anyMatch(name -> !variable.apply(name).isEmpty());
    }

    private static Path place(String named, Path usual) {
        return named.isEmpty() ? usual : Path.of(named);
    }

    private static boolean holds(Path file, String word) {
        try {
            return Files.readString(file).contains(word);
        } catch (IOException | SecurityException none) {
            return false;
        }
    }
}
