package dev.vibe.runner.adapter.websocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolver.LookupPolicy;
import java.net.spi.InetAddressResolverProvider;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class OtherAddressesTest {
    private final InetAddressResolver resolver = OtherAddresses.over(new Three());

    /** A system's that knows three addresses of each name. */
    private static final class Three implements InetAddressResolver {
        @Override
        public Stream<InetAddress> lookupByName(String host, LookupPolicy policy) throws UnknownHostException {
            return Stream.of(address(1), address(2), address(3));
        }

        @Override
        public String lookupByAddress(byte[] address) {
            return "known";
        }
    }

    private static InetAddress address(int last) throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last});
    }

    private List<Integer> lookup(String host) throws UnknownHostException {
        return resolver.lookupByName(host, LookupPolicy.of(LookupPolicy.IPV4))
                .map(address -> (int) address.getAddress()[3])
                .toList();
    }

    @Test
    void eachFailureBringsTheNextAddressOfThatHostToTheFront() throws Exception {
        assertEquals(List.of(1, 2, 3), lookup("moved.test"));
        OtherAddresses.failed("moved.test");
        assertEquals(List.of(2, 3, 1), lookup("Moved.test"));
        OtherAddresses.failed("moved.test");
        OtherAddresses.failed("moved.test");
        assertEquals(List.of(1, 2, 3), lookup("moved.test"));
        OtherAddresses.failed("moved.test");
        assertEquals(List.of(1, 2, 3), lookup("other.test"));
        assertEquals("known", resolver.lookupByAddress(new byte[4]));
    }

    @Test
    void javaUsesIt() {
        assertInstanceOf(
                OtherAddresses.class,
                ServiceLoader.load(InetAddressResolverProvider.class)
                        .findFirst()
                        .orElseThrow());
    }
}
