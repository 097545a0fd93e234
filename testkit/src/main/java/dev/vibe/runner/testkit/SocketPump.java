package dev.vibe.runner.testkit;

import java.io.IOException;
import java.net.Socket;

/** Carries bytes between two sockets, both ways, until one ends. */
final class SocketPump {
    private SocketPump() {}

    static void join(Socket one, Socket two) {
        start(one, two);
        start(two, one);
    }

    private static void start(Socket from, Socket to) {
        Thread thread = new Thread(
                () -> {
                    try (from;
                            to) {
                        from.getInputStream().transferTo(to.getOutputStream());
                    } catch (IOException ended) {
                        // and so the other ends
                    }
                },
                "socket-pump");
        thread.setDaemon(true);
        thread.start();
    }
}
