package dev.vibe.runner.localserver;

import io.netty.channel.ChannelHandlerContext;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What becomes of a connection that fails. */
final class Failures {
    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private Failures() {}

    /** Closes it, and says why: an error of this server must not pass for a network's. */
    static void close(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            LOG.debug("a connection was cut: {}", cause.toString());
        } else {
            LOG.warn("closed a connection: {}", cause.toString());
        }
        var _ = context.close();
    }
}
