package dev.vibe.runner.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a standby would save, for {@code benchmarks/run --standby}: a runner's process that is there already, is handed the
 * environment of a start through a named pipe, and runs with it; then it waits for the next. It keeps nothing apart that a
 * real one would have to: no signals, no exit code, no token is handed on.
 */
public final class StandbyTrial {
    private StandbyTrial() {}

    /** With the pipe's path as argument: waits, runs until SIGTERM, waits again; until an empty environment comes. */
    public static void main(String[] args) throws Throwable {
        Path pipe = Path.of(args[0]);
        Class<?> runner = Class.forName("dev.vibe.runner.bootstrap.Main");
        MethodHandle run = MethodHandles.privateLookupIn(runner, MethodHandles.lookup())
                .findStatic(
                        runner,
                        "run",
                        MethodType.methodType(int.class, List.class, Map.class, PrintStream.class, PrintStream.class));
        for (Map<String, String> given = next(pipe); !given.isEmpty(); given = next(pipe)) {
            int _ = (int) run.invokeExact(List.<String>of(), given, System.out, System.err);
        }
    }

    private static Map<String, String> next(Path pipe) throws IOException {
        System.out.println("waiting");
        Map<String, String> environment = new HashMap<>();
        for (String entry : Files.readString(pipe).split("\0", -1)) {
            int name = entry.indexOf('=');
            if (name > 0) {
                environment.put(entry.substring(0, name), entry.substring(name + 1));
            }
        }
        return environment;
    }
}
