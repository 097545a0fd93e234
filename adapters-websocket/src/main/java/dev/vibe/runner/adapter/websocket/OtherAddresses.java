package dev.vibe.runner.adapter.websocket;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;

/**
 * Lets the JDK's HTTP client, which connects to the first of a host's addresses only, come to the others: after each attempt that did not
 * reach the host the next address is the first. (JDK 25: a server that listens on {@code ::1} was never reached as {@code localhost}.)
 * For this process's whole Java, as there is no other place for it; a host that was always reached has its addresses in the system's order.
 */
public final class OtherAddresses extends InetAddressResolverProvider {
    /** How often each host was not reached. */
    private static final ConcurrentMap<String, Integer> FAILURES = new ConcurrentHashMap<>();

    /** For Java's {@link java.util.ServiceLoader}. */
    public OtherAddresses() {}

    /** An attempt has not reached the host. */
    static void failed(String host) {
        var _ = FAILURES.merge(host.toLowerCase(Locale.ROOT), 1, (known, more) -> known + more & Integer.MAX_VALUE);
    }

    @Override
    public String name() {
        return "other addresses";
    }

    @Override
    public InetAddressResolver get(Configuration configuration) {
        return over(configuration.builtinResolver());
    }

    static InetAddressResolver over(InetAddressResolver system) {
        return new Turning(system);
    }

    private record Turning(InetAddressResolver system) implements InetAddressResolver {
        @Override
        public Stream<InetAddress> lookupByName(String host, LookupPolicy policy) throws UnknownHostException {
            Integer failures = FAILURES.get(host.toLowerCase(Locale.ROOT));
            if (failures == null) {
                return system.lookupByName(host, policy);
            }
            List<InetAddress> addresses =
                    new ArrayList<>(system.lookupByName(host, policy).toList());
            Collections.rotate(addresses, -(failures % addresses.size()));
            return addresses.stream();
        }

        @Override
        public String lookupByAddress(byte[] address) throws UnknownHostException {
            return system.lookupByAddress(address);
        }
    }
}
