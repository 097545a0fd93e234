package dev.vibe.runner.testkit.model;

/** Runs a model server from a shell, for demonstrations and measurements: {@code java ... ModelServerMain [PORT]}. */
public final class ModelServerMain {
    private ModelServerMain() {}

    /** Prints the server's address as its first line and runs until it is killed. */
    public static void main(String[] args) throws InterruptedException {
        try (ModelServer server = ModelServer.start(args.length == 0 ? 0 : Integer.parseInt(args[0]))) {
            System.out.println(server.url());
            Thread.currentThread().join();
        }
    }
}
