package dev.vibe.runner.adapter.process;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The native program behind the {@code codex} that npm installs, which is a Node script that starts it. Started directly:
 * killing the script alone would leave the program running, and the script costs 40 MB.
 *
 * @param executable what to run
 * @param packageRoot the npm package it belongs to; null where what was found is not npm's script
 */
record NativeCodex(Path executable, @Nullable Path packageRoot) {

    /** The executable itself where it is not the npm script or its program is not there. */
    static NativeCodex resolve(Path found) {
        try {
            Path real = found.toRealPath();
            Path bin = real.getParent();
            Path root = bin == null ? null : bin.getParent();
            if (root == null || !real.getFileName().toString().equals("codex.js") || !isPackage(root)) {
                return new NativeCodex(found, null);
            }
            Path program = program(root);
            return program == null ? new NativeCodex(found, null) : new NativeCodex(program, root);
        } catch (IOException e) {
            return new NativeCodex(found, null);
        }
    }

    /** Sets what the script would set. */
    void prepare(Map<String, String> environment) {
        if (packageRoot == null) {
            return;
        }
        environment.keySet().removeIf(name -> name.startsWith("CODEX_MANAGED_BY_"));
        environment.put("CODEX_MANAGED_PACKAGE_ROOT", packageRoot.toString());
        String path = packageRoot.toString();
        String manager = path.contains("/.bun/install/global") ? "BUN" : path.contains("/.pnpm/") ? "PNPM" : "NPM";
        environment.put("CODEX_MANAGED_BY_" + manager, "1");
    }

    private static boolean isPackage(Path root) throws IOException {
        JsonNode description = Json.read(Files.readString(root.resolve("package.json")));
        return description.path("name").asText("").equals("@openai/codex");
    }

    private static @Nullable Path program(Path root) {
        String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        boolean arm = System.getProperty("os.arch", "").equals("aarch64");
        boolean mac = os.contains("mac");
        String packageName = "codex-" + (mac ? "darwin" : "linux") + (arm ? "-arm64" : "-x64");
        String triple = (arm ? "aarch64" : "x86_64") + (mac ? "-apple-darwin" : "-unknown-linux-musl");
        String inPackage = "vendor/" + triple + "/bin/codex";
        // As Node resolves a package: in the node_modules of this directory, then of each above.
        for (Path at = root; at != null; at = at.getParent()) {
            Path candidate =
                    at.resolve("node_modules/@openai").resolve(packageName).resolve(inPackage);
            if (Files.isExecutable(candidate)) {
                return candidate;
            }
        }
        Path bundled = root.resolve(inPackage);
        return Files.isExecutable(bundled) ? bundled : null;
    }
}
