package dev.vibe.runner.localserver;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A console that follows, over server-sent events (WHATWG HTML, 9.2). One that does not read is cut off: it connects again by itself
 * and fetches what it missed.
 */
final class EventStream implements Watcher {
    private static final long MAX_WAITING_BYTES = 16_000_000;

    private final ChannelHandlerContext context;
    private final AtomicLong waiting = new AtomicLong();

    private EventStream(ChannelHandlerContext context) {
        this.context = context;
    }

    static void begin(ChannelHandlerContext context, Hub hub) {
        HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        Replies.protect(response.headers())
                .set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream")
                .set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        var _ = context.writeAndFlush(response);
        EventStream stream = new EventStream(context);
        hub.watch(stream);
        context.channel().closeFuture().addListener(_ -> hub.unwatch(stream));
    }

    @Override
    public void changed(String kind, String json) {
        byte[] bytes = ("event: " + kind + "\ndata: " + json + "\n\n").getBytes(StandardCharsets.UTF_8);
        if (waiting.addAndGet(bytes.length) > MAX_WAITING_BYTES) {
            var _ = context.close();
            return;
        }
        var _ = context.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(bytes)))
                .addListener(_ -> waiting.addAndGet(-bytes.length));
    }
}
