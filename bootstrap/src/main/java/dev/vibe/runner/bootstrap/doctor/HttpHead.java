package dev.vibe.runner.bootstrap.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The head of an HTTP/1.1 answer. By hand, because a client hides what is wanted here: the head of an upgrade, and what a proxy
 * or a wrong server says instead of one.
 *
 * @param headers by lower-case names
 */
record HttpHead(int status, Map<String, String> headers) {
    private static final int MAX_HEAD = 64 << 10;

    /** Sends a {@code GET} with these header lines and reads the answer's head. */
    static HttpHead get(Socket socket, Target target, String path, String headers) throws IOException {
        String request = "GET " + path + " HTTP/1.1\r\nHost: " + target.authority()
                + "\r\nUser-Agent: vibe-runner doctor\r\n" + headers + "\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
        return read(socket.getInputStream());
    }

    private static HttpHead read(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0 || head.length() > MAX_HEAD) {
                throw new IOException(
                        head.isEmpty() ? "it closed the connection" : "what answers there is no HTTP server");
            }
            head.append((char) next);
        }
        String[] lines = head.toString().split("\r\n", -1);
        String[] words = lines[0].split(" ", 3);
        if (words.length < 2 || !words[0].startsWith("HTTP/") || !words[1].matches("\\d{3}")) {
            throw new IOException("what answers there is no HTTP server");
        }
        Map<String, String> headers = new HashMap<>();
        for (String line : lines) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        }
        return new HttpHead(Integer.parseInt(words[1]), Map.copyOf(headers));
    }

    String header(String name) {
        return headers.getOrDefault(name, "");
    }
}
