package dev.vibe.runner.transport;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** Address ranges as {@code 10.0.0.0/8}. Never asks a name server. */
final class AddressRange {
    private static final Pattern LITERAL = Pattern.compile("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    private AddressRange() {}

    static boolean contains(String network, String bits, String host) {
        if (!LITERAL.matcher(host).matches() || !LITERAL.matcher(network).matches() || !bits.matches("\\d{1,3}")) {
            return false;
        }
        try {
            byte[] address = InetAddress.getByName(host).getAddress();
            byte[] base = InetAddress.getByName(network).getAddress();
            int length = Integer.parseInt(bits);
            if (address.length != base.length || length > address.length * Byte.SIZE) {
                return false;
            }
            for (int bit = 0; bit < length; bit++) {
                int mask = 0x80 >>> (bit % Byte.SIZE);
                if (((address[bit / Byte.SIZE] ^ base[bit / Byte.SIZE]) & mask) != 0) {
                    return false;
                }
            }
            return true;
        } catch (UnknownHostException noAddress) {
            return false;
        }
    }
}
