package dev.vibe.runner.bootstrap;

/** What the runner's exit tells, by the words of sysexits.h. */
public enum ExitCode {
    /** A clean end. */
    OK(0),
    /** Arguments that mean nothing. */
    USAGE(64),
    /** A bug of the runner; to start it again may help. */
    INTERNAL(70),
    /** It could not start; to start it again may help. */
    UNABLE(71),
    /** Another runner of this endpoint runs here; to start it again helps when that has ended. */
    TAKEN(75),
    /** The server refuses the token; to start it again does not help. */
    REJECTED(77),
    /** Settings that are wrong; to start it again does not help. */
    CONFIG(78);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }
}
