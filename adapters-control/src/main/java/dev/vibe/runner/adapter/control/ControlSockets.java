package dev.vibe.runner.adapter.control;

import dev.vibe.runner.domain.EndpointId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** Where runners listen: {@code control/HASH.sock} in the state directory, short because a socket's path may not be long. */
public final class ControlSockets {
    private static final String SUFFIX = ".sock";
    private static final int NAME_BYTES = 6;

    private ControlSockets() {}

    static Path directory(Path stateDirectory) {
        return stateDirectory.resolve("control");
    }

    /** An endpoint's socket, whether it is there or not. */
    public static Path of(Path stateDirectory, EndpointId endpoint) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(endpoint.value().getBytes(StandardCharsets.UTF_8));
            return directory(stateDirectory).resolve(HexFormat.of().formatHex(hash, 0, NAME_BYTES) + SUFFIX);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** All sockets there, those of dead runners too; empty where there is no such directory. */
    public static List<Path> in(Path stateDirectory) throws IOException {
        Path directory = directory(stateDirectory);
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(entry -> entry.toString().endsWith(SUFFIX))
                    .sorted()
                    .toList();
        }
    }
}
