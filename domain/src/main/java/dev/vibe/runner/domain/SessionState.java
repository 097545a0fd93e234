package dev.vibe.runner.domain;

/**
 * The life of a session: {@code Starting -> Running -> Stopping -> Ended}. Immutable; every transition is total, so a
 * late or repeated signal has a stated answer in every state.
 */
public sealed interface SessionState {

    /** The agent's process is being started. */
    record Starting() implements SessionState {}

    /** The agent's process runs. */
    record Running() implements SessionState {}

    /**
     * The session is being ended.
     *
     * @param cause the first cause; later ones do not replace it
     */
    record Stopping(StopCause cause) implements SessionState {}

    /** Nothing of the session runs any more. */
    record Ended(Outcome outcome) implements SessionState {}

    /** Something that happens to a session. */
    sealed interface Signal {
        /** The agent's process has been started. */
        record Launched() implements Signal {}

        /** The agent's process could not be started. */
        record LaunchFailed(String reason) implements Signal {}

        /** The session is to end. */
        record Stop(StopCause cause) implements Signal {}

        /** The agent's processes are gone. */
        record Exited(ExitStatus status) implements Signal {}
    }

    /** The state after {@code signal}; {@code this} where it changes nothing. */
    default SessionState on(Signal signal) {
        return switch (this) {
            case Starting starting ->
                switch (signal) {
                    case Signal.Launched _ -> new Running();
                    case Signal.LaunchFailed(var reason) -> new Ended(new Outcome.Refused(reason));
                    case Signal.Stop(var cause) -> new Stopping(cause);
                    case Signal.Exited(var status) -> new Ended(Outcome.ofExit(status));
                };
            case Running running ->
                switch (signal) {
                    case Signal.Launched _, Signal.LaunchFailed _ -> this;
                    case Signal.Stop(var cause) -> new Stopping(cause);
                    case Signal.Exited(var status) -> new Ended(Outcome.ofExit(status));
                };
            case Stopping(var cause) ->
                switch (signal) {
                    case Signal.Launched _, Signal.Stop _ -> this;
                    case Signal.LaunchFailed _ -> new Ended(Outcome.ofStopBeforeLaunch(cause));
                    case Signal.Exited(var status) -> new Ended(Outcome.ofStop(cause, status));
                };
            case Ended _ -> this;
        };
    }
}
