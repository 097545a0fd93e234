package dev.vibe.runner.adapter.websocket;

import dev.vibe.runner.testkit.TransportContract;
import dev.vibe.runner.testkit.TransportRig;
import java.util.Map;

class WebSocketContractTest extends TransportContract {
    @Override
    protected TransportRig newRig() throws Exception {
        return new WebSocketRig(Map.of());
    }
}
