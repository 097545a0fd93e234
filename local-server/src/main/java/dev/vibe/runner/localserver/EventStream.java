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

    /** For all consoles together: tabs that a browser has put to sleep are several, and read nothing. */
    private static final long MAX_WAITING_IN_ALL = 32_000_000;

    private final ChannelHandlerContext context;
    private final AtomicLong waiting = new AtomicLong();
    private final AtomicLong inAll;

    private EventStream(ChannelHandlerContext context, AtomicLong inAll) {
        this.context = context;
        this.inAll = inAll;
    }

    /** @param inAll what waits for all consoles of this server */
    static void begin(ChannelHandlerContext context, Hub hub, AtomicLong inAll) {
        HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
        Replies.protect(response.headers())
                .set(HttpHeaderNames.CONTENT_TYPE, "text/event-stream")
                .set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        var _ = context.writeAndFlush(response);
        EventStream stream = new EventStream(context, inAll);
        hub.watch(stream);
        context.channel().closeFuture().addListener(_ -> hub.unwatch(stream));
    }

    @Override
    public void changed(String kind, String json) {
        byte[] bytes = ("event: " + kind + "\ndata: " + json + "\n\n").getBytes(StandardCharsets.UTF_8);
        if (waiting.get() + bytes.length > MAX_WAITING_BYTES || inAll.get() + bytes.length > MAX_WAITING_IN_ALL) {
            var _ = context.close(); // which fails what waits, and so takes it off
            return;
        }
        count(bytes.length);
        var _ = context.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(bytes)))
                .addListener(_ -> count(-bytes.length));
    }

    private void count(int bytes) {
        waiting.addAndGet(bytes);
        inAll.addAndGet(bytes);
    }
}
