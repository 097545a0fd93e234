package dev.vibe.runner.localserver;

import com.corundumstudio.socketio.SocketIOClient;
import com.fasterxml.jackson.databind.JsonNode;

/** A runner on Socket.IO. */
record SocketIoPeer(SocketIOClient client) implements Peer {
    @Override
    public void emit(String event, JsonNode payload) {
        client.sendEvent(event, payload);
    }

    @Override
    public void disconnect() {
        client.disconnect();
    }
}
