package dev.vibe.runner.adapter.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.vibe.runner.testkit.Requires;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class NpmScriptTest {
    private static final String GYP = "/usr/lib/node_modules/npm/node_modules/@npmcli/run-script/lib/node-gyp-bin";
    private static final String BINS = "/home/user/app/node_modules/.bin:/home/user/node_modules/.bin:"
            + "/home/node_modules/.bin:/node_modules/.bin:" + GYP + ":";

    /** As npm 11.19.1 sets it. */
    private static final Map<String, String> NPMS = Map.ofEntries(
            Map.entry("COLOR", "0"),
            Map.entry("EDITOR", "vi"),
            Map.entry("INIT_CWD", "/home/user/app"),
            Map.entry("NODE", "/usr/bin/node"),
            Map.entry("npm_command", "start"),
            Map.entry("npm_config_allow_scripts", ""),
            Map.entry("npm_config_cache", "/home/user/.npm"),
            Map.entry("npm_config_global_prefix", "/usr"),
            Map.entry("npm_config_globalconfig", "/usr/etc/npmrc"),
            Map.entry("npm_config_init_module", "/home/user/.npm-init.js"),
            Map.entry("npm_config_local_prefix", "/home/user/app"),
            Map.entry("npm_config_node_gyp", "/usr/lib/node_modules/npm/node_modules/node-gyp/bin/node-gyp.js"),
            Map.entry("npm_config_noproxy", ""),
            Map.entry("npm_config_npm_version", "11.19.1"),
            Map.entry("npm_config_prefix", "/usr"),
            Map.entry("npm_config_user_agent", "npm/11.19.1 node/v20.20.2 linux x64 workspaces/false"),
            Map.entry("npm_config_userconfig", "/home/user/.npmrc"),
            Map.entry("npm_execpath", "/usr/lib/node_modules/npm/bin/npm-cli.js"),
            Map.entry("npm_lifecycle_event", "start"),
            Map.entry("npm_lifecycle_script", "exec ./bin/vibe-runner"),
            Map.entry("npm_node_execpath", "/usr/bin/node"),
            Map.entry("npm_package_json", "/home/user/app/package.json"),
            Map.entry("npm_package_name", "x"));

    @Test
    void whatNpmAddsIsTakenAway() {
        Map<String, String> users = Map.of("HOME", "/home/user", "PATH", "/usr/bin:/bin", "LANG", "C");
        Map<String, String> all = new HashMap<>(NPMS);
        all.putAll(users);
        all.put("PATH", BINS + "/usr/bin:/bin");
        assertEquals(users, NpmScript.undone(all));
    }

    @Test
    void whatTheUserSetStays() {
        Map<String, String> users = Map.ofEntries(
                Map.entry("HOME", "/home/user"),
                Map.entry("NODE", "/opt/node"),
                Map.entry("EDITOR", "nano"),
                Map.entry("VISUAL", "code"),
                Map.entry("COLOR", "always"),
                Map.entry("NODE_OPTIONS", "--no-warnings"),
                Map.entry("npm_config_registry", "https://registry.example/"),
                Map.entry("npm_config_cache", "/cache"),
                Map.entry("npm_config_userconfig", "/secrets/npmrc"),
                Map.entry("npm_config_globalconfig", "/etc/npmrc"),
                Map.entry("npm_config_init_module", "/init.js"),
                Map.entry("npm_config_noproxy", "localhost"),
                Map.entry("npm_config_prefix", "/home/user/.npm-global"));
        Map<String, String> all = new HashMap<>(NPMS);
        all.putAll(users);
        assertEquals(users, NpmScript.undone(all));
    }

    @Test
    void ofThePathOnlyItsBeginningIsNpms() {
        assertEquals("/usr/bin", path(BINS + BINS + "/usr/bin"));
        assertEquals("/usr/bin", path("/node_modules/.bin:" + GYP + ":/usr/bin"));
        for (String users : new String[] {
            "/home/user/app/node_modules/.bin:/usr/bin",
            "/usr/bin:" + BINS + "/bin",
            "/a/node_modules/.bin:/node_modules/.bin:/usr/bin",
            "/a/b/node_modules/.bin:/node_modules/.bin:" + GYP + ":/usr/bin",
            "node_modules/.bin:" + GYP,
            GYP + ":/usr/bin",
            "/usr/bin::",
            ""
        }) {
            assertEquals(users, path(users));
            assertEquals(users, path(BINS + users));
        }
    }

    private static String path(String given) {
        return NpmScript.undone(Map.of("npm_lifecycle_event", "start", "PATH", given))
                .getOrDefault("PATH", "none");
    }

    /** So that the next npm's news are noticed. */
    @Test
    @Timeout(60)
    void theNpmThatIsHereAddsNothingElse(@TempDir Path directory) throws Exception {
        Files.writeString(
                directory.resolve("package.json"),
                "{\"name\":\"x\",\"version\":\"1.0.0\",\"scripts\":{\"start\":\"env -0 > seen\"}}");
        Map<String, String> users = Map.of(
                "HOME", directory.toString(),
                "PATH", System.getenv().getOrDefault("PATH", "/usr/bin:/bin"),
                "npm_config_globalconfig", directory.resolve("none").toString(),
                "npm_config_prefix", directory.toString(), // some bring one of their own
                "npm_config_registry", "http://127.0.0.1:9/");
        ProcessBuilder npm = new ProcessBuilder("npm", "start").directory(directory.toFile());
        npm.environment().clear();
        npm.environment().putAll(users);
        npm.redirectErrorStream(true).redirectOutput(directory.resolve("said").toFile());
        boolean present = Arrays.stream(users.getOrDefault("PATH", "").split(":"))
                .anyMatch(entry -> Files.isExecutable(Path.of(entry, "npm")));
        Requires.that("node", present, "no npm in PATH");
        Process process = npm.start();
        assertEquals(true, process.waitFor(50, TimeUnit.SECONDS) && process.exitValue() == 0, () -> said(directory));
        Map<String, String> seen = Arrays.stream(Files.readString(directory.resolve("seen"), StandardCharsets.UTF_8)
                        .split("\0"))
                .map(entry -> entry.split("=", 2))
                .collect(Collectors.toMap(entry -> entry[0], entry -> entry[1]));
        Map<String, String> left = new HashMap<>(NpmScript.undone(seen));
        left.keySet().removeAll(Set.of("PWD", "_", "SHLVL")); // the shell's
        assertEquals(users, left);
    }

    private static String said(Path directory) {
        try {
            return Files.readString(directory.resolve("said"));
        } catch (IOException e) {
            return e.toString();
        }
    }
}
