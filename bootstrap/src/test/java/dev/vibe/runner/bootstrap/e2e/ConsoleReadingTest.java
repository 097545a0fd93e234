package dev.vibe.runner.bootstrap.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/** What the console shows, in a browser. */
class ConsoleReadingTest extends ConsoleStage {
    /** A second or two where nothing else runs; it took half a minute when each entry was laid out by itself. */
    private static final Duration FAST = Duration.ofSeconds(12);

    private static final String LAST = "document.getElementById('talk').textContent.includes('\"n\":5999')";

    @Test
    void longOutputIsShownAsItComesAndAtOnceAfterAReload() throws Exception {
        try (LocalProcess local = scripted()) {
            URI console = local.awaitRegistered();
            try (LocalApi api = new LocalApi(console)) {
                String session = api.start(Map.of("agentType", "scripted", "initialMessage", "hello"));
                api.awaitWords(session, "result");
                try (Browser browser = open(at(console, session))) {
                    browser.awaitTalk("echo: hello");
                    long before = System.nanoTime();
                    api.act(session, "messages", Map.of("message", "flood 6000 120"));
                    browser.awaitTrue(LAST);
                    assertFast(before);
                    assertEquals(
                            "3000",
                            String.valueOf(browser.run(
                                    "return document.querySelectorAll('.entry[class]:not(#earlier)').length")));
                    assertTrue(browser.find("#earlier")
                            .getFirst()
                            .getText()
                            .matches("the 3,0\\d\\d entries before these are not shown"));
                    browser.awaitTrue("talk.scrollHeight - talk.scrollTop - talk.clientHeight < 60");

                    before = System.nanoTime();
                    browser.reload();
                    browser.awaitTrue(LAST);
                    assertFast(before);
                }
            }
        }
    }

    private static void assertFast(long before) {
        Duration took = Duration.ofNanos(System.nanoTime() - before);
        assertTrue(took.compareTo(FAST) < 0, "it took " + took);
    }

    @Test
    void whoReadsFurtherUpIsToldOfNewMessages() throws Exception {
        try (LocalProcess local = scripted();
                Browser browser = open(local.awaitRegistered())) {
            browser.startSession("scripted", "flood 200 50");
            browser.awaitTalk("done");
            browser.run("talk.scrollTop = 0");
            browser.awaitTrue("talk.scrollTop === 0");
            browser.say("say further down");
            browser.awaitTrue("!below.hidden");
            assertEquals("0", String.valueOf(browser.run("return talk.scrollTop")), "the reader stays where they are");
            browser.click("below");
            browser.awaitTrue("talk.scrollHeight - talk.scrollTop - talk.clientHeight < 60");
            browser.awaitTrue("below.hidden");
        }
    }

    @Test
    void whatAnEditorWouldChangeIsShownAsLines() throws Exception {
        String request = "raw {\"type\":\"control_request\",\"request_id\":\"%s\",\"request\":{\"subtype\":"
                + "\"can_use_tool\",\"tool_name\":\"%s\",\"input\":%s}}";
        try (LocalProcess local = scripted();
                Browser browser = open(local.awaitRegistered())) {
            browser.startSession("scripted", "hello");
            browser.say(
                    request.formatted(
                            "1",
                            "Edit",
                            "{\"file_path\":\"/a.txt\",\"old_string\":\"one\\n\\u200btwo\",\"new_string\":\"three\\r\\n\\\"file_path\\\": 1\",\"replace_all\":true}"));
            browser.awaitCount(".ask", 1);
            String edit = browser.ask(0);
            assertTrue(edit.contains("\"file_path\": \"/a.txt\"\n\"old_string\":\n-one\n-\\u{200b}two\n"), edit);
            assertTrue(
                    edit.contains("\"new_string\":\n+three\\u{d}\n+\"file_path\": 1\n\"replace_all\": true"),
                    "no line passes for another: " + edit);
            assertEquals(1, browser.find(".ask .removed").size());
            assertEquals(1, browser.find(".ask .added").size());

            browser.say(request.formatted("2", "Write", "{\"file_path\":\"/b\",\"content\":\"x\\ny\"}"));
            browser.awaitCount(".ask", 2);
            assertTrue(browser.ask(1).contains("\"content\":\n+x\n+y"), browser.ask(1));

            browser.say(
                    "raw {\"type\":\"assistant\",\"message\":{\"content\":[{\"type\":\"tool_use\",\"id\":\"t\",\"name\":"
                            + "\"Edit\",\"input\":{\"file_path\":\"/a.txt\",\"old_string\":\"one\\ntwo\",\"new_string\":\"\"}}]}}");
            browser.clickOn("details.tool summary");
            browser.awaitTalk("\"old_string\":\n-one\n-two\n\"new_string\":\n+");
        }
    }

