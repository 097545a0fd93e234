package dev.vibe.runner.bootstrap;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds what a mistyped name was meant to be. */
public final class NearestName {
    /** A letter in so many may be wrong. */
    private static final int SHARE = 3;

    private NearestName() {}

    /** The known name that differs least, where it does not differ too much to be meant; one that only goes on is near. */
    public static Optional<String> of(String word, Collection<String> known) {
        int most = Math.max(1, word.length() / SHARE);
        return known.stream()
                .filter(name -> name.startsWith(word) || Math.abs(name.length() - word.length()) <= most)
                .filter(name -> distance(word, name) <= most)
                .min(Comparator.comparingInt(name -> distance(word, name)));
    }

    private static int distance(String word, String name) {
        boolean begun = word.length() > SHARE && name.startsWith(word);
        return begun ? 1 : edits(word, name);
    }

    /** Letters to change, to add, to leave out, or to swap with the next (optimal string alignment). */
    private static int edits(String from, String to) {
        int[][] edits = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                if (i == 0 || j == 0) {
                    edits[i][j] = i + j;
                    continue;
                }
                int change = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
                int least = Math.min(edits[i - 1][j - 1] + change, Math.min(edits[i - 1][j], edits[i][j - 1]) + 1);
                boolean swapped = i > 1
                        && j > 1
                        && from.charAt(i - 1) == to.charAt(j - 2)
                        && from.charAt(i - 2) == to.charAt(j - 1);
                edits[i][j] = swapped ? Math.min(least, edits[i - 2][j - 2] + 1) : least;
            }
        }
        return edits[from.length()][to.length()];
    }
}
