package dev.vibe.runner.planted.adapter.one;

import com.sun.net.httpserver.HttpServer;

/** Breaks a rule on purpose. */
final class AdapterThatKnowsTheHttpServer {
    static final Class<?> WRONG = HttpServer.class;

    private AdapterThatKnowsTheHttpServer() {}
}
