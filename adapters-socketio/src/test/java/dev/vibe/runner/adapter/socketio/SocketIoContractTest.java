package dev.vibe.runner.adapter.socketio;

import dev.vibe.runner.testkit.TransportContract;
import dev.vibe.runner.testkit.TransportRig;
import java.util.Map;

class SocketIoContractTest extends TransportContract {
    @Override
    protected TransportRig newRig() throws Exception {
        return new SocketIoRig(Map.of());
    }
}
