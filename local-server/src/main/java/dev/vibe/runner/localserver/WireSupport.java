package dev.vibe.runner.localserver;

import com.corundumstudio.socketio.protocol.Event;
import com.corundumstudio.socketio.protocol.JacksonJsonSupport;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.buffer.ByteBufInputStream;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Socket.IO library's JSON with {@link Wire}'s limits instead of Jackson's. An event that cannot be read all the same becomes
 * one of the name {@link #UNREADABLE}, so that it is confirmed like any other: refused, it would be sent again for ever.
 */
final class WireSupport extends JacksonJsonSupport {
    /** No runner sends an event of this name. */
    static final String UNREADABLE = "local:unreadable";

    private static final Logger LOG = LoggerFactory.getLogger(WireSupport.class);

    @Override
    protected void init(ObjectMapper mapper) {
        mapper.getFactory().setStreamReadConstraints(Wire.READ);
        mapper.getFactory().setStreamWriteConstraints(Wire.WRITE);
        super.init(mapper);
    }

    @Override
    public <T> T readValue(String namespace, ByteBufInputStream json, Class<T> type) throws IOException {
        try {
            return super.readValue(namespace, json, type);
        } catch (JsonProcessingException unreadable) {
            if (type != Event.class) {
                throw unreadable;
            }
            json.skipNBytes(json.available()); // or the library takes what is left for another packet
            LOG.warn("passed over an event that cannot be read: {}", unreadable.getOriginalMessage());
            return type.cast(new Event(UNREADABLE, List.of(Wire.object())));
        }
    }
}
