package dev.vibe.runner.application;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StderrTailTest {
    private final StderrTail tail = new StderrTail();

    @Test
    void showsTheLastLinesAndTheBeginningsOfLongOnes() {
        assertEquals("", tail.describe(0));
        for (int i = 0; i < 11; i++) {
            tail.add("line " + i, 0);
            tail.add(" ", 0);
        }
        tail.add("e".repeat(501), 0);
        assertEquals(
                ": line 2\nline 3\nline 4\nline 5\nline 6\nline 7\nline 8\nline 9\nline 10\n" + "e".repeat(500) + "…",
                tail.describe(0));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{`type`:`text`,`content`:`a \\`b\\` \\\\ \\u00e9\\t!\\n[The runner cut this line ...]`,`source`:`stderr`,`truncated`:{`bytes`:9,`limitBytes`:5}} | a `b` \\ é>!…",
                "{`type`:`error`,`truncated`:{`bytes`:9,`limitBytes`:5,`head`:`{\\`type\\`:\\`error\\`,\\`truncated\\`:{\\`bytes\\`:1`}} | {`type`:`error`,`truncated`:{`bytes`:1…",
                "{`type`:`text`,`content`:`as it is`,`source`:`stderr`} | {`type`:`text`,`content`:`as it is`,`source`:`stderr`}",
                "{`truncated`:{`bytes`:1}}                              | {`truncated`:{`bytes`:1}}",
                "{`truncated`:{`bytes`:1,`head`:`\\u00}}               | {`truncated`:{`bytes`:1,`head`:`\\u00}}",
                "{`truncated`:{`bytes`:1,`head`:`\\u-001}}             | {`truncated`:{`bytes`:1,`head`:`\\u-001}}",
                "{`truncated`:{`bytes`:1,`head`:`a}}                    | a}}…"
            })
    void whatStandsForAnOverlongLineIsShownAsItsWords(String line, String shown) {
        tail.add(line.replace('`', '"'), 0);
        assertEquals(": " + shown.replace('`', '"').replace('>', '\t'), tail.describe(0));
    }

    @Test
    void oldWordsOfAnAgentThatWorkedAreNotWhyItEnded() {
        long second = 1_000_000_000L;
        tail.add("no bubblewrap", 0);
        assertEquals(": no bubblewrap", tail.describe(60 * second));
        tail.works();
        assertEquals("", tail.describe(60 * second));
        tail.add("panic", 59 * second);
        assertEquals(": panic", tail.describe(60 * second));
        tail.begins();
        assertEquals("", tail.describe(60 * second));
    }

    @Test
    void coloursAndTitlesAreLeftOut() {
        tail.add("\u001B[2m2026\u001B[0m \u001B[31mERROR\u001B[0m\u001B]0;title\u0007 no \u001B(Bbubblewrap", 0);
        tail.add("\u001B[2K\u001B[1G", 0);
        assertEquals(": 2026 ERROR no bubblewrap", tail.describe(0));
    }

    @Test
    void wordsOfAnOverlongLineAreNoLongerThanOthers() {
        tail.add(
                "{\"type\":\"text\",\"content\":\"" + "\\u00e9".repeat(16_000)
                        + "\",\"source\":\"stderr\",\"truncated\":{\"bytes\":99999,\"limitBytes\":50000}}",
                0);
        assertEquals(": " + "é".repeat(500) + "…", tail.describe(0));
    }
}
