package dev.vibe.runner.e2b;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.MountableFile;

/**
 * The image of the template: the steps and uploads that the dev build really sends, done on the base image as E2B does them,
 * but for its {@code FROM}. Made once for all tests, and not again while nothing of it has changed.
 */
final class TemplateImage {
    private static final String REPOSITORY = "vibe-runner-test-template";

    private static @Nullable RecordedBuild recorded;
    private static @Nullable String name;

    private TemplateImage() {}

    /** What the dev build sends. */
    static synchronized RecordedBuild recorded() throws IOException, InterruptedException {
        RecordedBuild known = recorded;
        if (known == null) {
            known = RecordedBuild.of("e2b:build:dev", Map.of());
            recorded = known;
        }
        return known;
    }

    /** The image's name; blocks for a minute or two where it is to be made. */
    static synchronized String name() throws IOException, InterruptedException {
        String known = name;
        if (known == null) {
            known = make(recorded());
            name = known;
        }
        return known;
    }

    private static String make(RecordedBuild build) throws IOException, InterruptedException {
        String tag = digest(build.build().toString());
        String image = REPOSITORY + ":" + tag;
        if (Containers.exists(image)) {
            return image;
        }
        try (GenericContainer<?> container = Containers.start(Containers.BASE, 0)) {
            String user = "root";
            String directory = "/";
            for (RecordedBuild.Step step : build.steps()) {
                switch (step.type()) {
                    case "RUN" -> {
                        String as = step.arg(1).isEmpty() ? user : step.arg(1);
                        var unused = Containers.run(container, as, directory, step.arg(0));
                    }
                    case "COPY" -> copy(container, step);
                    case "USER" -> user = step.arg(0);
                    case "WORKDIR" -> directory = step.arg(0);
                    default -> throw new AssertionError("what does E2B make of " + step + "?");
                }
            }
            var unused = container
                    .getDockerClient()
                    .commitCmd(container.getContainerId())
                    .withRepository(REPOSITORY)
                    .withTag(tag)
                    .exec();
        }
        return image;
    }

    /** E2B unpacks as root, gives all of it to the owner, changes modes where asked, and merges it into its place. */
    private static void copy(GenericContainer<?> container, RecordedBuild.Step step)
            throws IOException, InterruptedException {
        container.copyFileToContainer(MountableFile.forHostPath(step.archive().toAbsolutePath()), "/tmp/upload.tar");
        String from = step.arg(0);
        String to = step.arg(1);
        String mode = step.arg(3).isEmpty() ? "true" : "chmod -R " + step.arg(3) + " " + from;
        String merge = "if [ -d " + from + " ]; then"
                + (" mkdir -p " + to + " && tar -C " + from + " -c . | tar -C " + to + " -x --no-overwrite-dir;")
                + (" else mkdir -p $(dirname " + to + ") && mv " + from + " " + to + "; fi");
        var unused = Containers.run(
                container,
                "root",
                "/",
                String.join(
                        " && ",
                        "mkdir /tmp/upload",
                        "tar -C /tmp/upload -xzf /tmp/upload.tar",
                        "cd /tmp/upload",
                        "chown -R " + step.arg(2) + ":" + step.arg(2) + " " + from,
                        mode,
                        merge,
                        "rm -rf /tmp/upload /tmp/upload.tar"));
    }

    private static String digest(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
