package dev.vibe.runner.testkit;

import java.util.Arrays;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/**
 * What a test needs from the machine. A test that lacks it is skipped with the reason, unless the environment variable
 * {@code VIBE_TEST_REQUIRE} (comma separated groups, e.g. {@code node,agents}) lists its group: then it fails.
 */
public final class Requires {
    private Requires() {}

    /**
     * Skips or fails the calling test unless what it needs is there.
     *
     * @param group as it may stand in {@code VIBE_TEST_REQUIRE}
     * @param present whether it is there
     * @param missing what is missing and how to get it
     */
    public static void that(String group, boolean present, String missing) {
        if (present) {
            return;
        }
        String required = System.getenv().getOrDefault("VIBE_TEST_REQUIRE", "");
        if (Arrays.stream(required.split(",")).map(String::strip).anyMatch(group::equals)) {
            Assertions.fail("VIBE_TEST_REQUIRE lists " + group + ", but: " + missing);
        }
        Assumptions.abort("skipped, no " + group + ": " + missing);
    }
}
