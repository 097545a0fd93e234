package dev.vibe.runner.bootstrap.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/** What people do with the console, in a browser. */
class ConsoleTypingTest extends ConsoleStage {
    private static final String WORDS = "return document.getElementById('words').value";

    @Test
    void keysGoFromSessionToSessionAndDraftsStayWhereTheyAre() throws Exception {
        try (LocalProcess local = scripted()) {
            URI console = local.awaitRegistered();
            try (LocalApi api = new LocalApi(console)) {
                String older = api.start(Map.of("agentType", "scripted", "initialMessage", "say older"));
                api.awaitWords(older, "older");
                String newer = api.start(Map.of("agentType", "scripted", "initialMessage", "say newer"));
                try (Browser browser = open(at(console, newer))) {
                    browser.awaitTalk("newer");
                    browser.type("words", "a draft");
                    browser.run("talk.focus()");
                    browser.press("j");
                    browser.awaitTalk("older");
                    browser.press("j"); // there is no further one
                    assertEquals("", browser.run(WORDS), "neither the key nor the other session's draft");
                    assertTrue(browser.address().endsWith("#" + older), browser.address());
                    browser.press("k");
                    browser.awaitTalk("newer");
                    assertEquals("a draft", browser.run(WORDS));
                    browser.back();
                    browser.awaitTalk("older");
                    browser.awaitTrue("words.value === ''");
                }
            }
        }
    }

    /** The server's answers wait until the test lets them come. */
    private static final String SLOW_SERVER = """
            window.really = fetch;
            window.answers = [];
            window.fetch = (...asked) => new Promise((come, fail) => answers.push({ come: () => come(really(...asked)), fail }));
            """;

    @Test
    void nothingThatIsTypedIsLostOrSentTwice() throws Exception {
        try (LocalProcess local = scripted();
                Browser browser = open(local.awaitRegistered())) {
            browser.startSession("scripted", "hello");
            browser.awaitTalk("echo: hello");
            browser.run(SLOW_SERVER);
            browser.say("one");
            browser.type("words", Keys.ENTER);
            browser.type("words", "two");
            browser.awaitTrue("answers.length === 1");
            browser.run("answers.shift().come()");
            browser.awaitTalk("echo: one");
            assertEquals("two", browser.run(WORDS), "it was typed while the first was on its way");
            browser.type("words", Keys.ENTER);
            browser.type("words", "three");
            browser.run("answers.shift().fail(new Error())");
            browser.awaitTrue("words.value === 'two\\nthree'");
            browser.awaitTrue("problem.textContent === 'The local server does not answer.'");

            browser.click("new");
            browser.type("first", "once", Keys.ENTER);
            browser.type("first", Keys.ENTER);
            browser.run("go.click()");
            assertEquals("1", String.valueOf(browser.run("return answers.length")));
            browser.run("answers.shift().come(); window.fetch = really");
            browser.awaitCount("#sessions li", 2);
        }
    }

    @Test
    void whatIsMoreThanTheServerReadsIsSaidToBe() throws Exception {
        try (LocalProcess local = scripted();
                Browser browser = open(local.awaitRegistered())) {
            browser.startSession("scripted", "hello");
            browser.awaitTalk("echo: hello");
            browser.run("words.value = 'x'.repeat(9_000_000); say.requestSubmit()");
            browser.awaitTrue("problem.textContent.startsWith('This is 9.0 MB, and the local server takes 4 MB')");
            assertEquals("9000000", String.valueOf(browser.run("return words.value.length")));
        }
    }

    @Test
    void escapeLeavesTheNewSessionsForm() throws Exception {
        try (LocalProcess local = scripted();
                Browser browser = open(local.awaitRegistered())) {
            browser.startSession("scripted", "hello");
            browser.awaitText("state", "idle");
            browser.press(Keys.ESCAPE); // no turn is under way
            browser.click("new");
            browser.press(Keys.ESCAPE);
            browser.awaitTrue("start.hidden && !session.hidden");
            browser.click("stop");
            browser.awaitText("state", "ended");
            browser.press(Keys.ESCAPE);
            browser.press("r");
            browser.awaitElement("#entries .raw");
            assertTrue(!browser.talk().contains("interrupt asked"), browser.talk());
            assertEquals("true", String.valueOf(browser.run("return problem.hidden")));
        }
    }

    @Test
    void whatHasTheFocusKeepsItWhileTheListsChange() throws Exception {
        try (LocalProcess local = scripted()) {
            URI console = local.awaitRegistered();
            try (LocalApi api = new LocalApi(console);
                    Browser browser = open(console)) {
                browser.startSession("scripted", "hello");
                browser.awaitText("state", "idle");
                browser.run("window.option = agent.options[0]; document.querySelector('#sessions button').focus()");
                api.start(Map.of("agentType", "scripted", "initialMessage", "a second one"));
                browser.awaitCount("#sessions li", 2);
                browser.awaitTrue("endpoints.textContent.includes('2 of 4 sessions')");
                browser.awaitTrue("document.activeElement === document.querySelectorAll('#sessions button')[1]");
                browser.awaitTrue("agent.options[0] === option");
            }
        }
    }

    @Test
    void aPhoneIsEnough() throws Exception {
        try (LocalProcess local = scripted();
                Browser browser = Browser.openOnAPhone(local.awaitRegistered(), profile())) {
            browser.awaitText("link", "connected");
            browser.screenshot(Path.of("target/screenshots/phone-first.png"));
            browser.click("begin");
            browser.type("first", "flood 100 50", Keys.ENTER);
            browser.awaitTalk("done");
            browser.awaitTrue("document.activeElement !== words");
            browser.awaitTrue("talk.scrollHeight - talk.scrollTop - talk.clientHeight < 60");
            browser.run("session.style.maxHeight = '300px'"); // as if the keyboard came
            browser.awaitTrue("talk.scrollHeight - talk.scrollTop - talk.clientHeight < 60");
            browser.run("session.style.maxHeight = ''");
            browser.screenshot(Path.of("target/screenshots/phone-session.png"));
            browser.awaitTrue("document.documentElement.scrollWidth <= document.documentElement.clientWidth");
            browser.awaitTrue(
                    "[...document.querySelectorAll('button, textarea')].every((each) => each.offsetParent === null"
                            + " || each.getBoundingClientRect().height >= 40)");
            browser.awaitTrue("getComputedStyle(words).fontSize === '16px'");
            browser.click("menu");
            browser.awaitTrue("menu.ariaExpanded === 'true'");
            browser.press(Keys.ESCAPE);
            browser.awaitTrue("menu.ariaExpanded === 'false'");
            browser.click("menu");
            browser.screenshot(Path.of("target/screenshots/phone-menu.png"));
            browser.clickOn("#sessions button");
            browser.awaitTrue("menu.ariaExpanded === 'false' && document.activeElement === talk");
        }
    }
}
