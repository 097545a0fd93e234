package dev.vibe.runner.adapter.process;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Learns an executable's version without waiting: from its npm package or its file's name; else it is asked, once, in the
 * background, and a later look finds the answer.
 */
final class VersionProbe {
    private static final Logger LOG = LoggerFactory.getLogger(VersionProbe.class);
    private static final Pattern VERSION = Pattern.compile("\\d+\\.\\d+\\.\\d+(?:-[0-9A-Za-z.]+)?");
    private static final int PARENTS = 4;
    private static final int TIMEOUT_SECONDS = 10;
    /** Ends the program even when the runner died meanwhile: a script that hung at this question stayed for ever. */
    private static final Path TIMEOUT = Path.of("/usr/bin/timeout");

    /** It may be a large program: not within the runner's own start. */
    private static final int PAUSE_MILLIS = 500;

    private static final int MAX_ANSWER = 4096;
    private static final String ASKED = "";

    private final Map<String, String> environment;
    private final Runnable beforeStart;
    private final String packagePrefix;
    /** By path and time of change; what was asked and has not answered is empty. */
    private final Map<String, String> known = new ConcurrentHashMap<>();

    /**
     * Asks nothing yet.
     *
     * @param environment for the process that is asked
     * @param beforeStart called before that process is started, on a thread that may wait
     * @param packagePrefix what the name of the agent's npm packages begins with
     */
    VersionProbe(Map<String, String> environment, Runnable beforeStart, String packagePrefix) {
        this.environment = environment;
        this.beforeStart = beforeStart;
        this.packagePrefix = packagePrefix;
    }

    /** Null while unknown. */
    @Nullable
    String versionOf(Path executable) {
        try {
            Path real = executable.toRealPath();
            String key = real + "@" + Files.getLastModifiedTime(real).toMillis();
            String version = known.get(key);
            if (version == null) {
                version = fromFiles(real);
                known.put(key, version == null ? ASKED : version);
                if (version == null) {
                    askApart(executable, key);
                }
            }
            return version == null || version.equals(ASKED) ? null : version;
        } catch (IOException e) {
            return null;
        }
    }

    /** A version is no reason to fail a registration, which asks for it: where no thread can be started, it asks again next time. */
    private void askApart(Path executable, String key) {
        try {
            Thread.ofPlatform().daemon().name("version-probe").start(() -> ask(executable, key));
        } catch (OutOfMemoryError noThread) {
            known.remove(key);
            LOG.debug("{} is not asked for its version: {}", executable, noThread.getMessage());
        }
    }

    private @Nullable String fromFiles(Path real) {
        Path directory = real.getParent();
        for (int i = 0; i < PARENTS && directory != null; i++) {
            Path description = directory.resolve("package.json");
            if (Files.isRegularFile(description)) {
                return fromPackage(description);
            }
            directory = directory.getParent();
        }
        // The native installer names the file by its version.
        String name = real.getFileName().toString();
        return VERSION.matcher(name).matches() ? name : null;
    }

    private @Nullable String fromPackage(Path description) {
        try {
            JsonNode json = Json.read(Files.readString(description));
            boolean ours = json.path("name").asText("").startsWith(packagePrefix);
            return ours && json.path("version").isTextual()
                    ? json.path("version").asText()
                    : null;
        } catch (IOException e) {
            return null;
        }
    }

    private void ask(Path executable, String key) {
        try {
            Thread.sleep(PAUSE_MILLIS);
            List<String> command = new ArrayList<>();
            if (Files.isExecutable(TIMEOUT)) {
                command.addAll(List.of(TIMEOUT.toString(), "-s", "KILL", Integer.toString(TIMEOUT_SECONDS)));
            }
            command.addAll(List.of(executable.toString(), "--version"));
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectError(Redirect.DISCARD)
                    .redirectInput(Redirect.from(new java.io.File("/dev/null")));
            builder.environment().keySet().retainAll(environment.keySet());
            builder.environment().putAll(environment);
            beforeStart.run();
            Process process = builder.start();
            Thread ender = new Thread(() -> end(process), "version-end");
            Runtime.getRuntime().addShutdownHook(ender);
            watch(process, ender);
            byte[] answer = process.getInputStream().readNBytes(MAX_ANSWER);
            Matcher matcher = VERSION.matcher(new String(answer, StandardCharsets.UTF_8));
            if (matcher.find()) {
                known.put(key, matcher.group());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | IllegalStateException e) {
            LOG.debug("{} does not tell its version: {}", executable, e.toString());
        }
    }

    private static void watch(Process process, Thread hook) {
        try {
            Thread.ofPlatform().daemon().name("version-timeout").start(() -> endInTime(process, hook));
        } catch (OutOfMemoryError noThread) {
            end(process); // nobody would
        }
    }

    private static void endInTime(Process process, Thread hook) {
        try {
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                end(process);
            }
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IllegalStateException e) {
            LOG.debug("the runner goes down: the hook runs already");
        }
    }

    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
