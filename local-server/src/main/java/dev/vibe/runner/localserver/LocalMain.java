package dev.vibe.runner.localserver;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** {@code vibe-runner local}: a server, a runner connected to it, and the console's address. */
public final class LocalMain {
    private static final int USAGE = 64;
    private static final int FAILED = 1;
    private static final int PORTS = 50;

    /** Kept, or java.util.logging forgets its level. */
    private static final Logger ROOT = Logger.getLogger("");

    private LocalMain() {}

    /** Runs until Ctrl-C, or until the runner ends by itself. */
    public static void main(String[] args) throws Exception {
        ROOT.setLevel(Level.WARNING);
        LocalOptions options;
        try {
            options = LocalOptions.parse(List.of(args), System.getenv());
        } catch (IllegalArgumentException wrong) {
            System.err.println(
                    "vibe-runner local: " + wrong.getMessage() + "\nvibe-runner local --help lists what there is.");
            System.exit(USAGE);
            return;
        }
        System.exit(run(options, System.out));
    }

    private static int run(LocalOptions options, PrintStream out) throws Exception {
        LocalServer server = start(options);
        if (server == null) {
            System.err.println("vibe-runner local: " + noneFree(options.port()) + "; --port N names another");
            return FAILED;
        }
        LocalRunner runner;
        try {
            runner = options.withRunner() ? LocalRunner.start(server.url(), options) : null;
        } catch (IOException impossible) {
            System.err.println("vibe-runner local: the runner cannot be started: " + impossible
                    + "; TMPDIR or VIBE_STATE_DIR names another place for its files");
            return FAILED;
        }
        endBySignal(runner);
        say(options, server, runner, out);
        if (runner == null) {
            new CountDownLatch(1).await(); // until a signal comes
            return 0;
        }
        server.hub().watch(announcer(out));
        int code = runner.await();
        if (code != 0) {
            System.err.println("vibe-runner local: the runner ended with exit code " + code);
        }
        return code;
    }

    /** Ends the runner, and the server with this process. By halt: else a signal makes the exit code 130 or 143, however clean the end. */
    private static void endBySignal(@Nullable LocalRunner runner) {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            int code = runner == null ? 0 : runner.end();
                            Runtime.getRuntime().halt(code);
                        },
                        "ending"));
    }

    private static void say(LocalOptions options, LocalServer server, @Nullable LocalRunner runner, PrintStream out) {
        boolean asWished = options.port() == 0 || server.port() == options.port();
        String taken = asWished ? "" : "   (port " + options.port() + " was taken)";
        out.println("server    " + server.url() + taken);
        if (runner == null) {
            out.println("runner    none; start one with VIBE_SERVER_URL=" + server.url() + " VIBE_AUTH_TOKEN="
                    + options.token() + " vibe-runner");
        } else {
            out.println("agents    " + runner.agents());
            Path state = runner.state().path();
            out.println("state     " + state + "   (VIBE_STATE_DIR=" + state + " vibe-runner status)");
        }
        out.println("console   " + server.consoleUrl());
        out.println("Ctrl-C ends everything.");
        out.flush();
    }

    private static Watcher announcer(PrintStream out) {
        return new Watcher() {
            private boolean said;

            @Override
            public void changed(String kind, String json) {
                if (!said && kind.equals("endpoints") && json.contains("\"connected\":true")) {
                    said = true;
                    out.println("The runner is registered.");
                    out.flush();
                }
            }
        };
    }

    private static @Nullable LocalServer start(LocalOptions options) {
        for (int port = options.port(); port <= lastPort(options.port()); port++) {
            try {
                return LocalServer.start(new ServerOptions(port, options.token(), options.consoleToken()));
            } catch (IOException taken) {
                // the next one
            }
        }
        return null;
    }

    private static int lastPort(int first) {
        return Math.min(first + PORTS - 1, LocalOptions.LAST_PORT);
    }

    private static String noneFree(int first) {
        int last = lastPort(first);
        return (first == last ? "port " + first + " is not free" : "no port from " + first + " to " + last + " is free")
                + " on 127.0.0.1";
    }

    /** The distribution this program is part of. */
    static Path distribution() {
        return Path.of(System.getProperty("vibe.home", "."));
    }
}
