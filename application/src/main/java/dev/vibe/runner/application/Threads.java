package dev.vibe.runner.application;

/**
 * Platform threads with small stacks. Not virtual ones: their work ends in pipes, and a pipe's read or write holds the
 * carrier (measured: the 129th session hung, and every other virtual thread with it).
 */
final class Threads {
    private static final int STACK_BYTES = 256 * 1024;

    private Threads() {}

    static Thread start(String name, Runnable work) {
        return Thread.ofPlatform().name(name).daemon().stackSize(STACK_BYTES).start(work);
    }
}
