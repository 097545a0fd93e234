package dev.vibe.runner.planted.adapter.one;

import java.net.http.HttpClient;

/** Breaks a rule on purpose. */
final class AdapterThatKnowsTheHttpClient {
    static final HttpClient.Version WRONG = HttpClient.Version.HTTP_1_1;

    private AdapterThatKnowsTheHttpClient() {}
}
