package dev.vibe.runner.bootstrap.logs;

import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Which lines are wanted. Holds what it decided last: the lines of a stack trace go with the line before them. */
public final class LogFilter implements Predicate<String> {
    private static final Pattern RECORD = Pattern.compile("^(\\{|\\d{4}-\\d\\d-\\d\\dT)");

    private final Predicate<String> wanted;
    private boolean last;

    private LogFilter(Predicate<String> wanted) {
        this.wanted = wanted;
    }

    /** Every line. */
    public static LogFilter all() {
        return new LogFilter(_ -> true);
    }

    /** Those written on behalf of a session, in either format, and those that name it. */
    public static LogFilter session(String id) {
        Pattern name = Pattern.compile("(?<![\\w-])" + Pattern.quote(id) + "(?![\\w-])");
        return new LogFilter(line -> name.matcher(line).find());
    }

    @Override
    public boolean test(String line) {
        if (RECORD.matcher(line).find()) {
            last = wanted.test(line);
        }
        return last;
    }
}
