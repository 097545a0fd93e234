package dev.vibe.runner.adapter.process.scripted;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A small agent that does what each message's text says, line by line; {@link Script} lists the commands. Reads one JSON
 * object a line, {@code {"text":"..."}} or {@code {"interrupt":true}}, and exits with 0 at the end of its input.
 */
public final class ScriptedProgram {
    /** Its first line: it takes messages. */
    public static final String READY = "{\"type\":\"scripted_ready\"}";

    /** Ends the script under way. */
    public static final String INTERRUPT = "{\"interrupt\":true}";

    private ScriptedProgram() {}

    /**
     * Runs until the end of its input.
     *
     * @param args the session id its lines bear
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        Output output = new Output(new java.io.FileOutputStream(FileDescriptor.out));
        BlockingQueue<Input> inputs = new LinkedBlockingQueue<>(MAX_WAITING);
        Thread main = Thread.currentThread();
        Script script = new Script(output, args.length > 0 ? args[0] : "");
        Thread reader = new Thread(() -> read(inputs, script, main), "stdin");
        reader.setDaemon(true);
        reader.start();
        output.line(READY);
        while (true) {
            switch (inputs.take()) {
                case Input.Message(var text) -> script.run(text);
                case Input.End _ -> {
                    // halt, not exit: "ignore-term" hangs in a shutdown hook.
                    Runtime.getRuntime().halt(0);
                }
            }
        }
    }

    private static final int MAX_WAITING = 1024;

    private static void read(BlockingQueue<Input> inputs, Script script, Thread main) {
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new FileInputStream(FileDescriptor.in), StandardCharsets.UTF_8))) {
            String line = lines.readLine();
            while (line != null) {
                Input.Parsed parsed = Input.parse(line);
                if (parsed.interrupt()) {
                    script.interrupt(main);
                } else {
                    script.asked();
                    inputs.put(new Input.Message(parsed.text()));
                }
                script.waitWhileNotReading();
                line = lines.readLine();
            }
            inputs.put(new Input.End());
        } catch (IOException e) {
            Runtime.getRuntime().halt(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
