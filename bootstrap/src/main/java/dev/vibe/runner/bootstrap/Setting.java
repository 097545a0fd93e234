package dev.vibe.runner.bootstrap;

import java.util.Optional;

/**
 * One setting: a variable of the environment.
 *
 * @param name the variable
 * @param fallback the text that counts where the variable is unset or empty; empty where there is none
 * @param fallbackShown how help shows the fallback
 * @param allowed completes the sentence "it must be ..."
 * @param meaning what it does, for help and README
 * @param secret its value must never be shown
 * @param parser throws {@link IllegalArgumentException} for what is not allowed
 */
public record Setting<T>(
        String name,
        Optional<String> fallback,
        String fallbackShown,
        String allowed,
        String meaning,
        boolean secret,
        Parser<T> parser) {

    /** Reads a value. */
    interface Parser<T> {
        /** Throws {@link IllegalArgumentException} for what is not allowed; its message is not shown. */
        T parse(String text);
    }

    /** A setting with a plain fallback. */
    static <T> Setting<T> of(String name, String fallback, String allowed, String meaning, Parser<T> parser) {
        String shown = fallback.isEmpty() ? "none" : fallback;
        return new Setting<>(name, Optional.of(fallback), shown, allowed, meaning, false, parser);
    }

    /** A setting that may be left out; {@code shown} tells what then happens. */
    static <T> Setting<Optional<T>> optional(
            String name, String shown, String allowed, String meaning, Parser<T> parser) {
        return new Setting<>(
                name,
                Optional.of(""),
                shown,
                allowed,
                meaning,
                false,
                text -> text.isEmpty() ? Optional.empty() : Optional.of(parser.parse(text)));
    }

    /** A setting without which nothing works. */
    static <T> Setting<T> required(String name, String allowed, String meaning, Parser<T> parser) {
        return new Setting<>(name, Optional.empty(), "required", allowed, meaning, false, parser);
    }

    /** The same, not to be shown. */
    Setting<T> hidden() {
        return new Setting<>(name, fallback, fallbackShown, allowed, meaning, true, parser);
    }
}
