package dev.vibe.runner.transport;

import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The host and port of a URL. {@link URI#getHost} knows no name with an underscore (RFC 2396 allows none), but Compose and Kubernetes
 * users give their services such names, and DNS finds them.
 *
 * @param name name or address; an IPv6 address is in brackets
 * @param port from 1 to 65535; -1 where the URL has none
 */
public record HostName(String name, int port) {
    private static final Pattern AUTHORITY = Pattern.compile("(?:[^@]*@)?([A-Za-z0-9._-]+)(?::(\\d{1,5}))?");
    /** No empty part in a name, but for the last, and no zone in an address of IPv6: the clients of HTTP refuse them. */
    private static final Pattern IMAGINABLE = Pattern.compile("\\[[^%]*]|[^.\\[]+(?:\\.[^.]+)*\\.?");

    private static final int MAX_PORT = 65_535;

    /**
     * Reads the host of a URL.
     *
     * @throws IllegalArgumentException where there is none, or a port that does not exist
     */
    public static HostName of(URI url) {
        HostName read = url.getHost() == null ? unusual(url) : new HostName(url.getHost(), url.getPort());
        if (read.port == 0
                || read.port > MAX_PORT
                || !IMAGINABLE.matcher(read.name).matches()) {
            throw none();
        }
        return read;
    }

    private static HostName unusual(URI url) {
        Matcher authority = AUTHORITY.matcher(String.valueOf(url.getRawAuthority()));
        if (url.getRawAuthority() == null || !authority.matches()) {
            throw none();
        }
        String port = authority.group(2);
        return new HostName(authority.group(1), port == null ? -1 : Integer.parseInt(port));
    }

    /** What stands before the {@code @}, encoded as it is; empty where there is none. */
    static String credentials(URI url) {
        String authority = String.valueOf(url.getRawAuthority());
        return authority.substring(0, Math.max(0, authority.lastIndexOf('@')));
    }

    private static IllegalArgumentException none() {
        return new IllegalArgumentException("names no host, or a port that does not exist");
    }
}
