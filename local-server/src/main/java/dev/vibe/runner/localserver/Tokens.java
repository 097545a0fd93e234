package dev.vibe.runner.localserver;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** Which tokens endpoints may use. A server may know a token for connections before it knows it for registrations. */
interface Tokens {
    /** Whether an endpoint may connect with it. */
    boolean connects(String token);

    /** Whether an endpoint may register with it. */
    boolean registers(String token);

    /** One token, for both. */
    static Tokens only(String known) {
        byte[] bytes = known.getBytes(StandardCharsets.UTF_8);
        return new Tokens() {
            @Override
            public boolean connects(String token) {
                return MessageDigest.isEqual(token.getBytes(StandardCharsets.UTF_8), bytes);
            }

            @Override
            public boolean registers(String token) {
                return connects(token);
            }
        };
    }
}
