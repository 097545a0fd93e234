package dev.vibe.runner.localserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;

/** A runner on plain WebSocket, see docs/websocket-protocol.md. */
final class PlainPeer extends SimpleChannelInboundHandler<WebSocketFrame> implements Peer {
    private final Hub hub;
    private final int maxPayload;
    private volatile @org.jspecify.annotations.Nullable ChannelHandlerContext context; // set once, when it stands
    private long handled; // the channel's thread only
    private long acknowledged; // the channel's thread only

    PlainPeer(Hub hub, int maxPayload) {
        this.hub = hub;
        this.maxPayload = maxPayload;
    }

    @Override
    public void emit(String event, JsonNode payload) {
        ObjectNode frame = Wire.object().put("event", event);
        frame.set("data", payload);
        write(Wire.text(frame));
    }

    @Override
    public void disconnect() {
        ChannelHandlerContext channel = context;
        if (channel != null) {
            var _ = channel.writeAndFlush(new CloseWebSocketFrame(WebSocketCloseStatus.NORMAL_CLOSURE));
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext channel, Object event) throws Exception {
        if (event instanceof WebSocketServerProtocolHandler.HandshakeComplete) {
            context = channel;
            write("{\"hello\":{\"maxPayload\":" + maxPayload + "}}");
        }
        super.userEventTriggered(channel, event);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext channel, WebSocketFrame frame) {
        String words = frame instanceof TextWebSocketFrame text ? text.text() : "";
        ObjectNode json = Wire.parse(words);
        if (json == null && words.startsWith("{\"event\":")) {
            handled++; // deeper than can be read: refused, it would be sent again for ever
        } else if (json == null) {
            var _ = channel.writeAndFlush(new CloseWebSocketFrame(WebSocketCloseStatus.INVALID_PAYLOAD_DATA));
        } else if (json.path("event").isTextual()) {
            hub.received(this, json.path("event").asText(), json.path("data"));
            handled++;
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext channel) {
        if (handled > acknowledged) {
            acknowledged = handled;
            write("{\"ack\":" + handled + "}");
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext channel) throws Exception {
        hub.disconnected(this);
        super.channelInactive(channel);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext channel, Throwable cause) {
        Failures.close(channel, cause);
    }

    private void write(String text) {
        ChannelHandlerContext channel = context;
        if (channel != null) {
            var _ = channel.writeAndFlush(new TextWebSocketFrame(text));
        }
    }
}
