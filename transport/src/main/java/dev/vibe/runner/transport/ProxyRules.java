package dev.vibe.runner.transport;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which proxy a server is reached by, from the variables that curl and most tools read: {@code HTTPS_PROXY} for {@code https} and
 * {@code wss}, {@code HTTP_PROXY} for {@code http} and {@code ws}, else {@code ALL_PROXY}, less what {@code NO_PROXY} names; lower
 * case wins. {@code NO_PROXY} is a list of hosts, separated by commas or blanks: {@code example.com} and {@code .example.com}
 * stand for the domain and all below it, {@code host:port} for one port, {@code 10.0.0.0/8} for addresses, {@code *} for all.
 */
public final class ProxyRules {
    private static final ProxyRules NONE = new ProxyRules(Map.of());

    private final Map<String, String> environment;
    private final List<String> exceptions;

    private ProxyRules(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
        exceptions = Arrays.stream(value(environment, "no_proxy").split("[,\\s]+"))
                .map(name -> name.toLowerCase(Locale.ROOT))
                .filter(name -> !name.isEmpty())
                .toList();
    }

    /** No proxy at all. */
    public static ProxyRules none() {
        return NONE;
    }

    /** Reads the variables when a server is asked about: what is wrong with a proxy that is not used hurts nobody. */
    public static ProxyRules of(Map<String, String> environment) {
        return new ProxyRules(environment);
    }

    /**
     * The proxy for a server; null where it is reached directly.
     *
     * @param encrypted whether TLS is spoken to the server
     * @throws IllegalArgumentException when the variable makes no sense; names it and what is wrong, without its value
     */
    public @Nullable ProxyServer proxyFor(String host, int port, boolean encrypted) {
        String name = host.toLowerCase(Locale.ROOT).replaceAll("^\\[|]$|\\.$", "");
        return exceptions.stream().anyMatch(exception -> covers(exception, name, port))
                ? null
                : proxy(environment, encrypted ? "https_proxy" : "http_proxy");
    }

    private static boolean covers(String exception, String host, int port) {
        if (exception.equals("*")) {
            return true;
        }
        int slash = exception.indexOf('/');
        if (slash > 0) {
            return AddressRange.contains(exception.substring(0, slash), exception.substring(slash + 1), host);
        }
        String name = exception.replaceAll("^\\*?\\.", "");
        int colon = name.lastIndexOf(':');
        // One colon: host and port. More: an IPv6 address, with a port only behind brackets.
        if (colon > 0 && (name.indexOf(':') == colon || name.charAt(colon - 1) == ']')) {
            if (!name.substring(colon + 1).equals(String.valueOf(port))) {
                return false;
            }
            name = name.substring(0, colon);
        }
        name = name.replaceAll("^\\[|]$", "");
        return host.equals(name) || host.endsWith("." + name);
    }

    private static @Nullable ProxyServer proxy(Map<String, String> environment, String name) {
        for (String variable : List.of(name, "all_proxy")) {
            String value = value(environment, variable);
            if (!value.isEmpty()) {
                try {
                    return ProxyServer.parse(value);
                } catch (IllegalArgumentException wrong) {
                    throw new IllegalArgumentException(variable.toUpperCase(Locale.ROOT) + " " + wrong.getMessage());
                }
            }
        }
        return null;
    }

    private static String value(Map<String, String> environment, String lowerCase) {
        String value = environment.get(lowerCase);
        return value != null
                ? value.strip()
                : environment
                        .getOrDefault(lowerCase.toUpperCase(Locale.ROOT), "")
                        .strip();
    }
}
