package dev.vibe.runner.bootstrap;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds variables that look like settings and are none: most are typing errors. */
public final class StrangeSettings {
    /** Set by a runner for its agents; seen here when a runner is started by one. */
    private static final Set<String> KNOWN = Set.of(
            "VIBE_SESSION_ID",
            "VIBE_RUNNER_MARK",
            "VIBE_RUNNER_JAVA_OPTS",
            "VIBE_RUNNER_SHELL",
            "VIBE_RUNNER_LC_ALL",
            "VIBE_RUNNER_HOME",
            "VIBE_RUNNER_JAVA_TOOL_OPTIONS",
            "VIBE_RUNNER_JDK_JAVA_OPTIONS",
            "VIBE_RUNNER__JAVA_OPTIONS");

    private StrangeSettings() {}

    /** A sentence for each, for people. */
    public static List<String> in(Map<String, String> environment) {
        Set<String> settings = SettingsTable.ALL.stream().map(Setting::name).collect(Collectors.toSet());
        return environment.keySet().stream()
                .filter(name -> name.startsWith("VIBE_") && !settings.contains(name) && !KNOWN.contains(name))
                .sorted()
                .map(name -> name + " is set, but this runner has no such setting; "
                        + NearestName.of(name, settings)
                                .map(near -> "did you mean " + near + "?")
                                .orElse("vibe-runner --help lists them"))
                .toList();
    }
}
