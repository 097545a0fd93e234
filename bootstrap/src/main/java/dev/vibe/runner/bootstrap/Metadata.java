package dev.vibe.runner.bootstrap;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What the endpoint tells of itself at registration. Platform and architecture in Node's words, as the first runner's. */
final class Metadata {
    private Metadata() {}

    static Map<String, String> of(BuildInfo build, Map<String, String> environment) {
        Map<String, String> metadata = new LinkedHashMap<>();
        metadata.put("platform", platform(System.getProperty("os.name", "")));
        metadata.put("arch", arch(System.getProperty("os.arch", "")));
        metadata.put("runner", "vibe-runner-java");
        metadata.put("runnerVersion", build.version());
        metadata.put("javaVersion", Runtime.version().toString());
        String sandbox = environment.getOrDefault("E2B_SANDBOX_ID", "");
        if (!sandbox.isBlank()) {
            metadata.put("sandboxId", sandbox);
        }
        return metadata;
    }

    static String platform(String osName) {
        String name = osName.toLowerCase(Locale.ROOT);
        if (name.startsWith("mac")) {
            return "darwin";
        }
        return name.startsWith("windows") ? "win32" : name;
    }

    static String arch(String osArch) {
        return switch (osArch) {
            case "amd64", "x86_64" -> "x64";
            case "aarch64" -> "arm64";
            default -> osArch;
        };
    }
}
