package dev.vibe.runner.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RedactorTest {
    private final Redactor redactor = new Redactor(List.of(new Secret("s3cr3t-token"), new Secret("abc")));

    @Test
    void secretsAreMaskedWhereverTheyAre() {
        assertEquals("********, (********)", redactor.redact("s3cr3t-token, (s3cr3t-token)"));
    }

    @Test
    void whatIsTooShortToBeASecretIsLeftAlone() {
        assertEquals("the abc", redactor.redact("the abc"));
    }

    @Test
    void oneThatIsLearnedIsMaskedFromThenOn() {
        redactor.learn(new Secret("a-new-one"));
        assertEquals("******** ********", redactor.redact("a-new-one s3cr3t-token"));
    }

    @Test
    void ofManyThatAreLearnedTheLastAndTheFirstAreMasked() {
        for (int i = 100; i < 200; i++) {
            redactor.learn(new Secret("token-" + i));
        }
        redactor.learn(new Secret("token-199"));
        assertEquals(
                "******** ******** ******** token-183", redactor.redact("s3cr3t-token token-199 token-184 token-183"));
    }

    @Test
    void theBeginningOfOneBeforeACutIsMaskedToo() {
        assertEquals("no: ********... (once)", redactor.redact("no: s3cr3t-toke... (once)"));
        assertEquals("********... and ********...", redactor.redact("s3cr... and s3cr3t..."));
        assertEquals("********...", redactor.redact("s3cr3t-token..."));
        assertEquals("s3c... wait ...", redactor.redact("s3c... wait ..."));
    }
}
