package dev.vibe.runner.localserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LocalOptionsTest {
    @Test
    void withoutArgumentsAllIsStartedAndTheTokensAreOfChance() {
        LocalOptions options = LocalOptions.parse(List.of(), Map.of());
        assertEquals(3005, options.port());
        assertTrue(options.withRunner());
        LocalOptions again = LocalOptions.parse(List.of(), Map.of());
        assertNotEquals(options.token(), again.token());
        assertNotEquals(options.consoleToken(), again.consoleToken());
        assertNotEquals(options.token(), options.consoleToken());
        assertTrue(options.consoleToken().matches("[0-9a-f]{32}"));
    }

    @Test
    void argumentsAndTheUsersTokenAreTaken() {
        LocalOptions options =
                LocalOptions.parse(List.of("--no-runner", "--port", "4000"), Map.of("VIBE_AUTH_TOKEN", " mine "));
        assertEquals(4000, options.port());
        assertFalse(options.withRunner());
        assertEquals("mine", options.token());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--port", "--port x", "--port -1", "--port 65536", "--port 99999999999", "--prot 1", "x"})
    void whatIsWrongIsNamed(String line) {
        List<String> arguments = List.of(line.split(" ", -1));
        var wrong = assertThrows(IllegalArgumentException.class, () -> LocalOptions.parse(arguments, Map.of()));
        assertTrue(String.valueOf(wrong.getMessage())
                .contains(line.startsWith("--port") ? "--port" : arguments.getFirst()));
    }

    @Test
    void aPortThatIsNoneIsQuoted() {
        var wrong = assertThrows(
                IllegalArgumentException.class, () -> LocalOptions.parse(List.of("--port", "http"), Map.of()));
        assertEquals("--port wants a number from 0 to 65535, not \"http\"", wrong.getMessage());
    }
}
