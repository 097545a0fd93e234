package dev.vibe.runner.adapter.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same as {@link ProcessTreeTest} with fewer rights, where the tests run as root. Else those are the proof. */
class UnprivilegedTreeTest {

    @Test
    void nothingIsLeftWhenTheRunnerIsNotRoot(@TempDir Path directory) throws Exception {
        assumeTrue(AsNobody.testsRunAsRoot(), "these tests do not run as root: nothing to add");
        String said = AsNobody.run(TreeProof.class, directory);
        List<String> proofs =
                said.lines().filter(line -> line.endsWith("left nothing")).toList();
        assertEquals(ProcessTreeTest.End.values().length, proofs.size(), said);
    }
}
