package dev.vibe.runner.bootstrap;

/** Text that must not be shown. Its {@code toString} is a mask, so that a record that holds it can be logged. */
public record Secret(String value) {
    static final String MASK = "********";

    @Override
    public String toString() {
        return MASK;
    }
}
