package dev.vibe.runner.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyRulesTest {
    private static final String PROXY = "http://proxy.test:3128";

    @Test
    void encryptedAndPlainServersHaveTheirOwnProxy() {
        ProxyRules rules = ProxyRules.of(Map.of("HTTPS_PROXY", "http://secure.test:1", "HTTP_PROXY", "plain.test:2"));
        assertEquals("proxy secure.test:1", String.valueOf(rules.proxyFor("host", 443, true)));
        assertEquals("proxy plain.test:2", String.valueOf(rules.proxyFor("host", 80, false)));
        assertNull(ProxyRules.of(Map.of("HTTPS_PROXY", PROXY)).proxyFor("host", 80, false));
        assertNotNull(ProxyRules.of(Map.of("ALL_PROXY", PROXY)).proxyFor("host", 80, false));
        assertNull(ProxyRules.none().proxyFor("host", 80, false));
    }

    @Test
    void lowerCaseWinsAndMayBeEmpty() {
        Map<String, String> both = Map.of("HTTPS_PROXY", PROXY, "https_proxy", "http://other.test");
        assertEquals("proxy other.test:80", String.valueOf(ProxyRules.of(both).proxyFor("host", 443, true)));
        assertNull(
                ProxyRules.of(Map.of("HTTPS_PROXY", PROXY, "https_proxy", "")).proxyFor("host", 443, true));
    }

    @ParameterizedTest
    @CsvSource({
        "example.com, example.com, true",
        "example.com, a.Example.com, true",
        ".example.com, a.b.example.com, true",
        "*.example.com, a.example.com, true",
        "example.com, notexample.com, false",
        "example.com, example.com.org, false",
        "example.com:443, example.com, true",
        "example.com:8443, example.com, false",
        "*, anything, true",
        "127.0.0.1, 127.0.0.1, true",
        "127.0.0.0/8, 127.1.2.3, true",
        "10.0.0.0/8, 11.0.0.1, false",
        "10.0.0.0/33, 10.0.0.1, false",
        "10.0.0.0/8, ten.example.com, false",
        "::1, [::1], true",
        "[::1]:443, ::1, true",
        "fd00::/8, fd12::1, true",
        "'localhost, b.test  c.test', c.test, true",
        "'', example.com, false"
    })
    void whatNoProxyNamesIsReachedDirectly(String exceptions, String host, boolean direct) {
        ProxyRules rules = ProxyRules.of(Map.of("HTTPS_PROXY", PROXY, "NO_PROXY", exceptions));
        assertEquals(direct, rules.proxyFor(host, 443, true) == null);
    }

    @Test
    void credentialsAreDecodedAndNotShown() {
        ProxyRules rules = ProxyRules.of(Map.of("HTTPS_PROXY", "http://us%40er:pa%3Ass+word@proxy.test:3128"));
        ProxyServer proxy = Objects.requireNonNull(rules.proxyFor("host", 443, true));
        assertEquals("us@er", proxy.user());
        assertEquals("pa:ss+word", proxy.password());
        assertEquals("proxy proxy.test:3128", proxy.toString());
        assertEquals("Basic dXNAZXI6cGE6c3Mrd29yZA==", proxy.authorization());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "socks5://user:secret@proxy.test:1080",
                "https://user:secret@proxy.test",
                "http://user:secret@proxy.test:99999",
                "http://user:secret@",
                "http://user:se cret@proxy"
            })
    void aProxyThatMakesNoSenseIsNamedByItsVariableWithoutItsSecret(String value) {
        ProxyRules rules = ProxyRules.of(Map.of("HTTPS_PROXY", value));
        var refusal = assertThrows(IllegalArgumentException.class, () -> rules.proxyFor("host", 443, true));
        String words = String.valueOf(refusal.getMessage());
        assertTrue(words.startsWith("HTTPS_PROXY "), words);
        assertFalse(words.contains("secret") || words.contains("se cret"), words);
        assertNull(rules.proxyFor("host", 80, false), "one that is not used hurts nobody");
    }
}
