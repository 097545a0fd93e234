package dev.vibe.runner.adapter.process;

import dev.vibe.runner.application.port.out.SessionRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The environment an agent gets: all of the runner's that its user meant for it (keys, PATH, HOME, proxies, locale), without
 * what is the runner's own, without what tells an agent that it runs inside another one, and without what {@link NpmScript npm}
 * adds for a script.
 */
final class AgentEnvironment {
    private static final String RUNNER_PREFIX = "VIBE_";
    private static final Set<String> RUNNER_NAMES = Set.of("MAX_CONCURRENT_SESSIONS");
    /** What LC_ALL was, perhaps nothing, where the launcher has changed it so that Java knows file names of all characters. */
    private static final String LOCALE_BEFORE = "VIBE_RUNNER_LC_ALL";
    /** What the launcher keeps from the runner's Java, each under {@link #KEPT}. */
    private static final List<String> JAVA_OPTIONS = List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    private static final String KEPT = "VIBE_RUNNER_";

    /**
     * What Claude Code 2.1.197 and Codex 0.169.0 were seen to set for the commands they run, and that describes them and not
     * the agent to be started. Settings that people make with like names (CLAUDE_CODE_OAUTH_TOKEN, CLAUDE_CONFIG_DIR,
     * CLAUDE_CODE_DISABLE_..., CODEX_HOME) are not here.
     */
    private static final Set<String> NESTED_NAMES = Set.of(
            "AI_AGENT",
            "CLAUDECODE",
            "CLAUDE_CODE_CHILD_SESSION",
            "CLAUDE_CODE_ENTRYPOINT",
            "CLAUDE_CODE_EXECPATH",
            "CLAUDE_CODE_SESSION_ID",
            "CLAUDE_CODE_SSE_PORT",
            "CLAUDE_EFFORT",
            "CODEX_APPLY_PATCH_PRESERVE_LINE_ENDINGS",
            "CODEX_CI",
            "CODEX_SANDBOX",
            "CODEX_SANDBOX_NETWORK_DISABLED",
            "CODEX_SESSION_ID",
            "CODEX_THREAD_ID",
            "CODEX_TOOL_CALL_ID",
            "CODEX_VERSION");

    private final Map<String, String> runner;
    private final Set<String> privateNames;
    private volatile @Nullable Map<String, String> base;

    /** @param runner the runner's own, which does not change any more */
    AgentEnvironment(Map<String, String> runner, Set<String> privateNames) {
        this.runner = runner;
        this.privateNames = privateNames;
    }

    /** A new map, which the caller may go on filling. */
    Map<String, String> forSession(SessionRequest request) {
        Map<String, String> result = base();
        result.put("VIBE_SESSION_ID", clean(request.sessionId().value()));
        result.put("VIBE_ENDPOINT_ID", clean(request.endpointId().value()));
        return result;
    }

    /** The same for a process that belongs to no session, like asking for a version. */
    Map<String, String> base() {
        Map<String, String> known = base;
        if (known == null) {
            known = filtered();
            base = known;
        }
        return new LinkedHashMap<>(known);
    }

    private Map<String, String> filtered() {
        Map<String, String> result = new LinkedHashMap<>();
        NpmScript.undone(runner).forEach((name, value) -> {
            if (passes(name) && name.indexOf('=') < 0 && value.indexOf('\0') < 0) {
                result.put(name, value);
            }
        });
        String locale = runner.get(LOCALE_BEFORE);
        if (locale != null) {
            result.remove("LC_ALL");
            if (!locale.isEmpty()) {
                result.put("LC_ALL", locale);
            }
        }
        for (String name : JAVA_OPTIONS) {
            String value = runner.get(KEPT + name);
            if (value != null && passes(name)) {
                result.put(name, value);
            }
        }
        return result;
    }

    /** Without what would change how a Java program runs, or make it say so on stderr. */
    static Map<String, String> withoutJavaOptions(Map<String, String> environment) {
        environment.keySet().removeAll(JAVA_OPTIONS);
        return environment;
    }

    private boolean passes(String name) {
        return !name.isEmpty()
                && !name.startsWith(RUNNER_PREFIX)
                && !RUNNER_NAMES.contains(name)
                && !privateNames.contains(name)
                && !NESTED_NAMES.contains(name);
    }

    /** An environment cannot hold a NUL; an id is data and may. */
    private static String clean(String id) {
        return id.replace('\0', '\uFFFD');
    }
}
