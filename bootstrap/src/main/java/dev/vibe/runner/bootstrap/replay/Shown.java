package dev.vibe.runner.bootstrap.replay;

/**
 * A piece of a conversation for people.
 *
 * @param who one word that says whose it is, e.g. {@code user}, {@code agent}, {@code tool}
 * @param text perhaps of many lines
 */
record Shown(String who, String text) {}
