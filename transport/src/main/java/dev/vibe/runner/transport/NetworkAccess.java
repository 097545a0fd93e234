package dev.vibe.runner.transport;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How this machine reaches servers.
 *
 * @param proxies which servers are reached by a proxy
 * @param caBundle certificates trusted beside the Java runtime's, in PEM; null for none. Read when the first encrypted connection
 *     is prepared.
 */
public record NetworkAccess(ProxyRules proxies, @Nullable Path caBundle) {
    /** No proxy, the runtime's own certificates. */
    public static final NetworkAccess DIRECT = new NetworkAccess(ProxyRules.none(), null);
}
