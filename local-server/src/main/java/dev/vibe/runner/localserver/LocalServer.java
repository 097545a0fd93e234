package dev.vibe.runner.localserver;

import com.corundumstudio.socketio.AckMode;
import com.corundumstudio.socketio.AckRequest;
import com.corundumstudio.socketio.AuthTokenResult;
import com.corundumstudio.socketio.Configuration;
import com.corundumstudio.socketio.SocketIOChannelInitializer;
import com.corundumstudio.socketio.SocketIOClient;
import com.corundumstudio.socketio.SocketIOServer;
import com.corundumstudio.socketio.Transport;
import com.corundumstudio.socketio.listener.DefaultExceptionListener;
import com.corundumstudio.socketio.protocol.EngineIOVersion;
import com.corundumstudio.socketio.protocol.Packet;
import com.corundumstudio.socketio.protocol.PacketType;
import com.fasterxml.jackson.databind.JsonNode;
import dev.vibe.runner.protocol.EventNames;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A vibe-server on 127.0.0.1: Socket.IO on {@code /v1/updates}, plain WebSocket on {@code /v1/runner}, and the console on {@code /}.
 * Nothing is stored: it forgets all when it ends.
 */
public final class LocalServer implements AutoCloseable {
    private static final String LOOPBACK = "127.0.0.1";
    private static final int FRAMING = 1024; // a frame's event name and brackets, beyond the longest payload

    /** What a connection may take before it says what it is: consoles on the same port say nothing to the Socket.IO library. */
    private static final int NO_FIRST_DATA_LIMIT = 24 * 60 * 60 * 1000;

    private static final List<String> EVENTS = List.of(
            EventNames.REGISTER,
            EventNames.HEARTBEAT,
            EventNames.UNREGISTER,
            EventNames.SESSION_STARTED,
            EventNames.MESSAGE_FROM_AGENT,
            EventNames.SESSION_ENDED,
            EventNames.SESSION_ERROR,
            WireSupport.UNREADABLE);

    private final ServerOptions options;
    private final Hub hub;
    private final SocketIOServer server;
    private final int port;
    private final Map<SocketIOClient, SocketIoPeer> peers = new ConcurrentHashMap<>(); // that have shown the token

    private LocalServer(ServerOptions options, Tokens tokens, HubListener listener, int port) {
        this.options = options;
        this.port = port;
        hub = new Hub(tokens, listener);
        server = new SocketIOServer(configuration(options, port));
        ConsoleApi console = new ConsoleApi(hub, options.consoleToken());
        server.setPipelineFactory(new SocketIOChannelInitializer() {
            @Override
            protected void addSocketioHandlers(ChannelPipeline pipeline) {
                super.addSocketioHandlers(pipeline);
                pipeline.addBefore(PACKET_HANDLER, "front", new Front(hub, options, console));
            }
        });
        server.getNamespace("").addAuthTokenListener((auth, client) -> {
            Object token = auth instanceof Map<?, ?> fields ? fields.get("token") : null;
            if (!hub.connects(token instanceof String text ? text : null)) {
                return new AuthTokenResult(false, Map.of("message", "Invalid authentication token"));
            }
            peers.computeIfAbsent(client, SocketIoPeer::new);
            return AuthTokenResult.AuthTokenResultSuccess;
        });
        for (String event : EVENTS) {
            server.addEventListener(
                    event, JsonNode.class, (client, payload, ack) -> received(client, event, payload, ack));
        }
        server.addDisconnectListener(client -> {
            SocketIoPeer peer = peers.remove(client);
            if (peer != null) {
                hub.disconnected(peer);
            }
        });
    }

    /**
     * Starts one; returns when it listens.
     *
     * @throws IOException when the port is taken
     */
    public static LocalServer start(ServerOptions options) throws IOException {
        return start(options, Tokens.only(options.token()), new HubListener() {});
    }

    static LocalServer start(ServerOptions options, Tokens tokens, HubListener listener) throws IOException {
        int port = free(options.port());
        LocalServer started = new LocalServer(options, tokens, listener, port);
        started.server.start();
        return started;
    }

    /** Where it listens. */
    public int port() {
        return port;
    }

    /** What a runner is given as {@code VIBE_SERVER_URL}. */
    public String url() {
        return "http://" + LOOPBACK + ":" + port;
    }

    /** What people open; holds the console's token. */
    public String consoleUrl() {
        return url() + "/?token=" + options.consoleToken();
    }

    /** Ends it, with its threads; may take a few seconds. */
    @Override
    public void close() {
        server.stop();
    }

    /** The logic behind it, for tests. */
    Hub hub() {
        return hub;
    }

    /** Sends Engine.IO's packet that means nothing on every Socket.IO connection: what came before it has been sent. */
    void noop() {
        server.getAllClients().forEach(client -> client.send(new Packet(PacketType.NOOP, EngineIOVersion.V4)));
    }

    /** The library passes on events of clients that have not shown a token, or a wrong one: these are shown out. */
    private void received(SocketIOClient client, String event, JsonNode payload, AckRequest ack) {
        SocketIoPeer peer = peers.get(client);
        if (peer == null) {
            client.disconnect();
            return;
        }
        hub.received(peer, event, payload);
        if (ack.isAckRequested()) {
            ack.sendAckData();
        }
    }

    private static Configuration configuration(ServerOptions options, int port) {
        Configuration configuration = new Configuration();
        configuration.setHostname(LOOPBACK);
        configuration.setPort(port);
        configuration.setContext(options.socketIoPath());
        configuration.setTransports(Transport.WEBSOCKET);
        configuration.setAllowCustomRequests(true);
        configuration.setBossThreads(1);
        configuration.setWorkerThreads(2);
        configuration.setPingInterval(15_000);
        configuration.setPingTimeout(45_000);
        configuration.setFirstDataTimeout(NO_FIRST_DATA_LIMIT);
        configuration.setMaxFramePayloadLength(options.maxPayload() + FRAMING);
        configuration.setMaxHttpContentLength(4_000_000);
        configuration.setHttpCompression(false);
        configuration.setWebsocketCompression(false);
        configuration.setAddVersionHeader(false);
        configuration.setAckMode(AckMode.MANUAL); // else what is not heard is confirmed too
        configuration.setJsonSupport(new WireSupport());
        configuration.setExceptionListener(new DefaultExceptionListener() {
            @Override
            public boolean exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                Failures.close(context, cause);
                return true;
            }
        });
        configuration.getSocketConfig().setReuseAddress(true);
        return configuration;
    }

    private static int free(int wanted) throws IOException {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted));
            return probe.getLocalPort();
        }
    }
}
