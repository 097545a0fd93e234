package dev.vibe.runner.application;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Whether a server's words say that it does not accept the token. A wrong yes ends the runner after the grace period, and nobody starts
 * it again; a wrong no only lets it try for ever. So a word that has to do with credentials is not enough: parsers complain of an
 * "Unexpected token", an "authentication service" may be down, and neither is changed by another token.
 */
final class Credentials {
    /** Protocol's, HTTP's (RFC 9110, 15.5.2 and 15.5.4) and the WebSocket transport's own number (docs/websocket-protocol.md). */
    private static final Pattern OUTRIGHT =
            Pattern.compile("\\b(unauthori[sz]ed|unauthenticated|forbidden|access denied"
                    + "|not (?:authori[sz]ed|authenticated|logged in)|(?:http |status |code |^)(?:401|403|4401))\\b");

    private static final String THING =
            "(?:tokens?|credentials?|auth|authentication|authorization|api[ -]?keys?|jwt|secret|signature)";
    private static final String NOT_ACCEPTED =
            "(?:invalid|missing|expired|wrong|bad|malformed|unknown|unrecogni[sz]ed|revoked|incorrect|rejected|refused|denied|failed|failure"
                    + "|required|error|mismatch|not (?:valid|found|accepted|provided|recogni[sz]ed|set)|must be provided|no)";

    /** At most three words apart, in either order: "Invalid auth token", "the token you sent has expired". */
    private static final Pattern NEAR = Pattern.compile("\\b(?:" + NOT_ACCEPTED + "(?:\\W+\\w+){0,3}?\\W+" + THING + "|"
            + THING + "(?:\\W+\\w+){0,3}?\\W+" + NOT_ACCEPTED + ")\\b");

    /** What another token would not help against. */
    private static final Pattern OTHERWISE = Pattern.compile(
            "\\b(?:unexpected|json|parse|parsing|syntax|position|unavailable|timeout|timed out|temporar(?:y|ily)|internal|database"
                    + "|service|backend|upstream|overloaded|too many|rate.?limit|try again|econn\\w+)\\b");

    private static final int READ = 1_000;

    private Credentials() {}

    /** @param words as the server said them; only the first thousand characters are looked at */
    static boolean refused(String words) {
        String read = words.substring(0, Math.min(words.length(), READ)).toLowerCase(Locale.ROOT);
        return OUTRIGHT.matcher(read).find()
                || (NEAR.matcher(read).find() && !OTHERWISE.matcher(read).find());
    }
}
