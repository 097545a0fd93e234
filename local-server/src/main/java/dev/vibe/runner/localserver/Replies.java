package dev.vibe.runner.localserver;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;

/** Answers over HTTP; the connection closes after each. */
final class Replies {
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                    + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private Replies() {}

    static void text(ChannelHandlerContext context, HttpResponseStatus status, String text) {
        bytes(context, status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    static void json(ChannelHandlerContext context, HttpResponseStatus status, byte[] json) {
        bytes(context, status, "application/json", json);
    }

    static void bytes(ChannelHandlerContext context, HttpResponseStatus status, String type, byte[] content) {
        FullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(content));
        protect(response.headers())
                .set(HttpHeaderNames.CONTENT_TYPE, type)
                .set(HttpHeaderNames.CONTENT_LENGTH, content.length)
                .set(HttpHeaderNames.CONNECTION, "close");
        var _ = context.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
    }

    /** What an agent prints is hostile: the page runs no script but its own, and is framed by nobody. */
    static HttpHeaders protect(HttpHeaders headers) {
        return headers.set("Content-Security-Policy", POLICY)
                .set("X-Content-Type-Options", "nosniff")
                .set("Referrer-Policy", "no-referrer")
                .set("Cross-Origin-Resource-Policy", "same-origin")
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store");
    }
}
