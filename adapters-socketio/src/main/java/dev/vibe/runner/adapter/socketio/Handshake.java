package dev.vibe.runner.adapter.socketio;

import java.time.Duration;
import org.json.JSONException;
import org.json.JSONObject;

/**
 * What an Engine.IO handshake {@code 0{"pingInterval":25000,"pingTimeout":20000,...}} says of pings. They are answered and missed without the
 * library, which starts a thread for nearly each: at the system's limit of processes, where there is none, a healthy connection was lost.
 *
 * @param patience how long a server that is there lets nobody wait for its next ping
 * @param forLibrary the same handshake of a server that need not ping, or the original where the library is to say what is wrong with it
 */
record Handshake(Duration patience, String forLibrary) {
    /** Longer than any connection lasts, and not too long for a timer. */
    private static final Duration FOREVER = Duration.ofDays(36_500);

    /** @param text not longer than what the library would be given */
    static Handshake of(String text) {
        try {
            JSONObject said = new JSONObject(text.substring(1));
            Duration patience = millis(said, "pingInterval").plus(millis(said, "pingTimeout"));
            said.put("pingInterval", FOREVER.toMillis()).put("pingTimeout", 0);
            return new Handshake(patience, "0" + said);
        } catch (JSONException _) {
            return new Handshake(FOREVER, text);
        }
    }

    private static Duration millis(JSONObject said, String name) throws JSONException {
        return Duration.ofMillis(
                (long) Math.clamp(said.getDouble(name), 0.0, FOREVER.toMillis() / 2.0)); // 1e308: no limit
    }
}
