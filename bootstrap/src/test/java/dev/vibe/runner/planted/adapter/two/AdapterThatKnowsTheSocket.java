package dev.vibe.runner.planted.adapter.two;

import org.json.JSONObject;

/** Breaks a rule on purpose: see ArchitectureTest. */
public final class AdapterThatKnowsTheSocket {
    final JSONObject json = new JSONObject();
}
