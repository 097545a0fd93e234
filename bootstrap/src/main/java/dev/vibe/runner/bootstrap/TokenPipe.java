package dev.vibe.runner.bootstrap;

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * The launcher takes the token out of the environment, where every process of this user could read it in {@code /proc}, and
 * hands it over through a pipe whose file descriptor it names.
 */
final class TokenPipe {
    static final String VARIABLE = "VIBE_AUTH_TOKEN_FD";

    private TokenPipe() {}

    /** The environment as the user meant it: with the token, without the pipe. */
    static Map<String, String> unwrap(Map<String, String> environment) {
        String descriptor = environment.get(VARIABLE);
        if (descriptor == null) {
            return environment;
        }
        Map<String, String> meant = new HashMap<>(environment);
        meant.remove(VARIABLE);
        if (descriptor.matches("[0-9]{1,4}")) {
            try (BufferedReader pipe = new BufferedReader(
                    new InputStreamReader(new FileInputStream("/dev/fd/" + descriptor), StandardCharsets.UTF_8))) {
                String token = pipe.readLine();
                if (token != null) {
                    meant.put(SettingsTable.AUTH_TOKEN.name(), token);
                }
            } catch (IOException noPipe) {
                // The token is then missing, and that is what the user is told.
            }
        }
        return meant;
    }
}
