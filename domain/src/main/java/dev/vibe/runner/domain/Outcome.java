package dev.vibe.runner.domain;

/** How a session ended. */
public sealed interface Outcome {

    /** By itself, exit code 0. */
    record Completed() implements Outcome {}

    /**
     * Because the server asked or the runner goes down, whatever the exit code.
     *
     * @param cause never a {@link StopCause.Violation}
     * @param exitCode the agent's, or -1 where no process had been started
     */
    record Stopped(StopCause cause, int exitCode) implements Outcome {}

    /**
     * By itself, in a way it should not: non-zero exit code or a signal.
     *
     * @param status what the process left
     */
    record Crashed(ExitStatus status) implements Outcome {}

    /**
     * The runner did not or could not go on with it.
     *
     * @param reason for people
     */
    record Refused(String reason) implements Outcome {}

    /** The outcome of an exit nobody asked for. */
    static Outcome ofExit(ExitStatus status) {
        return status.success() && status.survivors().isEmpty() ? new Completed() : new Crashed(status);
    }

    /** The outcome of a stop, once the processes are gone or have refused to go. */
    static Outcome ofStop(StopCause cause, ExitStatus status) {
        if (!status.survivors().isEmpty()) {
            return new Crashed(status);
        }
        return switch (cause) {
            case StopCause.Requested _, StopCause.Shutdown _ -> new Stopped(cause, status.code());
            case StopCause.Violation(var reason) -> new Refused(reason);
        };
    }

    /** The outcome of a stop that came before a process ran, which then could not be started either. */
    static Outcome ofStopBeforeLaunch(StopCause cause) {
        return switch (cause) {
            case StopCause.Requested _, StopCause.Shutdown _ -> new Stopped(cause, -1);
            case StopCause.Violation(var reason) -> new Refused(reason);
        };
    }
}
