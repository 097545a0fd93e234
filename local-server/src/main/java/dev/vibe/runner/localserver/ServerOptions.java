package dev.vibe.runner.localserver;

/**
 * What a local server is started with.
 *
 * @param port where it listens on 127.0.0.1; 0 for any free one
 * @param token what runners connect and register with
 * @param consoleToken what the console's page is opened with
 * @param maxPayload the longest frame it takes, in bytes
 */
public record ServerOptions(int port, String token, String consoleToken, int maxPayload) {
    /** As the real server: {@code maxHttpBufferSize} of Socket.IO. */
    public static final int DEFAULT_MAX_PAYLOAD = 1_000_000;

    /** With the usual longest frame. */
    public ServerOptions(int port, String token, String consoleToken) {
        this(port, token, consoleToken, DEFAULT_MAX_PAYLOAD);
    }

    String socketIoPath() {
        return "/v1/updates";
    }

    String webSocketPath() {
        return "/v1/runner";
    }
}
