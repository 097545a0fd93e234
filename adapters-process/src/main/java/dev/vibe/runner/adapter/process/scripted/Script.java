package dev.vibe.runner.adapter.process.scripted;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * Runs scripts: one command a line. What is no command to the letter ({@link Grammar}) is said back. A script is a turn and
 * ends with a {@code result} line, unless {@code no-result} is in it or only {@code raw} and {@code bytes} are.
 *
 * <pre>
 * say TEXT            an assistant's message (what is no command is said too, as "echo: ...")
 * raw TEXT            exactly this line
 * bytes BASE64        exactly these bytes, no line ending added
 * flood N SIZE        N lines of SIZE bytes, JSON, numbered from 0: {"type":"flood","n":0,"pad":"xxx"}
 * split               one JSON line written in pieces, cut within a character too
 * stderr TEXT         a line on stderr
 * sleep MS            wait; an interrupt ends it, and the script
 * env NAME            says NAME=value, or NAME is not set
 * cwd                 says the working directory
 * pid                 says the process id
 * ignore-term         from now on SIGTERM (also SIGHUP, SIGINT) does nothing
 * child SECONDS [hold]   starts a child that sleeps; with hold it keeps stdout open
 * daemon SECONDS [hold]  the same by a double fork, in a session of its own, with no parent left
 * chatter MS [N]      starts a child that holds stdout and writes N lines there, one every MS milliseconds
 * noread              reads no more input
 * close-stdout        closes stdout and stderr, and goes on
 * no-result           this script ends without a result line
 * exit CODE           exits
 * crash [SIGNAL]      ends itself by a signal, KILL unless named
 * </pre>
 */
final class Script {
    private static final int SPLIT_PAUSE_MILLIS = 15;
    private static final String SPLIT_TEXT = "gr\u00fc\u00df \uD83D\uDE80 \u4F60\u597D";

    private final Output output;
    private final String sessionId;
    // Guarded by this.
    private int asked; // scripts that have come and do not run yet
    private boolean running;
    private boolean interruptNext;

    private volatile boolean reading = true;
    private boolean result;

    Script(Output output, String sessionId) {
        this.output = output;
        this.sessionId = sessionId;
    }

    void run(String text) throws IOException {
        result = false;
        begin();
        boolean interrupted = false;
        boolean wantsResult = true;
        try {
            for (String line : text.lines().toList()) {
                String command = line.strip();
                wantsResult &= !command.equals("no-result");
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                step(command);
            }
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            end();
        }
        if (interrupted || (wantsResult && result)) {
            output.result(sessionId, interrupted);
        }
    }

    /** One has come, and will be run. */
    synchronized void asked() {
        asked++;
    }

    private synchronized void begin() {
        asked--;
        running = true;
        if (interruptNext) {
            interruptNext = false;
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void end() {
        running = false;
        boolean _ = Thread.interrupted();
    }

    /** Ends the script that runs, or the next where that has come already; nothing when there is none. */
    synchronized void interrupt(Thread runner) {
        if (running) {
            runner.interrupt();
        } else {
            interruptNext = asked > 0;
        }
    }

    /** Called by the reader's thread before each line. */
    void waitWhileNotReading() throws InterruptedException {
        while (!reading) {
            Thread.sleep(Duration.ofHours(1));
        }
    }

    private void step(String command) throws IOException, InterruptedException {
        int space = command.indexOf(' ');
        String verb = space < 0 ? command : command.substring(0, space);
        String rest = space < 0 ? "" : command.substring(space + 1);
        if (!Grammar.allows(verb, rest.strip())) {
            result = true;
            output.assistant(sessionId, "echo: " + command);
            return;
        }
        result |= !List.of("raw", "bytes", "").contains(verb);
        switch (verb) {
            case "say" -> output.assistant(sessionId, rest);
            case "raw" -> output.line(rest);
            case "bytes" -> output.bytes(Base64.getDecoder().decode(rest.strip()));
            case "flood" -> flood(numbers(rest));
            case "split" -> split();
            case "stderr" -> System.err.println(rest);
            case "sleep" -> Thread.sleep(numbers(rest)[0]);
            case "env" -> environment(rest.strip());
            case "cwd" -> output.assistant(sessionId, System.getProperty("user.dir", ""));
            case "pid" ->
                output.assistant(
                        sessionId, Long.toString(ProcessHandle.current().pid()));
            case "ignore-term" -> ignoreTerm();
            case "child" -> Children.child(rest.strip().split(" +"));
            case "daemon" -> Children.daemon(rest.strip().split(" +"));
            case "chatter" -> Children.chatter(numbers(rest));
            case "noread" -> reading = false;
            case "close-stdout" -> Children.closeOutputs();
            case "exit" -> Runtime.getRuntime().halt((int) numbers(rest)[0]);
            case "crash" -> Children.crash(rest.isBlank() ? "KILL" : rest.strip());
            default -> {} // an empty line, or no-result
        }
    }

    private static long[] numbers(String rest) {
        return Arrays.stream(rest.strip().split(" +"))
                .mapToLong(Long::parseLong)
                .toArray();
    }

    private void flood(long[] numbers) throws IOException, InterruptedException {
        for (long n = 0; n < numbers[0]; n++) {
            String start = "{\"type\":\"flood\",\"n\":" + n + ",\"pad\":\"";
            int pad = (int) Math.max(0, numbers[1] - start.length() - 2);
            output.line(start + "x".repeat(pad) + "\"}");
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    private void split() throws IOException, InterruptedException {
        String line = "{\"type\":\"split\",\"text\":\"" + SPLIT_TEXT + "\"}\n";
        for (byte one : line.getBytes(StandardCharsets.UTF_8)) {
            output.bytes(new byte[] {one});
            if (one < 0) {
                Thread.sleep(SPLIT_PAUSE_MILLIS);
            }
        }
    }

    private void environment(String name) throws IOException {
        String value = System.getenv(name);
        output.assistant(sessionId, value == null ? name + " is not set" : name + "=" + value);
    }

    /** A JVM that hangs in a shutdown hook goes on running and ignores further signals. */
    private static void ignoreTerm() {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                Thread.sleep(Duration.ofDays(1));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
    }
}
