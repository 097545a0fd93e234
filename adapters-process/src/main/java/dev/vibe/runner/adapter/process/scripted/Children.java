package dev.vibe.runner.adapter.process.scripted;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The processes a script leaves behind. Their arguments come from the script's author, who could run anything anyway. */
final class Children {
    private Children() {}

    static void child(String[] args) throws IOException {
        start(List.of("sleep", args[0]), args);
    }

    static void daemon(String[] args) throws IOException, InterruptedException {
        // The shell goes at once, so that nothing but the environment tells whose the sleeper is.
        start(List.of("sh", "-c", "setsid sleep \"$0\" &", args[0]), args).waitFor();
    }

    static void chatter(long[] args) throws IOException {
        String count = Long.toString(args.length > 1 ? args[1] : Integer.MAX_VALUE);
        String script = "i=0; while [ $i -lt " + count + " ]; do sleep \"$0\"; "
                + "echo \"{\\\"type\\\":\\\"chatter\\\",\\\"n\\\":$i}\"; i=$((i+1)); done";
        start(List.of("sh", "-c", script, Double.toString(args[0] / 1000.0)), new String[] {"", "hold"});
    }

    static void closeOutputs() throws IOException {
        new FileOutputStream(FileDescriptor.out).close();
        new FileOutputStream(FileDescriptor.err).close();
    }

    static void crash(String signal) throws IOException, InterruptedException {
        long pid = ProcessHandle.current().pid();
        start(List.of("kill", "-s", signal, Long.toString(pid)), new String[] {"", "hold"});
        TimeUnit.MINUTES.sleep(1);
    }

    private static Process start(List<String> command, String[] args) throws IOException {
        boolean hold = args.length > 1 && args[1].equals("hold");
        return new ProcessBuilder(command)
                .redirectInput(Redirect.from(new java.io.File("/dev/null")))
                .redirectOutput(hold ? Redirect.INHERIT : Redirect.DISCARD)
                .redirectError(hold ? Redirect.INHERIT : Redirect.DISCARD)
                .start();
    }
}
