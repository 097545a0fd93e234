package dev.vibe.runner.bootstrap.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.testkit.LinkFault;
import dev.vibe.runner.testkit.LinkProxy;
import dev.vibe.runner.testkit.model.ModelServer;
import dev.vibe.runner.testkit.model.RealAgents;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/** The console of {@code vibe-runner local}, in a browser. */
class ConsoleTest extends ConsoleStage {
    @Test
    void aWholeSessionIsHeldWithTheScriptedAgent() throws Exception {
        try (LocalProcess local = scripted();
                Browser browser = open(local.awaitRegistered())) {
            browser.awaitText("link", "connected");
            browser.awaitElement("#endpoints li");
            assertTrue(browser.find("#endpoints li").getFirst().getText().contains("0 of 4 sessions"));
            browser.press("n");
            browser.startSession("scripted", "hello");
            browser.awaitTalk("echo: hello");
            browser.awaitText("state", "idle");
            browser.say("say and this");
            browser.awaitTalk("and this");

            // The pause ends within this test's patience: without the interrupt, "never" would come before "after the
            // reload".
            browser.say("say before\nsleep 15000\nsay never");
            browser.awaitLine("before");
            browser.press(Keys.ESCAPE);
            browser.awaitTalk("interrupted");

            browser.reload();
            browser.awaitTalk("echo: hello");
            browser.awaitTalk("and this");
            browser.awaitTalk("interrupt asked");
            assertFalse(browser.address().contains("token"), "the token does not stay in the address");

            browser.say("say after it");
            browser.awaitLine("after it");
            assertTrue(browser.talk().lines().anyMatch("before"::equals), "what was said is a line: " + browser.talk());
            assertTrue(browser.talk().lines().noneMatch("never"::equals), browser.talk());
            browser.click("stop");
            browser.awaitText("state", "ended");
        }
    }

    @Test
    void hostileOutputIsShownAsText() throws Exception {
        String markup = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>";
        try (LocalProcess local = scripted();
                Browser browser = open(local.awaitRegistered())) {
            browser.startSession("scripted", "say " + markup);
            browser.awaitTalk(markup);
            browser.say("raw " + markup);
            browser.say("raw {\"type\":\"" + markup + "\",\"method\":7}");
            browser.say("raw {\"type\":\"assistant\",\"message\":{\"content\":[{\"type\":\"tool_use\",\"id\":\"t\","
                    + "\"name\":\"<b>x</b>\",\"input\":{\"command\":\"<i>y</i>\"}}]}}");
            browser.awaitTalk("<b>x</b> <i>y</i>");
            browser.say("bytes G1szMW1yZWQbWzBtCg=="); // ESC [31m red ESC [0m
            browser.awaitTalk("\u241b[31mred\u241b[0m");
            for (String odd : new String[] {
                "null",
                "[]",
                "7",
                "{\"type\":\"assistant\",\"message\":null}",
                "{\"type\":null}",
                "{\"type\":\"user\",\"message\":{\"content\":[{\"type\":\"tool_result\",\"content\":[null]}]}}",
                "{\"type\":\"assistant\",\"message\":{\"content\":[{\"type\":\"text\",\"text\":{\"toString\":1}}]}}"
            }) {
                browser.say("raw " + odd);
            }
            browser.say("flood 1 900000");
            browser.awaitTalk("show all 900,");
            browser.click("raw");
            browser.say("say still here");
            browser.awaitTalk("still here");
            browser.reload(); // all at once now, and nothing odd keeps back what is behind it
            browser.awaitTalk("still here");
            assertEquals("Vibe console", browser.run("return document.title"));
            assertEquals(
                    "0",
                    String.valueOf(browser.run(
                            "return document.querySelectorAll('#talk img, #talk script, #talk b').length")));
            assertEquals("true", String.valueOf(browser.run("return document.getElementById('problem').hidden")));
        }
    }

