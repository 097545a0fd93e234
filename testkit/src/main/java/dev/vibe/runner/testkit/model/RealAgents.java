package dev.vibe.runner.testkit.model;

import dev.vibe.runner.testkit.Requires;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * The real Claude Code and Codex from npm, as tests run them: each test in a home of its own, talking to a {@link
 * ModelServer} and to nothing else. Found in the directory {@code VIBE_TEST_AGENTS_BIN} names, else where {@code npm ci}
 * in {@code testkit/agents} puts them.
 */
public final class RealAgents {
    private final Path bin;
    private final Path home;

    private RealAgents(Path bin, Path home) {
        this.bin = bin;
        this.home = home;
    }

    /** Skips the calling test, or fails it where the group {@code agents} is required, unless both are installed. */
    public static RealAgents require() {
        Path bin = bin();
        boolean present = Files.isExecutable(bin.resolve("claude")) && Files.isExecutable(bin.resolve("codex"));
        Requires.that("agents", present, "no claude and codex in " + bin + "; run npm ci in testkit/agents");
        return new RealAgents(bin, freshHome());
    }

    /** The command {@code claude}. */
    public Path claude() {
        return bin.resolve("claude");
    }

    /** The command {@code codex}: npm's wrapper, as users have it. */
    public Path codex() {
        return bin.resolve("codex");
    }

    /** The agents' home: empty but for the configuration that points them to the model server. */
    public Path home() {
        return home;
    }

    /**
     * Everything both agents need in their environment, besides {@code PATH}; also writes Codex's configuration.
     *
     * @param model answers them
     */
    public Map<String, String> environment(ModelServer model) {
        Path codexHome = home.resolve(".codex");
        try {
            Files.createDirectories(codexHome);
            Files.writeString(codexHome.resolve("config.toml"), codexConfiguration(model));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return environment(model, home);
    }

    /**
     * The same for agents that are installed elsewhere, e.g. in a container.
     *
     * @param home theirs; {@link #codexConfiguration} belongs into {@code .codex/config.toml} there
     */
    public static Map<String, String> environment(ModelServer model, Path home) {
        Map<String, String> env = new TreeMap<>();
        env.put("HOME", home.toString());
        env.put("CLAUDE_CONFIG_DIR", home.resolve(".claude").toString());
        env.put("ANTHROPIC_BASE_URL", model.url().toString());
        env.put("ANTHROPIC_API_KEY", "test-key");
        env.put("CLAUDE_CODE_MAX_RETRIES", "1");
        env.put("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1");
        env.put("DISABLE_AUTOUPDATER", "1");
        env.put("DISABLE_TELEMETRY", "1");
        env.put("IS_SANDBOX", "1");
        env.put("CODEX_HOME", home.resolve(".codex").toString());
        env.put("TEST_MODEL_KEY", "test-key");
        return env;
    }

    /** What Codex must be told to use the model server. */
    public static String codexConfiguration(ModelServer model) {
        return """
                model = "gpt-5.5"
                model_provider = "test"

                [model_providers.test]
                name = "test"
                base_url = "%s/v1"
                wire_api = "responses"
                env_key = "TEST_MODEL_KEY"
                request_max_retries = 0
                stream_max_retries = 0

                # With plugins, codex app-server asks a public host at each start.
                [features]
                plugins = false
                """.formatted(model.url());
    }

    private static Path bin() {
        String named = System.getenv("VIBE_TEST_AGENTS_BIN");
        if (named != null) {
            return Path.of(named);
        }
        return Path.of(System.getProperty("vibe.root", ".")).resolve("testkit/agents/node_modules/.bin");
    }

    /** Under the module's target: below the temp directory Codex refuses to set up its sandbox. */
    private static Path freshHome() {
        try {
            Path homes = Path.of("target/agent-homes").toAbsolutePath();
            return Files.createTempDirectory(Files.createDirectories(homes), "home");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
