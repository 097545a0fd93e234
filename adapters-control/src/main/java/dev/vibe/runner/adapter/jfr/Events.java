package dev.vibe.runner.adapter.jfr;

import jdk.jfr.Category;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/** The events. Loaded with a recording only: the first of them wakes the recorder, which takes a while. */
final class Events {
    private Events() {}

    @Name("dev.vibe.runner.SessionStart")
    @Label("Session Start")
    @Category("Vibe Runner")
    @StackTrace(false)
    static final class SessionStart extends Event {
        @Nullable
        String agent;

        @Nullable
        String outcome;
    }

    @Name("dev.vibe.runner.AgentSpawn")
    @Label("Agent Spawn")
    @Category("Vibe Runner")
    @StackTrace(false)
    static final class AgentSpawn extends Event {
        @Nullable
        String session;

        @Nullable
        String agent;

        @Timespan(Timespan.NANOSECONDS)
        long took;
    }

    @Name("dev.vibe.runner.AgentReady")
    @Label("Agent Ready")
    @Category("Vibe Runner")
    @StackTrace(false)
    static final class AgentReady extends Event {
        @Nullable
        String session;

        @Nullable
        String agent;

        @Timespan(Timespan.NANOSECONDS)
        long took;
    }

    @Name("dev.vibe.runner.Turn")
    @Label("Turn")
    @Category("Vibe Runner")
    @StackTrace(false)
    static final class Turn extends Event {
        @Nullable
        String session;

        @Nullable
        String agent;

        @Timespan(Timespan.NANOSECONDS)
        long took;
    }

    @Name("dev.vibe.runner.SessionEnd")
    @Label("Session End")
    @Category("Vibe Runner")
    @StackTrace(false)
    static final class SessionEnd extends Event {
        @Nullable
        String session;

        @Nullable
        String agent;

        @Nullable
        String reason;

        @Timespan(Timespan.NANOSECONDS)
        long took;
    }

    @Name("dev.vibe.runner.Connected")
    @Label("Connected")
    @Category("Vibe Runner")
    @StackTrace(false)
    static final class Connected extends Event {}

    @Name("dev.vibe.runner.Disconnected")
    @Label("Disconnected")
    @Category("Vibe Runner")
    @StackTrace(false)
    static final class Disconnected extends Event {
        @Nullable
        String reason;
    }

    @Name("dev.vibe.runner.RoundTrip")
    @Label("Link Round Trip")
    @Category("Vibe Runner")
    @StackTrace(false)
    static final class RoundTrip extends Event {
        @Timespan(Timespan.NANOSECONDS)
        long took;
    }
}
