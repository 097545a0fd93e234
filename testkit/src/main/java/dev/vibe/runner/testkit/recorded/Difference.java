package dev.vibe.runner.testkit.recorded;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import java.util.List;

/** How two conversations differ, as people read it. */
public final class Difference {
    private static final int CONTEXT = 3;
    private static final int SHOWN = 400;

    private Difference() {}

    /** A unified diff of what is the same each time; empty where there is none. Long frames are cut. */
    public static String between(String name, Recording recorded, Recording now) {
        List<String> before = recorded.normal();
        List<String> after = now.normal();
        List<String> lines = UnifiedDiffUtils.generateUnifiedDiff(
                name + ", recorded", name + ", now", before, DiffUtils.diff(before, after), CONTEXT);
        return String.join(
                "\n",
                lines.stream()
                        .map(line -> line.length() <= SHOWN ? line : line.substring(0, SHOWN) + " ...")
                        .toList());
    }
}
