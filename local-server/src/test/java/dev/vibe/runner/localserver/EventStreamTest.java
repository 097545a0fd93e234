package dev.vibe.runner.localserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.vibe.runner.protocol.EventNames;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class EventStreamTest {
    private final Hub hub = new Hub(Tokens.only("right"), new HubListener() {});
    private final AtomicLong waiting = new AtomicLong();
    private final Peer nobody = new Peer() {
        @Override
        public void emit(String event, JsonNode payload) {}

        @Override
        public void disconnect() {}
    };

    @Test
    void consolesThatDoNotReadAreCutOffBeforeTheyFillTheMemory() {
        List<EmbeddedChannel> consoles = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            consoles.add(asleep());
        }
        String id = hub.start("claude", null, null);
        for (int n = 0; n < 40; n++) {
            says(id);
            assertTrue(waiting.get() <= 32_000_000, "waiting: " + waiting.get());
        }
        assertEquals(0, consoles.stream().filter(EmbeddedChannel::isOpen).count());
        assertEquals(0, waiting.get());
    }

    private EmbeddedChannel asleep() {
        EmbeddedChannel channel = new EmbeddedChannel(new Asleep(), new ChannelInboundHandlerAdapter());
        EventStream.begin(channel.pipeline().lastContext(), hub, waiting);
        return channel;
    }

    private void says(String session) {
        ObjectNode payload = Wire.object().put("sessionId", session).put("message", "x".repeat(1_000_000));
        hub.received(nobody, EventNames.MESSAGE_FROM_AGENT, payload);
    }

    /** Takes what is written and sends none of it. */
    private static final class Asleep extends ChannelOutboundHandlerAdapter {
        private final List<ChannelPromise> held = new ArrayList<>();

        @Override
        public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
            held.add(promise);
        }

        @Override
        public void close(ChannelHandlerContext context, ChannelPromise promise) throws Exception {
            super.close(context, promise);
            held.forEach(each -> each.tryFailure(new ClosedChannelException()));
        }
    }
}
