package dev.vibe.runner.adapter.process;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What {@code npm start} and {@code npm run} add to the environment of a script, as npm 10 and 11 do ({@code set-envs.js} of its
 * {@code config}, {@code set-path.js} of its {@code run-script}, {@code npm.js}), taken away again. What a user may have set
 * stays, where it differs from what npm sets of its own: what npm has written over cannot be known any more.
 */
final class NpmScript {
    private static final String EVENT = "npm_lifecycle_event";
    private static final Set<String> NAMES = Set.of("npm_execpath", "npm_node_execpath", "npm_command", "INIT_CWD");
    private static final List<String> PREFIXES = List.of("npm_lifecycle_", "npm_package_");
    private static final String CONFIG = "npm_config_";
    /** Written over whatever they were. */
    private static final Set<String> ALWAYS_SET =
            Set.of("global_prefix", "local_prefix", "node_gyp", "npm_version", "user_agent");

    private static final String BIN = "node_modules/.bin";
    private static final String NODE_GYP = "/node_modules/@npmcli/run-script/lib/node-gyp-bin";

    private final Map<String, String> environment;

    private NpmScript(Map<String, String> environment) {
        this.environment = environment;
    }

    /** The environment without it, in the same order. */
    static Map<String, String> undone(Map<String, String> environment) {
        NpmScript script = environment.containsKey(EVENT) ? new NpmScript(environment) : null;
        Map<String, String> result = new LinkedHashMap<>();
        environment.forEach((name, value) -> {
            boolean npms = NAMES.contains(name) || PREFIXES.stream().anyMatch(name::startsWith);
            if (!npms && (script == null || !script.sets(name, value))) {
                result.put(name, value);
            }
        });
        if (script != null) {
            result.computeIfPresent("PATH", (name, path) -> withoutBins(path));
        }
        return result;
    }

    private boolean sets(String name, String value) {
        return switch (name) {
            case "NODE" -> value.equals(environment.get("npm_node_execpath"));
            case "COLOR" -> value.equals("0") || value.equals("1");
            // Of those who find no EDITOR most look for VISUAL next, and then take vi, as npm did.
            case "EDITOR" -> value.equals(environment.getOrDefault("VISUAL", "vi"));
            default -> name.startsWith(CONFIG) && configures(name.substring(CONFIG.length()), value);
        };
    }

    /** What npm would find out by itself in the same way. It passes over empty ones. */
    private boolean configures(String key, String value) {
        return value.isEmpty()
                || ALWAYS_SET.contains(key)
                || switch (key) {
                    case "cache" -> value.equals(inHome(".npm"));
                    case "userconfig" -> value.equals(inHome(".npmrc"));
                    case "init_module" -> value.equals(inHome(".npm-init.js"));
                    case "prefix" -> value.equals(nodesPrefix());
                    case "globalconfig" ->
                        value.equals(environment.getOrDefault(CONFIG + "global_prefix", "") + "/etc/npmrc");
                    default -> false;
                };
    }

    private String inHome(String file) {
        return environment.getOrDefault("HOME", "") + "/" + file;
    }

    /** Node is in {@code bin} below it. */
    private @Nullable String nodesPrefix() {
        String node = environment.get("npm_node_execpath");
        String bin = node == null ? null : parent(node);
        return bin == null ? null : parent(bin);
    }

    /**
     * A path without npm's beginning: {@code node_modules/.bin} of the package's directory and of all above it, then npm's own
     * {@code node-gyp}. More than once where one script runs another. The same directories elsewhere in it are the user's.
     */
    private static String withoutBins(String path) {
        List<String> entries = new ArrayList<>(Arrays.asList(path.split(":", -1)));
        for (int npms = npms(entries); npms > 0; npms = npms(entries)) {
            entries.subList(0, npms).clear();
        }
        return String.join(":", entries);
    }

    /** How many entries at the beginning are npm's. */
    private static int npms(List<String> entries) {
        String first = entries.isEmpty() ? "" : entries.getFirst();
        if (!first.startsWith("/") || !first.endsWith("/" + BIN)) {
            return 0;
        }
        int at = 0;
        String directory = first.substring(0, first.length() - BIN.length() - 1);
        for (String up = directory; up != null; up = parent(up)) {
            if (at == entries.size() || !entries.get(at).equals(up + "/" + BIN)) {
                return 0;
            }
            at++;
        }
        return at < entries.size() && entries.get(at).endsWith(NODE_GYP) ? at + 1 : 0;
    }

    /** The root's name is empty here, and it has none above. As text: in some locales Java has no paths of all characters. */
    private static @Nullable String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? null : path.substring(0, slash);
    }
}
