package dev.vibe.runner.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.vibe.runner.domain.AgentType;
import dev.vibe.runner.domain.EndpointId;
import dev.vibe.runner.domain.ServerCommand;
import dev.vibe.runner.domain.SessionId;
import dev.vibe.runner.domain.UserMessage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandDecoderTest {
    private static final SessionId S1 = new SessionId("s1");
    private final CommandDecoder decoder = new CommandDecoder();

    private ServerCommand decode(String event, @Nullable String json) {
        return decoder.decode(event, json).orElseThrow();
    }

    @Test
    void commandsAreRead() {
        assertEquals(
                new ServerCommand.StartSession(S1, AgentType.CLAUDE, "/w", new UserMessage.Text("hi")),
                decode(
                        "session:start",
                        "{\"sessionId\":\"s1\",\"agentType\":\"claude\",\"workingDirectory\":\"/w\",\"initialMessage\":\"hi\",\"more\":1}"));
        assertEquals(
                new ServerCommand.StartSession(S1, AgentType.CODEX, null, null),
                decode(
                        "session:start",
                        "{\"sessionId\":\"s1\",\"agentType\":\"codex\",\"workingDirectory\":null,\"initialMessage\":\"\"}"));
        assertEquals(
                new ServerCommand.SendMessage(S1, new UserMessage.Structured("{\"text\":\"x\",\"n\":1.10}")),
                decode("message:send", "{\"sessionId\":\"s1\",\"message\":{ \"text\":\"x\",\"n\":1.10}}"));
        assertEquals(new ServerCommand.StopSession(S1), decode("session:stop", "{\"sessionId\":\"s1\"}"));
        assertEquals(new ServerCommand.InterruptSession(S1), decode("session:interrupt", "{\"sessionId\":\"s1\"}"));
        assertEquals(
                new ServerCommand.Registered(new EndpointId("e")),
                decode("endpoint:registered", "{\"endpointId\":\"e\"}"));
        assertEquals(new ServerCommand.Registered(null), decode("endpoint:registered", null));
        assertEquals(
                new ServerCommand.ServerError("Invalid auth token"),
                decode("error", "{\"message\":\"Invalid auth token\"}"));
    }

    @Test
    void whatTheServerHasIsReadAsFarAsItMakesSense() {
        String resume = "{\"s1\":41,\"\":1,\"" + "s".repeat(600)
                + "\":1,\"a\":\"1\",\"b\":1.5,\"c\":9007199254740992,\"d\":99999999999999999999,\"e\":null}";
        assertEquals(
                new ServerCommand.Registered(new EndpointId("e"), Map.of(S1, 41L)),
                decode("endpoint:registered", "{\"endpointId\":\"e\",\"resume\":" + resume + "}"));
        for (String none : List.of("null", "[1]", "7", "\"s1\"")) {
            assertEquals(
                    new ServerCommand.Registered(new EndpointId("e")),
                    decode("endpoint:registered", "{\"endpointId\":\"e\",\"resume\":" + none + "}"));
        }
    }

    /** Otherwise it would ask for ever, and nothing would be delivered. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "7",
                "null",
                "[]",
                "\"e\"",
                "no JSON",
                "{\"endpointId\":\"\"}",
                "{\"endpointId\":\" \"}",
                "{\"endpointId\":7,\"resume\":{\"s1\":[[{}],1]}}"
            })
    void anAnswerToARegistrationIsOneWhateverItHolds(String payload) {
        assertEquals(new ServerCommand.Registered(null), decode("endpoint:registered", payload));
    }

    @Test
    void anAnswerToARegistrationCountsAsFarAsItCanBeRead() {
        String deep = "[".repeat(10_000) + "]".repeat(10_000);
        String number = "1".repeat(5_000);
        assertEquals(
                new ServerCommand.Registered(new EndpointId("e"), Map.of(S1, 41L)),
                decode(
                        "endpoint:registered",
                        "{\"x\":" + deep + ",\"y\":" + number
                                + ",\"endpointId\":\"e\",\"resume\":{\"s1\":41,\"s2\":oops"));
    }

    @Test
    void aServerThatNeverForgetsIsAnsweredToo() {
        String all = IntStream.range(0, 200_000)
                .mapToObj(i -> "\"s" + i + "\":" + i)
                .collect(Collectors.joining(",", "{", "}"));
        ServerCommand.Registered read = (ServerCommand.Registered)
                decode("endpoint:registered", "{\"endpointId\":\"e\",\"resume\":" + all + "}");
        assertEquals(50_000, read.newest().size());
        assertEquals(199_999L, read.newest().get(new SessionId("s199999")));
        assertEquals(150_000L, read.newest().get(new SessionId("s150000")));
    }

    @Test
    void anUnknownEventIsNothing() {
        assertEquals(Optional.empty(), decoder.decode("session:dance", "{}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "session:start | {\"sessionId\":\"s1\"} | agentType is missing",
                "session:start | {\"sessionId\":\"s1\",\"agentType\":5} | agentType is not a string",
                "session:start | {\"sessionId\":\"s1\",\"agentType\":\"\"} | agentType is blank",
                "session:start | {\"sessionId\":\"s1\",\"agentType\":\"claude\",\"workingDirectory\":[]} | workingDirectory is not a string",
                "message:send | {\"sessionId\":\"s1\"} | message is missing",
                "message:send | {\"sessionId\":\"s1\",\"message\":null} | message is missing"
            })
    void aMalformedCommandNamesItsSessionAndItsProblem(String event, String json, String problem) {
        assertEquals(new ServerCommand.Malformed(event, S1, problem), decode(event, json));
    }

    @Test
    void aMalformedCommandWithoutSessionNamesNone() {
        for (String json :
                List.of("", "5", "[]", "null", "{}", "{\"sessionId\":null}", "{\"sessionId\":{}}", "{\"se")) {
            ServerCommand.Malformed malformed =
                    assertInstanceOf(ServerCommand.Malformed.class, decode("session:stop", json), json);
            assertNull(malformed.sessionId());
        }
    }

    /** A session that cannot be named in an answer is one that a server waits for in vain. */
    @ParameterizedTest
    @ValueSource(strings = {" ", "\n", "\t \r\n", "\0", "\u001b", "\u2028"})
    void anIdIsAnIdWhateverItsCharacters(String id) throws Exception {
        String json = JsonMapper.builder().build().writeValueAsString(Map.of("sessionId", id, "agentType", "claude"));
        assertEquals(
                new ServerCommand.StartSession(new SessionId(id), AgentType.CLAUDE, null, null),
                decode("session:start", json));
        assertEquals(
                new ServerCommand.Malformed("session:start", new SessionId(id), "agentType is missing"),
                decode("session:start", json.replace("agentType", "type")));
    }

    @Test
    void anEmptyIdIsNoneThatRunsButOneThatIsAnswered() {
        assertEquals(
                new ServerCommand.Malformed("session:start", new SessionId(""), "sessionId is empty"),
                decode("session:start", "{\"sessionId\":\"\",\"agentType\":\"claude\"}"));
    }

    @Test
    void depthAndSizeAreBounded() {
        String deep = "{\"sessionId\":\"s1\",\"message\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";
        assertInstanceOf(ServerCommand.Malformed.class, decode("message:send", deep));
        String id = "{\"sessionId\":\"" + "s".repeat(600) + "\"}";
        assertInstanceOf(ServerCommand.Malformed.class, decode("session:stop", id));
        String large = "{\"sessionId\":\"s1\",\"message\":\"" + "x".repeat(CommandDecoder.MAX_CHARS) + "\"}";
        ServerCommand.Malformed malformed =
                assertInstanceOf(ServerCommand.Malformed.class, decode("message:send", large));
        assertTrue(malformed.problem().contains("at most"), malformed.problem());
    }

    /** Half a pair is no text: it would become a question mark on its way, and two sessions one. */
    @ParameterizedTest
    @ValueSource(strings = {"x\\ud800", "\\udc01x", "x\\udc01\\ud800", "\\ud83d!"})
    void anIdThatIsNoUnicodeNamesNoSession(String id) {
        String payload = "{\"sessionId\":\"" + id + "\",\"agentType\":\"claude\"}";
        ServerCommand.Malformed malformed =
                assertInstanceOf(ServerCommand.Malformed.class, decode("session:start", payload));
        assertNull(malformed.sessionId());
        assertTrue(malformed.problem().contains("no Unicode"), malformed.problem());
    }

    @Test
    void halfAPairInATextIsReplaced() {
        SessionId rocket = new SessionId("\ud83d\ude80");
        assertEquals(
                new ServerCommand.SendMessage(rocket, new UserMessage.Text("a \ufffd \ud83d\ude80 \ufffd")),
                decode(
                        "message:send",
                        "{\"sessionId\":\"\\ud83d\\ude80\",\"message\":\"a \\ud83d \\ud83d\\ude80 \\ude80\"}"));
        assertEquals(
                new ServerCommand.StartSession(
                        S1, AgentType.CLAUDE, null, new UserMessage.Structured("{\"text\":\"\ufffd!\"}")),
                decode(
                        "session:start",
                        "{\"sessionId\":\"s1\",\"agentType\":\"claude\",\"initialMessage\":{\"text\":\"\\ud83d!\"}}"));
    }

    /** Java takes two bytes for each character of a text that has one beyond Latin-1. */
    @ParameterizedTest
    @ValueSource(strings = {"€", "\\u20ac", "\ud83d\ude80"})
    void aTextOfWideCharactersMayHaveHalfAsMany(String wide) {
        String before = "{\"sessionId\":\"s1\",\"message\":\"" + wide;
        String taken = before + "x".repeat(CommandDecoder.MAX_WIDE_CHARS - 100) + "\"}";
        assertInstanceOf(ServerCommand.SendMessage.class, decode("message:send", taken));
        String refused = before + "x".repeat(CommandDecoder.MAX_WIDE_CHARS) + "\"}";
        ServerCommand.Malformed malformed =
                assertInstanceOf(ServerCommand.Malformed.class, decode("message:send", refused));
        assertEquals(S1, malformed.sessionId());
        assertTrue(malformed.problem().contains("U+00FF"), malformed.problem());
        String latin =
                "{\"sessionId\":\"s1\",\"message\":\"\\u00e9é" + "x".repeat(CommandDecoder.MAX_WIDE_CHARS) + "\"}";
        assertInstanceOf(ServerCommand.SendMessage.class, decode("message:send", latin));
    }

    @Test
    void theWordsOfAnErrorAreCut() {
        String words = "no ".repeat(1_000_000);
        ServerCommand.ServerError error =
                assertInstanceOf(ServerCommand.ServerError.class, decode("error", "{\"message\":\"" + words + "\"}"));
        assertTrue(error.message().length() < 2_000, error.message().length() + " characters");
        assertTrue(words.startsWith(error.message().replace("...", "")));
    }

    /** Whoever waits for the session gets an answer, though the payload cannot be carried. */
    @ParameterizedTest
    @MethodSource("uncarriable")
    void whatCannotBeCarriedStillNamesItsSession(String payload, String problem) {
        ServerCommand.Malformed malformed =
                assertInstanceOf(ServerCommand.Malformed.class, decode("session:start", payload));
        assertEquals(S1, malformed.sessionId());
        assertTrue(malformed.problem().contains(problem), malformed.problem());
    }

    static List<Arguments> uncarriable() {
        String deep = "[".repeat(5_000) + "]".repeat(5_000);
        String large = "\"" + "\\\"}é".repeat(CommandDecoder.MAX_CHARS / 4) + "\"";
        String digits = "9".repeat(5_000);
        return List.of(
                Arguments.of("{\"sessionId\":\"s1\",\"initialMessage\":" + deep + "}", "200 levels"),
                Arguments.of("{\"initialMessage\":" + deep + ",\"sessionId\":\"s1\"}", "200 levels"),
                Arguments.of("{\"sessionId\":\"s1\",\"initialMessage\":" + "[".repeat(1_000_000), "200 levels"),
                Arguments.of("{\"sessionId\":\"s1\",\"initialMessage\":" + large + "}", "at most 8388608"),
                Arguments.of("{\"initialMessage\":" + large + ",\"sessionId\":\"s1\"}", "at most 8388608"),
                Arguments.of("{\"sessionId\":\"s1\",\"initialMessage\":{\"n\":" + digits + "}}", "1000 digits"),
                Arguments.of("{\"initialMessage\":{\"n\":" + digits + "},\"sessionId\":\"s1\"}", "1000 digits"),
                Arguments.of("{\"x\":{\"sessionId\":\"s2\"},\"sessionId\":\"\\u00731\",\"y\":" + deep + "}", "200"),
                Arguments.of("{\"sessionId\":\"s1\",\"agentType\":\"claude\",", "no JSON"));
    }

    @Test
    void aSessionIsLookedForOnlySoDeep() {
        String deep = "{\"message\":" + "[".repeat(3_000_000) + "]".repeat(3_000_000) + ",\"sessionId\":\"s1\"}";
        ServerCommand.Malformed malformed =
                assertInstanceOf(ServerCommand.Malformed.class, decode("message:send", deep));
        assertNull(malformed.sessionId());
    }

    @Test
    void randomPayloadsNeverThrow() {
        Random random = new Random(7);
        String[] events = {
            "session:start", "message:send", "session:stop", "endpoint:registered", "error", "session:interrupt"
        };
        String alphabet = "{}[]\":,0123456789.eE-+ntrufalsesessionId\\u\u0000é\uD83D";
        for (int round = 0; round < 20_000; round++) {
            StringBuilder json = new StringBuilder();
            for (int length = random.nextInt(60); length > 0; length--) {
                json.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            assertNotNull(decode(events[random.nextInt(events.length)], json.toString()));
        }
    }
}
