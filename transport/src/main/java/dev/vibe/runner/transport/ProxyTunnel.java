package dev.vibe.runner.transport;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Opens a tunnel through an HTTP proxy, on a connection that already leads to it. Blocking. */
public final class ProxyTunnel {
    private static final int MAX_ANSWER = 16 * 1024;

    private ProxyTunnel() {}

    /**
     * Asks the proxy for a tunnel; when it returns, the streams lead to the server.
     *
     * @throws IOException when the proxy refuses; the words name it as the one, and hold no secret
     */
    public static void open(ProxyServer proxy, String host, int port, InputStream in, OutputStream out)
            throws IOException {
        String server = (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
        String authorization = proxy.authorization();
        String request = "CONNECT " + server + " HTTP/1.1\r\nHost: " + server + "\r\n"
                + (authorization == null ? "" : "Proxy-Authorization: " + authorization + "\r\n") + "\r\n";
        out.write(request.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
        String status = status(proxy, in);
        String[] words = status.split(" ", 3);
        if (words.length < 2 || !words[0].startsWith("HTTP/1.") || !words[1].startsWith("2")) {
            throw new IOException(refusal(proxy, words.length < 2 ? "no HTTP" : words[1]));
        }
    }

    /** What a proxy's refusal means for people. */
    public static String refusal(ProxyServer proxy, String status) {
        return "the " + proxy + " refused the connection: "
                + (status.equals("407")
                        ? "it wants other credentials (HTTP 407); give them in the proxy's URL, http://user:password@host:port"
                        : "HTTP " + status);
    }

    /** Reads the answer's head byte by byte: what follows belongs to the server. */
    private static String status(ProxyServer proxy, InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < MAX_ANSWER) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("the " + proxy + " closed the connection");
            }
            head.append((char) next);
            if (next == '\n' && (head.indexOf("\r\n\r\n") >= 0 || head.indexOf("\n\n") >= 0)) {
                return head.substring(0, head.indexOf("\n")).strip();
            }
        }
        throw new IOException("the " + proxy + " gave no sensible answer");
    }
}
