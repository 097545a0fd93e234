package dev.vibe.runner.application;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StderrTailTest {
    private final StderrTail tail = new StderrTail();

    @Test
    void showsTheLastLinesAndTheBeginningsOfLongOnes() {
        assertEquals("", tail.describe());
        for (int i = 0; i < 11; i++) {
            tail.add("line " + i);
            tail.add(" ");
        }
        tail.add("e".repeat(501));
        assertEquals(
                ": line 2\nline 3\nline 4\nline 5\nline 6\nline 7\nline 8\nline 9\nline 10\n" + "e".repeat(500) + "…",
                tail.describe());
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
        tail.add(line.replace('`', '"'));
        assertEquals(": " + shown.replace('`', '"').replace('>', '\t'), tail.describe());
    }

    @Test
    void wordsOfAnOverlongLineAreNoLongerThanOthers() {
        tail.add("{\"type\":\"text\",\"content\":\"" + "\\u00e9".repeat(16_000)
                + "\",\"source\":\"stderr\",\"truncated\":{\"bytes\":99999,\"limitBytes\":50000}}");
        assertEquals(": " + "é".repeat(500) + "…", tail.describe());
    }
}