    @Test
    void whatIsToBeAllowedIsShownWhole() throws Exception {
        String request =
                "raw {\"type\":\"control_request\",\"request_id\":\"r\",\"request\":{\"subtype\":\"can_use_tool\","
                        + "\"tool_name\":\"Bash\",\"input\":{\"command\":\"ls \\u200b\\u202e-x\",\"sandbox\":\"off\","
                        + "\"long\":\"" + "y".repeat(25_000) + " its end\"}}}";
        try (LocalProcess local = scripted()) {
            URI console = local.awaitRegistered();
            try (LocalApi api = new LocalApi(console)) {
                String session = api.start(Map.of("agentType", "scripted", "initialMessage", "hello"));
                api.awaitWords(session, "echo: hello");
                api.act(session, "messages", Map.of("message", request));
                try (Browser browser = open(at(console, session))) {
                    browser.awaitElement(".ask .allow");
                    String shown = browser.ask(0);
                    assertTrue(shown.contains("May the agent use Bash?"), shown);
                    assertTrue(shown.contains("\"sandbox\": \"off\""), "Allow sends the whole input: " + shown);
                    assertTrue(shown.contains("yyy its end"), "nothing is cut");
                    assertTrue(shown.contains("ls \\u{200b}"), "nothing is invisible: " + shown);
                    assertFalse(shown.contains("\u202e"), "nothing turns the text around");
                    browser.clickOn(".ask .allow");
                    browser.awaitTalk("echo: {\"type\":\"control_response\"");
                    assertTrue(browser.ask(0).endsWith("allowed"), browser.ask(0));
                }
            }
        }
    }

    @Test
    void aChangeToFilesIsShownBeforeItCanBeAllowed() throws Exception {
        String approval = "raw {\"method\":\"item/fileChange/requestApproval\",\"id\":0,\"params\":{\"itemId\":\"%s\","
                + "\"grantRoot\":\"/etc\"}}";
        try (LocalProcess local = scripted();
                Browser browser = open(local.awaitRegistered())) {
            browser.startSession("scripted", "hello");
            browser.say("raw {\"method\":\"item/started\",\"params\":{\"item\":{\"type\":\"fileChange\",\"id\":\"c\","
                    + "\"changes\":[{\"path\":\"src/a.txt\",\"kind\":{\"type\":\"update\",\"move_path\":\"src/b.txt\"},"
                    + "\"diff\":\"-old\\n+new\"}]}}}");
            browser.awaitElement("details.tool");
            assertTrue(browser.talk().contains("change src/a.txt"), browser.talk());
            browser.clickOn("details.tool summary");
            browser.awaitTalk("\"diff\":\n-old\n+new");
            browser.say(approval.formatted("c"));
            browser.awaitElement(".ask .allow");
            String shown = browser.ask(0);
            assertTrue(shown.contains("update src/a.txt -> src/b.txt\n-old\n+new"), shown);
            assertTrue(shown.contains("\"grantRoot\": \"/etc\""), shown);

            browser.say(approval.formatted("unheard-of")); // of another process of the agent, whose ids begin anew
            browser.awaitTalk("What is not seen cannot be allowed here");
            assertTrue(browser.ask(0).endsWith("no longer asked"), browser.ask(0));
            assertEquals(0, browser.find(".ask .allow").size());
            browser.clickOn(".ask .deny");
            browser.awaitTalk("\"behavior\":\"deny\"");
            assertTrue(browser.ask(1).endsWith("denied"), browser.ask(1));
        }
    }

    @Test
    void whatTheAgentWaitsForIsShownWhateverItIs() throws Exception {
        String[][] requests = {
            {
                "{\"method\":\"item/permissions/requestApproval\",\"id\":1,\"params\":{\"permissions\":{\"n\":\"net\"}}}",
                "net",
                "2"
            },
            {"{\"method\":\"execCommandApproval\",\"id\":2,\"params\":{\"command\":[\"rm\",\"-rf\"]}}", "-rf", "2"},
            {"{\"method\":\"mcpServer/elicitation/request\",\"id\":3,\"params\":{\"message\":\"may I\"}}", "may I", "2"
            },
            {
                "{\"method\":\"mcpServer/elicitation/request\",\"id\":4,\"params\":{\"message\":\"your name\","
                        + "\"requestedSchema\":{\"required\":[\"name\"]}}}",
                "your name",
                "1"
            },
            {"{\"method\":\"item/tool/requestUserInput\",\"id\":5,\"params\":{\"questions\":[\"q\"]}}", "questions", "1"
            },
            {"{\"method\":\"brand/new\",\"id\":6,\"params\":null}", "brand/new", "1"},
            {"{\"type\":\"control_request\",\"request_id\":\"7\",\"request\":{\"subtype\":\"dialog\"}}", "dialog", "1"},
            {"{\"method\":\"x/y\",\"id\":8,\"truncated\":{\"bytes\":9000000,\"head\":\"begin\"}}", "9000000", "1"},
        };
        try (LocalProcess local = scripted();
                Browser browser = open(local.awaitRegistered())) {
            browser.startSession("scripted", "hello");
            for (int i = 0; i < requests.length; i++) {
                browser.say("raw " + requests[i][0]);
                int shown = i + 1;
                browser.awaitCount(".ask", shown);
                assertTrue(browser.ask(i).contains(requests[i][1]), browser.ask(i));
                assertEquals(
                        requests[i][2],
                        String.valueOf(browser.run("return document.querySelectorAll('.ask')[" + i
                                + "].querySelectorAll('button').length")),
                        browser.ask(i));
            }
            browser.say("raw {\"method\":\"serverRequest/resolved\",\"params\":{\"requestId\":1}}");
            browser.awaitTalk("answered");
            browser.click("stop");
            browser.awaitText("state", "ended");
            browser.awaitCount(".ask button", 0);
        }
    }

