package dev.vibe.runner.adapter.socketio;

import okhttp3.Response;
import org.json.JSONException;
import org.json.JSONObject;

/** How a server says no, in words fit for a log. */
final class Refusals {
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int MAX_WORDS = 300;
    private static final int MAX_FRAME = 65_536;

    private Refusals() {}

    /** Whether an HTTP answer means the credentials. 404, 502 and such only say that the server is not there (yet). */
    static boolean isRefusal(int status) {
        return status == UNAUTHORIZED || status == FORBIDDEN;
    }

    static String reason(Response response) {
        return oneLine("HTTP " + response.code() + " " + response.message());
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
