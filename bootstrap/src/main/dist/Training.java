import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The build's training run: starts the distribution against a server of some lines, lets it register and run a session with each
 * kind of agent, and ends it, so that Java writes its ahead-of-time cache from what was really loaded. Usage: Training.java DISTRIBUTION.
 * A source file run as it stands; it uses 127.0.0.1 only, and every wait is bounded.
 */
public class Training {
    private static final int PATIENCE_MS = 60_000;

    /** Writing the cache takes seconds of both cores, and on a machine busy with other builds minutes (seen: over 30 s). */
    private static final int END_PATIENCE_SECONDS = 300;

    /** Claude Code and Codex, as far as a session of one turn goes: what Java loads for it is what it is about. */
    private static final String CLAUDE = """
            #!/bin/sh
            case $1 in --version) echo 2.0.0; exit ;; esac
            while read -r line; do
              case $line in
                *'"control_request"'*)
                  id=${line#*\\"request_id\\":\\"}
                  echo "{\\"type\\":\\"control_response\\",\\"response\\":{\\"subtype\\":\\"success\\",\\"request_id\\":\\"${id%%\\"*}\\",\\"response\\":{}}}"
                  ;;
                *)
                  echo '{"type":"system","subtype":"init","session_id":"1"}'
                  echo '{"type":"assistant","message":{"role":"assistant","content":[{"type":"text","text":"h\u00e4h?"}]}}'
                  echo 'no JSON'
                  echo 'an error' >&2
                  echo '{"type":"result","subtype":"success","is_error":false,"result":"done"}'
                  ;;
              esac
            done
            """;

    private static final String CODEX = """
            #!/bin/sh
            case $1 in --version) echo 0.100.0; exit ;; esac
            while read -r line; do
              id=${line#*\\"id\\":}
              id=${id%%[,\\}]*}
              case $line in
                *'"initialize"'*) echo "{\\"id\\":$id,\\"result\\":{}}" ;;
                *'"thread/start"'*) echo "{\\"id\\":$id,\\"result\\":{\\"thread\\":{\\"id\\":\\"t\\"}}}" ;;
                *'"turn/start"'*)
                  echo "{\\"id\\":$id,\\"result\\":{\\"turn\\":{\\"id\\":\\"u\\"}}}"
                  echo '{"method":"turn/started","params":{"threadId":"t","turn":{"id":"u"}}}'
                  echo '{"method":"turn/completed","params":{"threadId":"t","turn":{"id":"u","status":"completed"}}}'
                  ;;
                *'"id"'*) echo "{\\"id\\":$id,\\"result\\":{\\"data\\":[]}}" ;;
              esac
            done
            """;

    /** A session, and what its turn ends with on the wire. */
    private record Stage(String agent, String message, String end) {}

    private static final List<Stage> STAGES = List.of(
            new Stage("scripted", "flood 4000 2000", "\"result\""),
            new Stage("claude", "hello", "\"type\":\"result\""),
            new Stage("codex", "hello", "turn/completed"));

    public static void main(String[] args) throws Exception {
        Path distribution = Path.of(args[0]).toAbsolutePath();
        Path cache = distribution.resolve("lib").resolve("vibe-runner-" + checksum(distribution) + ".aot");
        Path scratch = Files.createTempDirectory("vibe-training");
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            server.setSoTimeout(PATIENCE_MS);
            ProcessBuilder builder = new ProcessBuilder(distribution.resolve("bin/vibe-runner").toString());
            builder.redirectErrorStream(true).redirectOutput(scratch.resolve("log").toFile());
            Map<String, String> environment = builder.environment();
            environment.keySet().removeIf(name -> name.startsWith("VIBE_"));
            environment.put("VIBE_SERVER_URL", "http://127.0.0.1:" + server.getLocalPort());
            environment.put("VIBE_AUTH_TOKEN", "training");
            environment.put("VIBE_ENDPOINT_ID", "training");
            environment.put("VIBE_SCRIPTED_AGENT", "true");
            environment.put("VIBE_SUPERVISE", "false");
            environment.put("VIBE_LOG_LEVEL", "debug"); // says when the runner has warmed up
            environment.put("VIBE_CLAUDE_PATH", program(scratch.resolve("claude"), CLAUDE));
            environment.put("VIBE_CODEX_PATH", program(scratch.resolve("codex"), CODEX));
            environment.put("VIBE_WORKING_DIR", scratch.toString());
            environment.put("VIBE_STATE_DIR", scratch.resolve("state").toString());
            environment.put("VIBE_RUNNER_JAVA_OPTS", "-XX:AOTCacheOutput=" + cache + " -Dvibe.training=true");
            Process runner = builder.start();
            try (Socket socket = server.accept()) {
                socket.setSoTimeout(PATIENCE_MS);
                converse(socket, runner, scratch.resolve("log"));
            } catch (IOException untrained) {
                // Not a worse cache in silence: what a session of that kind needs would be missing in it.
                runner.destroyForcibly();
                System.err.println(untrained.getMessage() + "; the runner's log:\n"
                        + Files.readString(scratch.resolve("log")));
                System.exit(1);
            }
            if (!runner.waitFor(END_PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                runner.destroyForcibly();
                throw new IOException("the training run did not end within " + END_PATIENCE_SECONDS + " s");
            }
        } finally {
            if (!Files.exists(cache)) {
                System.err.println("no ahead-of-time cache was made; the runner's log:\n"
                        + Files.readString(scratch.resolve("log")));
                System.exit(1);
            }
        }
    }

