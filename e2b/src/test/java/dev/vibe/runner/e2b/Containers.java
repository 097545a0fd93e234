package dev.vibe.runner.e2b;

import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.HostConfig;
import dev.vibe.runner.testkit.Requires;
import java.io.IOException;
import java.util.Objects;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Container;
import org.testcontainers.containers.ExecConfig;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;

/** Containers that do nothing by themselves, on the host's network. */
final class Containers {
    /** Made by {@code e2b/src/test/base-image}. */
    static final String BASE = "vibe-runner-test-base";

    /** PID 1 reaps orphans, as an init would. */
    private static final String IDLE = "while :; do sleep 3600 & wait $!; done";

    private Containers() {}

    /** Skips (or fails, see {@link Requires}) the calling test unless containers can be run on the base image. */
    static void require() {
        boolean engine = DockerClientFactory.instance().isDockerAvailable();
        Requires.that("container", engine, "no container engine; name its socket in DOCKER_HOST");
        Requires.that("container", exists(BASE), "no image " + BASE + "; run e2b/src/test/base-image " + BASE);
    }

    static boolean exists(String image) {
        try {
            var unused = DockerClientFactory.instance()
                    .client()
                    .inspectImageCmd(image)
                    .exec();
            return true;
        } catch (NotFoundException e) {
            return false;
        }
    }

    /**
     * Starts one.
     *
     * @param memoryMb its limit without swap; 0 for none
     */
    static GenericContainer<?> start(String image, int memoryMb) {
        GenericContainer<?> container = new GenericContainer<>(DockerImageName.parse(image))
                .withImagePullPolicy(_ -> false)
                .withNetworkMode("host")
                .withCommand("bash", "-c", IDLE)
                .withCopyFileToContainer(MountableFile.forClasspathResource("envd.mjs", 0644), "/opt/envd.mjs")
                .withCreateContainerCmdModifier(command -> {
                    if (memoryMb > 0) {
                        HostConfig host = Objects.requireNonNull(command.getHostConfig());
                        long bytes = memoryMb * 1024L * 1024L;
                        host.withMemory(bytes).withMemorySwap(bytes);
                    }
                });
        container.start();
        return container;
    }

    /** Runs a command in a login shell, as E2B does; returns what it printed, and fails when it fails. */
    static String run(GenericContainer<?> container, String user, String directory, String command)
            throws IOException, InterruptedException {
        Container.ExecResult result = container.execInContainer(ExecConfig.builder()
                .user(user)
                .workDir(directory)
                .command(new String[] {"/bin/bash", "-l", "-c", command})
                .build());
        if (result.getExitCode() != 0) {
            throw new AssertionError("%s ended with %d:%n%s%n%s"
                    .formatted(command, result.getExitCode(), result.getStdout(), result.getStderr()));
        }
        return result.getStdout();
    }
}
