package dev.vibe.runner.e2b;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.testkit.NodeServer;
import dev.vibe.runner.testkit.Requires;
import dev.vibe.runner.testkit.model.ModelServer;
import dev.vibe.runner.testkit.model.RealAgents;
import dev.vibe.runner.testkit.talk.Agent;
import dev.vibe.runner.testkit.talk.Conversation;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code deploy/Dockerfile}, built and run by the commands that docs/operations.md gives. */
@Timeout(120)
class DockerfileTest {
    private static final String IMAGE = "vibe-runner-test-dockerfile";
    private static final Duration SOON = Duration.ofSeconds(40);

    /** Its parent ends first, so that it is process 1's to reap. */
    private static final String LEAVE_AN_ORPHAN = "setsid sh -c 'sleep 0.2 & exit'";

    /** In the environments that an agent can read; once the orphan has gone. */
    private static final String COUNT_TOKENS = "sleep 0.5; n=$(cat /proc/*/environ 2>/dev/null | tr '\\000' '\\n'"
            + " | grep -c ^VIBE_AUTH); echo tokens: $n.";

    @BeforeAll
    @Timeout(500)
    static void image() throws Exception {
        Containers.require();
        BuildScript.require();
        boolean command = Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, "docker")));
        Requires.that("container", command, "no docker command on the PATH");
        var unused = docker(
                "build",
                "--network=host",
                "--build-arg=BASE=" + Containers.BASE,
                "-f",
                BuildScript.ROOT.resolve("deploy/Dockerfile").toString(),
                "-t",
                IMAGE,
                BuildScript.DISTRIBUTION.toString());
    }

    @Test
    void itServesAnAgentAndDockerStopEndsItCleanly() throws Exception {
        List<String> run = new ArrayList<>(List.of("run", "--detach", "--network=host"));
        try (NodeServer server = NodeServer.start();
                ModelServer model = ModelServer.start()) {
            Map<String, String> variables = new TreeMap<>(RealAgents.environment(model, Path.of("/home/runner")));
            variables.put("VIBE_SERVER_URL", server.uri().toString());
            variables.put("VIBE_AUTH_TOKEN", NodeServer.TOKEN);
            int watch = freePort();
            variables.put("VIBE_HTTP_PORT", String.valueOf(watch)); // as the manifest does
            variables.forEach((name, value) -> run.add("--env=" + name + "=" + value));
            run.add(IMAGE);
            String container = docker(run.toArray(String[]::new)).strip();
            try {
                var unused = server.awaitEvent("endpoint:register", SOON);
                Conversation session = new Conversation(server, Agent.CLAUDE);
                session.start(Map.of("initialMessage", "[TOOL:pwd; id -u]"));
                String words = session.awaitTurn().words();
                assertTrue(words.contains("/home/runner/work") && words.contains("10001"), words);
                for (String path : probes()) {
                    assertEquals(200, status(watch, path), path);
                }
                session.say("[TOOL:" + LEAVE_AN_ORPHAN + "; " + COUNT_TOKENS + "]");
                String seen = session.awaitTurn().words();
                assertTrue(seen.contains("tokens: 0."), seen);
                assertEquals("", zombies(container));

                docker("stop", "-t", "20", container);

                assertEquals(
                        "shutdown",
                        session.awaitEvent("session:ended").path("reason").asText());
                var gone = server.awaitEvent("endpoint:unregister", SOON);
                assertTrue(gone.has("endpointId"), gone::toString);
                assertEquals("0\n", docker("inspect", "--format={{.State.ExitCode}}", container));
            } finally {
                docker("rm", "--force", container);
            }
        }
    }

    /** The paths by which the Kubernetes manifest asks how the runner is: no commands, which would have the token. */
    private static List<String> probes() throws Exception {
        String manifest = Files.readString(BuildScript.ROOT.resolve("deploy/kubernetes.yaml"));
        assertFalse(manifest.contains("command:"), "a probe that is a command");
        List<String> paths = Pattern.compile("path: (/\\w+)$", Pattern.MULTILINE)
                .matcher(manifest)
                .results()
                .map(match -> match.group(1))
                .toList();
        assertEquals(List.of("/readyz", "/healthz"), paths);
        return paths;
    }

    private static int freePort() throws IOException {
        try (ServerSocket any = new ServerSocket(0)) {
            return any.getLocalPort();
        }
    }

    private static int status(int port, String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + port + path);
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(uri).timeout(SOON).build(), HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }

    /** What has ended and was not reaped; asked again for a moment, as what was just left is reaped in the next one. */
    private static String zombies(String container) throws Exception {
        String found = "";
        for (int i = 0; i < 20; i++) {
            found = docker("exec", container, "sh", "-c", "ps -eo stat=,pid=,args= | grep '^Z' || true");
            if (found.isEmpty()) {
                break;
            }
        }
        return found;
    }

    /** Runs docker; returns what it printed, and fails when it fails. */
    private static String docker(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("docker"));
        command.addAll(List.of(arguments));
        Path log = Files.createTempFile("docker", ".log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        boolean ended = process.waitFor(450, TimeUnit.SECONDS);
        process.destroyForcibly();
        String output = Files.readString(log);
        Files.delete(log);
        if (!ended || process.exitValue() != 0) {
            throw new AssertionError(String.join(" ", command) + " failed:\n" + output);
        }
        return output;
    }
}
