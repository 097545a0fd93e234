package dev.vibe.runner.localserver;

import static io.netty.handler.codec.http.HttpResponseStatus.BAD_REQUEST;
import static io.netty.handler.codec.http.HttpResponseStatus.FORBIDDEN;
import static io.netty.handler.codec.http.HttpResponseStatus.UNAUTHORIZED;

import com.corundumstudio.socketio.SocketIOChannelInitializer;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Looks at each request first: Socket.IO goes on to its library, plain WebSocket and the console do not. Whatever it asks for, its
 * Host must be this machine (so that no foreign name that points here gets in), and its Origin, which browsers alone send, must
 * be the console's: a WebSocket can be opened by any page.
 */
final class Front extends ChannelDuplexHandler {
    private static final String BEARER = "Bearer ";

    /** The library speaks older versions too, but asks for the token in none of them. */
    private static final List<String> ENGINE_IO_4 = List.of("4");

    private static final Set<String> HERE = Set.of("127.0.0.1", "localhost", "[::1]");
    private static final List<String> SOCKET_IO = List.of(
            SocketIOChannelInitializer.PACKET_HANDLER,
            SocketIOChannelInitializer.AUTHORIZE_HANDLER,
            SocketIOChannelInitializer.XHR_POLLING_TRANSPORT,
            SocketIOChannelInitializer.WEB_SOCKET_TRANSPORT,
            SocketIOChannelInitializer.WEB_SOCKET_TRANSPORT_COMPRESSION,
            SocketIOChannelInitializer.SOCKETIO_ENCODER,
            SocketIOChannelInitializer.WRONG_URL_HANDLER);

    private final Hub hub;
    private final ServerOptions options;
    private final ConsoleApi console;

    Front(Hub hub, ServerOptions options, ConsoleApi console) {
        this.hub = hub;
        this.options = options;
        this.console = console;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        if (!(message instanceof FullHttpRequest request)) {
            super.channelRead(context, message);
            return;
        }
        QueryStringDecoder uri = new QueryStringDecoder(request.uri());
        String path = uri.path();
        boolean socketIo = path.startsWith(options.socketIoPath());
        boolean fromHere = fromHere(request);
        if (socketIo && fromHere && ENGINE_IO_4.equals(uri.parameters().get("EIO"))) {
            super.channelRead(context, message);
            return;
        }
        removeSocketIo(context.pipeline());
        if (!fromHere) {
            request.release();
            Replies.text(context, FORBIDDEN, "this server speaks to programs and its own page on this machine only");
        } else if (socketIo) {
            request.release();
            Replies.text(context, BAD_REQUEST, "Socket.IO 4 is wanted (EIO=4)");
        } else if (path.equals(options.webSocketPath())) {
            upgrade(context, request);
        } else {
            try {
                console.handle(context, request);
            } finally {
                request.release();
            }
        }
    }

    /**
     * Adds to Engine.IO's first packet the longest frame this server takes, which the library leaves out and the real server
     * announces.
     */
    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
        if (message instanceof TextWebSocketFrame frame && isOpenPacket(frame)) {
            String text = frame.text();
            String packet = text.substring(0, text.length() - 1) + ",\"maxPayload\":" + options.maxPayload() + "}";
            frame.release();
            super.write(context, new TextWebSocketFrame(packet), promise);
        } else {
            super.write(context, message, promise);
        }
    }

    private static boolean isOpenPacket(TextWebSocketFrame frame) {
        return frame.content().readableBytes() > 2
                && frame.content().getByte(frame.content().readerIndex()) == '0'
                && frame.content().getByte(frame.content().readerIndex() + 1) == '{';
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        Failures.close(context, cause);
    }

    private void upgrade(ChannelHandlerContext context, FullHttpRequest request) {
        String authorization = request.headers().get(HttpHeaderNames.AUTHORIZATION, "");
        if (!authorization.startsWith(BEARER) || !hub.connects(authorization.substring(BEARER.length()))) {
            request.release();
            Replies.text(context, UNAUTHORIZED, "Invalid authentication token");
            return;
        }
        WebSocketServerProtocolConfig config = WebSocketServerProtocolConfig.newBuilder()
                .websocketPath(options.webSocketPath())
                .subprotocols("vibe.v1")
                .maxFramePayloadLength(options.maxPayload())
                .build();
        ChannelPipeline pipeline = context.pipeline();
        pipeline.addLast(
                new WebSocketServerProtocolHandler(config),
                new WebSocketFrameAggregator(options.maxPayload()),
                new PlainPeer(hub, options.maxPayload()));
        context.fireChannelRead(request);
    }

    private static boolean fromHere(FullHttpRequest request) {
        String host = request.headers().get(HttpHeaderNames.HOST, "");
        String name = host.replaceFirst(":\\d+$", "").toLowerCase(Locale.ROOT);
        String origin = request.headers().get(HttpHeaderNames.ORIGIN);
        return HERE.contains(name) && (origin == null || origin.equals("http://" + host));
    }

    private static void removeSocketIo(ChannelPipeline pipeline) {
        for (String name : SOCKET_IO) {
            ChannelHandler handler = pipeline.get(name);
            if (handler != null) {
                pipeline.remove(name);
            }
        }
    }
}
