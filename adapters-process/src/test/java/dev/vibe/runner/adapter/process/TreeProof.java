package dev.vibe.runner.adapter.process;

import java.nio.file.Files;
import java.nio.file.Path;

/** Ends families of processes in every way there is; a program, so that it can run as another user. */
final class TreeProof {
    private TreeProof() {}

    public static void main(String[] args) throws Exception {
        Path directory = Files.createTempDirectory("tree-proof");
        for (ProcessTreeTest.End how : ProcessTreeTest.End.values()) {
            new ProcessTreeTest(directory).nothingOfAFamilyIsLeft(how);
            System.out.println(how + " left nothing");
        }
        Files.delete(directory);
    }
}
