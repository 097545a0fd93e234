package dev.vibe.runner.adapter.journal;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a segment file's name says.
 *
 * @param lane the lane's number
 * @param begin the offset of its first byte in the lane
 * @param beside whether it was to take the place of the file that begins there
 */
record SegmentFile(String name, long lane, long begin, boolean beside) {
    /** Enough for names to sort as their numbers do. */
    private static final int LANE_DIGITS = 10;

    private static final Pattern NAME = Pattern.compile("(\\d{10,18})-(\\d{1,18})\\.segment(\\.new)?");

    /** Null where it is none. */
    static @Nullable SegmentFile of(String name) {
        Matcher parts = NAME.matcher(name);
        return parts.matches()
                ? new SegmentFile(
                        name, Long.parseLong(parts.group(1)), Long.parseLong(parts.group(2)), parts.group(3) != null)
                : null;
    }

    static String name(long lane, long begin) {
        String digits = Long.toString(lane);
        return "0".repeat(Math.max(0, LANE_DIGITS - digits.length())) + digits + "-" + begin + ".segment";
    }

    static String nameBeside(long lane, long begin) {
        return name(lane, begin) + ".new";
    }
}