    @Test
    void aPhonesScreenShowsAllOfIt() throws Exception {
        try (LocalProcess local = scripted();
                Browser browser = open(local.awaitRegistered())) {
            browser.resize(400, 800);
            browser.click("menu");
            browser.startSession("scripted", "say " + "wide".repeat(200));
            browser.awaitTalk("wide");
            assertEquals(
                    "true",
                    String.valueOf(browser.run(
                            "return document.documentElement.scrollWidth <= document.documentElement.clientWidth")));
            browser.screenshot(Path.of("target/screenshots/console-narrow.png"));
        }
    }

    @Test
    void aConnectionThatWasLostComesBackWithWhatWasMissed() throws Exception {
        try (LocalProcess local = scripted()) {
            URI console = local.awaitRegistered();
            try (LocalApi api = new LocalApi(console);
                    LinkProxy proxy = new LinkProxy(console.getPort())) {
                String session = api.start(Map.of("agentType", "scripted", "initialMessage", "say before"));
                URI through =
                        URI.create(console.toString()
                                        .replace(
                                                ":" + console.getPort(),
                                                ":" + proxy.uri().getPort()) + "#" + session);
                try (Browser browser = open(through)) {
                    browser.awaitText("link", "connected");
                    browser.awaitTalk("before");
                    proxy.apply(new LinkFault.Refuse());
                    browser.awaitText("link", "reconnecting");
                    api.act(session, "messages", Map.of("message", "say while away"));
                    api.awaitWords(session, "while away");
                    assertFalse(browser.talk().contains("while away"), browser.talk());
                    proxy.apply(new LinkFault.Healthy());
                    browser.awaitText("link", "connected");
                    browser.awaitTalk("while away");
                    browser.say("say and back");
                    browser.awaitTalk("and back");
                }
            }
        }
    }

    @Test
    void aPermissionIsDeniedAndAnotherGivenToTheRealClaudeCode() throws Exception {
        RealAgents agents = RealAgents.require();
        Path work = Files.createDirectories(agents.home().resolve("work"));
        try (ModelServer model = ModelServer.start()) {
            Map<String, String> environment = new HashMap<>(agents.environment(model));
            environment.put("VIBE_CLAUDE_PATH", agents.claude().toString());
            environment.put("VIBE_WORKING_DIR", work.toString());
            environment.put("TMPDIR", home.toString());
            try (LocalProcess local = LocalProcess.start(agents.home(), environment, "--port", "0");
                    Browser browser = open(local.awaitRegistered())) {
                browser.startSession("claude", "please [TOOL:touch made-by-the-agent]");
                browser.awaitElement(".ask .deny");
                assertTrue(browser.talk().contains("touch made-by-the-agent"), browser.talk());
                browser.clickOn(".ask .deny");
                browser.awaitTalk("denied");
                browser.awaitTalk("tool result: ");
                assertFalse(Files.exists(work.resolve("made-by-the-agent")), "it was denied");

                browser.say("again [TOOL:touch made-after-all && echo it is made]");
                browser.awaitElement(".ask .allow");
                browser.clickOn(".ask .allow");
                browser.awaitTalk("allowed");
                browser.awaitTalk("tool result: it is made");
                assertTrue(Files.exists(work.resolve("made-after-all")));
                browser.screenshot(Path.of("target/screenshots/console.png"));

                browser.reload();
                browser.awaitTalk("tool result: it is made");
                assertEquals(0, browser.find(".ask button").size(), "answered questions stay answered");
                browser.say("third");
                browser.awaitTalk("echo: third");

                browser.say("[SLOW:1000:100]");
                browser.awaitElement("#talk .entry");
                browser.click("interrupt");
                browser.awaitTalk("interrupt asked");
                browser.awaitTalk("interrupted");
                browser.say("fourth");
                browser.awaitTalk("echo: fourth");
                browser.click("stop");
                browser.awaitText("state", "ended");
            }
        }
    }
}
