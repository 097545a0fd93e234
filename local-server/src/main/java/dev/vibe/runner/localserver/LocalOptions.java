package dev.vibe.runner.localserver;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * What {@code vibe-runner local} is asked for.
 *
 * @param port the first port to try
 * @param token what runners connect with
 * @param consoleToken what the console is opened with
 * @param withRunner whether a runner is started too
 * @param help whether only help is wanted
 */
record LocalOptions(int port, String token, String consoleToken, boolean withRunner, boolean help) {
    static final String HELP = """
            Usage: vibe-runner local [--port N] [--no-runner]

            Starts a vibe-server for this machine on 127.0.0.1, a runner connected to it, and prints the
            address of a console page. Offers Claude Code and Codex where they are installed, else a
            scripted agent that needs no key. Agents work in the current directory, and ask in the
            console before they use a tool (VIBE_PERMISSION_MODE=bypass: they do not ask).

              --port N      the port of the server; the next free one is taken if it is in use (default 3005)
              --no-runner   only the server; prints what a runner is started with

            The runner's settings are variables of the environment (vibe-runner --help), less the server's
            address and VIBE_AUTH_TOKEN_FILE. VIBE_AUTH_TOKEN, where it is set, is the token the server expects.

            Exits with 0 after Ctrl-C or SIGTERM, with 1 where no port is free, with 64 for wrong arguments, and
            else as the runner does: with 78 for wrong settings.
            """;
    private static final int DEFAULT_PORT = 3005;
    static final int LAST_PORT = 65_535;

    static LocalOptions parse(List<String> args, Map<String, String> environment) {
        int port = DEFAULT_PORT;
        boolean withRunner = true;
        boolean help = false;
        for (Iterator<String> rest = args.iterator(); rest.hasNext(); ) {
            String arg = rest.next();
            if (arg.startsWith("--port=")) {
                port = port(arg.substring("--port=".length()));
                continue;
            }
            switch (arg) {
                case "--port" -> port = port(rest.hasNext() ? rest.next() : "");
                case "--no-runner" -> withRunner = false;
                case "--help", "-h" -> help = true;
                default -> throw new IllegalArgumentException("unknown argument: " + arg);
            }
        }
        String token = environment.getOrDefault("VIBE_AUTH_TOKEN", "").strip();
        return new LocalOptions(port, token.isEmpty() ? random() : token, random(), withRunner, help);
    }

    private static int port(String text) {
        if (!text.matches("\\d{1,5}") || Integer.parseInt(text) > LAST_PORT) {
            throw new IllegalArgumentException(
                    "--port wants a number from 0 to " + LAST_PORT + ", not \"" + text + "\"");
        }
        return Integer.parseInt(text);
    }

    private static String random() {
        byte[] bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
