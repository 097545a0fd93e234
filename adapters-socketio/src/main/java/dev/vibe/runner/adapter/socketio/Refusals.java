package dev.vibe.runner.adapter.socketio;

import java.io.IOException;
import java.util.Set;
import okhttp3.Response;
import org.json.JSONException;
import org.json.JSONObject;
import org.jspecify.annotations.Nullable;

/** How a server says no, in words fit for a log. */
final class Refusals {
    private static final Set<String> COMPLAINTS = Set.of(
            "Transport unknown",
            "Session ID unknown",
            "Bad handshake method",
            "Bad request",
            "Unsupported protocol version");
    private static final int BAD_REQUEST = 400;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int MAX_WORDS = 300;
    private static final int MAX_FRAME = 65_536;

    private Refusals() {}

    /**
     * The refusal in a failed upgrade's answer, null where it is none: 404, 502 and such only say that the server is not
     * there (yet). 401 and 403 are meant for us. A socket.io server's own check ({@code allowRequest}) answers 400 with its
     * words as body, and so does its protocol layer with its complaints.
     */
    static @Nullable String reason(Response response) {
        int status = response.code();
        if (status == UNAUTHORIZED || status == FORBIDDEN) {
            return oneLine("HTTP " + status + " " + response.message());
        }
        String words = status == BAD_REQUEST ? body(response) : "";
        boolean refusal = !words.isBlank() && words.indexOf('<') < 0 && !COMPLAINTS.contains(words);
        return refusal ? oneLine("HTTP " + status + " " + words) : null;
    }

    private static String body(Response response) {
        try {
            return response.peekBody(MAX_WORDS).string().strip();
        } catch (IOException | IllegalStateException _) {
            return "";
        }
    }

    /** The words of a CONNECT_ERROR: {@code 44{"message":"..."}}. */
    static String reason(String frame) {
        if (frame.length() > MAX_FRAME) {
            return "refused by the server";
        }
        try {
            String message = new JSONObject(frame.substring(2)).optString("message");
            return message.isBlank() ? "refused by the server" : oneLine(message);
        } catch (JSONException _) {
            return "refused by the server";
        }
    }

    static String oneLine(String words) {
        String line = words.replaceAll("\\p{Cntrl}+", " ").strip();
        return line.length() <= MAX_WORDS ? line : line.substring(0, MAX_WORDS) + "...";
    }
}