    @Test
    void whoIsWaitedForIsToldInTheListAndInTheTitle() throws Exception {
        try (LocalProcess local = scripted();
                Browser browser = open(local.awaitRegistered())) {
            browser.startSession("scripted", "sleep 60000");
            browser.awaitText("state", "working");
            browser.press(Keys.ESCAPE);
            browser.awaitText("state", "idle");
            browser.awaitTalk("interrupted");
            assertFalse(browser.talk().contains("failed"), browser.talk());

            browser.say(
                    "raw {\"type\":\"control_request\",\"request_id\":\"r\",\"request\":{\"subtype\":\"can_use_tool\","
                            + "\"tool_name\":\"Bash\",\"input\":{\"command\":\"ls\"}}}");
            browser.awaitText("state", "waits for you");
            browser.awaitTrue("document.title === '(1) Vibe console'");
            browser.awaitTrue("sessions.textContent.includes('waits for you')");
            browser.clickOn(".ask .allow");
            browser.awaitTrue("document.title === 'Vibe console'");
            browser.awaitTrue("document.activeElement === talk");
        }
    }

    @Test
    void aSessionThatHasNotBegunSaysWhatItWaitsFor() throws Exception {
        try (LocalProcess local = scripted()) {
            URI console = local.awaitRegistered();
            try (LocalApi api = new LocalApi(console);
                    Browser browser = open(at(console, api.start(Map.of("agentType", "nosuch"))))) {
                browser.awaitTrue(
                        "why.textContent === 'It waits for a runner that offers nosuch: those connected offer scripted.'");
                for (int i = 0; i < 4; i++) {
                    api.start(Map.of("agentType", "scripted"));
                }
                browser.startSession("scripted", "hello");
                browser.awaitTrue("why.textContent === 'It waits for a free place: all 4 of local are taken.'");
            }
        }
    }

    @Test
    void anAddressOfAnEarlierStartIsSaidToBeOne() throws Exception {
        LocalProcess first = scripted();
        URI console = first.awaitRegistered();
        try (first;
                Browser browser = open(console)) {
            browser.awaitText("link", "connected");
            first.terminate();
            assertEquals(0, first.awaitExit());
            try (LocalProcess second = scripted("--port", "" + console.getPort())) {
                assertEquals(console.getPort(), second.awaitRegistered().getPort());
                browser.awaitText("link", "not connected");
                assertTrue(browser.find("#problem").getFirst().getText().contains("of an earlier start"));
                browser.reload();
                browser.awaitText("link", "not connected");
                browser.awaitTrue("empty.hidden && !problem.hidden");
            }
        }
    }

    @Test
    void aRunnerThatIsNotHeardOfDoesNotStayGreen() throws Exception {
        try (LocalProcess local = scripted();
                Browser browser = open(local.awaitRegistered())) {
            browser.awaitTrue("document.querySelector('#endpoints .badge.ok') !== null");
            browser.run("import('/lists.js').then((lists) => lists.known.endpoints[0].lastHeard -= 150000)");
            browser.awaitTrue("document.querySelector('#endpoints .badge.bad')?.textContent === 'silent'");
            browser.awaitTrue("endpoints.textContent.includes('heard 2 min ago')");
        }
    }
}