    private static String program(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        return file.toString();
    }

    /** As the launcher computes it: one number of all checksums and sizes, in order. */
    private static long checksum(Path distribution) throws Exception {
        Process sum = new ProcessBuilder("sh", "-c", "cd \"$1\"/lib && cksum ./*.jar", "sh", distribution.toString()).start();
        String lines = new String(sum.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (sum.waitFor() != 0) {
            throw new IOException("cksum failed");
        }
        long key = 0;
        for (String word : lines.split("\\s+")) {
            if (word.matches("[0-9]+")) {
                key = (key * 31 + Long.parseLong(word)) % 2147483647;
            }
        }
        return key;
    }

    /** Engine.IO 4 and Socket.IO over a WebSocket (RFC 6455), as much as the runner needs. */
    private static void converse(Socket socket, Process runner, Path log) throws Exception {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        OutputStream out = socket.getOutputStream();
        upgrade(in, out);
        send(out, "0{\"sid\":\"t\",\"upgrades\":[],\"pingInterval\":25000,\"pingTimeout\":20000,\"maxPayload\":1000000}");
        int stage = 0;
        boolean turnEnded = false;
        for (String frame = receive(in); frame != null; frame = receive(in)) {
            if (frame.startsWith("40/")) {
                String namespace = frame.substring(2).split("[,{]", 2)[0];
                send(out, "44" + namespace + ",{\"message\":\"Invalid namespace\"}");
            } else if (frame.startsWith("40")) {
                send(out, "40{\"sid\":\"s\"}");
            } else if (frame.contains("\"endpoint:register\"")) {
                send(out, "42[\"endpoint:registered\",{\"endpointId\":\"training\"}]");
                awaitWarmUp(log);
                start(out, stage);
            } else if (frame.contains("\"session:error\"") || (frame.contains("\"session:ended\"") && !turnEnded)) {
                throw new IOException("the training's session " + stage + " came to no turn's end: " + frame);
            } else if (frame.contains("\"session:ended\"")) {
                stage++;
                turnEnded = false;
                if (stage < STAGES.size()) {
                    start(out, stage);
                } else {
                    runner.destroy();
                }
            } else if (stage < STAGES.size() && frame.contains(STAGES.get(stage).end())) {
                turnEnded = true;
                send(out, "42[\"session:stop\",{\"sessionId\":\"s" + stage + "\"}]");
            } else if (frame.startsWith("41")) {
                break;
            }
        }
        if (stage < STAGES.size()) {
            throw new IOException("the runner went during the training's session " + stage);
        }
    }

    /** What a runner does before there is a session belongs into the cache, too. */
    private static void awaitWarmUp(Path log) throws Exception {
        long end = System.nanoTime() + PATIENCE_MS * 1_000_000L;
        while (!Files.readString(log).contains("the warm-up took")) {
            if (System.nanoTime() > end) {
                throw new IOException("the training run did not warm up");
            }
            Thread.sleep(50);
        }
    }

    private static void start(OutputStream out, int stage) throws IOException {
        Stage session = STAGES.get(stage);
        send(out, "42[\"session:start\",{\"sessionId\":\"s" + stage + "\",\"agentType\":\"" + session.agent()
                + "\",\"initialMessage\":\"" + session.message() + "\"}]");
    }

    private static void upgrade(DataInputStream in, OutputStream out) throws Exception {
        BufferedReader request = new BufferedReader(new InputStreamReader(in, StandardCharsets.ISO_8859_1), 1);
        String key = "";
        for (String line = request.readLine(); line != null && !line.isEmpty(); line = request.readLine()) {
            if (line.toLowerCase().startsWith("sec-websocket-key:")) {
                key = line.substring(line.indexOf(':') + 1).strip();
            }
        }
        byte[] hash = MessageDigest.getInstance("SHA-1")
                .digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.ISO_8859_1));
        out.write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
                        + Base64.getEncoder().encodeToString(hash) + "\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    private static void send(OutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.write(0x81);
        if (bytes.length < 126) {
            out.write(bytes.length);
        } else {
            out.write(126);
            out.write(bytes.length >> 8);
            out.write(bytes.length);
        }
        out.write(bytes);
        out.flush();
    }

    /** A text frame's text; empty for a ping; null at the end. */
    private static String receive(DataInputStream in) throws IOException {
        int first = in.read();
        if (first < 0) {
            return null;
        }
        int length = in.read() & 0x7F;
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = (int) in.readLong();
        }
        byte[] mask = in.readNBytes(4);
        byte[] payload = in.readNBytes(length);
        for (int i = 0; i < payload.length; i++) {
            payload[i] ^= mask[i % 4];
        }
        return switch (first & 0x0F) {
            case 1 -> new String(payload, StandardCharsets.UTF_8);
            case 8 -> null;
            default -> "";
        };
    }
}
