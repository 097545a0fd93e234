package dev.vibe.runner.adapter.websocket;

import dev.vibe.runner.transport.ConnectionProblem;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What the JDK's WebSocket tells, one call after the other; the next message is asked for when the last one is dealt with. */
final class Listener implements WebSocket.Listener {
    private final Connection connection;
    private final StringBuilder message = new StringBuilder(); // within calls only

    Listener(Connection connection) {
        this.connection = connection;
    }

    Connection connection() {
        return connection;
    }

    @Override
    public void onOpen(WebSocket webSocket) {
        connection.opened(webSocket);
        webSocket.request(1);
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence part, boolean last) {
        connection.heard();
        if (message.length() + part.length() > Limits.INCOMING) {
            connection.over("the server sends a message of more than " + Limits.INCOMING + " characters");
            webSocket.abort();
            return null;
        }
        message.append(part);
        if (last) {
            String whole = message.toString();
            message.setLength(0);
            message.trimToSize();
            connection.message(whole);
        }
        webSocket.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
        connection.heard();
        webSocket.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPing(WebSocket webSocket, ByteBuffer message) {
        connection.heard(); // the JDK answers it
        webSocket.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPong(WebSocket webSocket, ByteBuffer message) {
        connection.answered();
        webSocket.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
        connection.closing(code, reason);
        return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable failure) {
        connection.over("the connection failed: " + ConnectionProblem.describe(failure));
    }
}
