package dev.vibe.runner.localserver;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * What {@code vibe-runner local} is asked for. Help is not: the launcher sends who wants it to the runner's commands.
 *
 * @param port the first port to try
 * @param token what runners connect with
 * @param consoleToken what the console is opened with
 * @param withRunner whether a runner is started too
 */
record LocalOptions(int port, String token, String consoleToken, boolean withRunner) {
    private static final int DEFAULT_PORT = 3005;
    static final int LAST_PORT = 65_535;

    static LocalOptions parse(List<String> args, Map<String, String> environment) {
        int port = DEFAULT_PORT;
        boolean withRunner = true;
        for (Iterator<String> rest = args.iterator(); rest.hasNext(); ) {
            String arg = rest.next();
            if (arg.startsWith("--port=")) {
                port = port(arg.substring("--port=".length()));
                continue;
            }
            switch (arg) {
                case "--port" -> port = port(rest.hasNext() ? rest.next() : "");
                case "--no-runner" -> withRunner = false;
                default -> throw new IllegalArgumentException("unknown argument: " + arg);
            }
        }
        String token = environment.getOrDefault("VIBE_AUTH_TOKEN", "").strip();
        return new LocalOptions(port, token.isEmpty() ? random() : token, random(), withRunner);
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
