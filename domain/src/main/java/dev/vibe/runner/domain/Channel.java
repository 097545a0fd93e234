package dev.vibe.runner.domain;

/** Where an agent wrote a line. */
public enum Channel {
    STDOUT("stdout"),
    STDERR("stderr");

    private final String wireName;

    Channel(String wireName) {
        this.wireName = wireName;
    }

    /** The protocol's spelling. */
    public String wireName() {
        return wireName;
    }
}
