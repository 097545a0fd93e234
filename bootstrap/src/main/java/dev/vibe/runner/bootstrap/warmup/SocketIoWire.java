package dev.vibe.runner.bootstrap.warmup;

import org.jspecify.annotations.Nullable;

/** Engine.IO 4 and Socket.IO 5, as a server speaks them. */
final class SocketIoWire implements Wire {
    private static final String JOIN = "40";

    @Override
    public String welcome() {
        return "0{\"sid\":\"warm-up\",\"upgrades\":[],\"pingInterval\":25000,\"pingTimeout\":20000,\"maxPayload\":1000000}";
    }

    @Override
    public @Nullable String answer(String frame) {
        if (frame.startsWith(JOIN + "/")) {
            int end = frame.indexOf(',');
            String namespace = frame.substring(JOIN.length(), end < 0 ? frame.length() : end);
            return "44" + namespace + ",{\"message\":\"Invalid namespace\"}";
        }
        return frame.startsWith(JOIN) ? JOIN + "{\"sid\":\"warm-up\"}" : null;
    }

    @Override
    public String event(String name, String payload) {
        return "42[\"" + name + "\"," + payload + "]";
    }
}
