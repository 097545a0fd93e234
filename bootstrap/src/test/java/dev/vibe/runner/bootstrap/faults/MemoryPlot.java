package dev.vibe.runner.bootstrap.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

/** Looks at the runner's resident memory every half second and draws it. */
final class MemoryPlot implements AutoCloseable {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 260;
    private static final int MARGIN = 40;
    private static final long FULL_SCALE_KB = 300_000;

    private record Point(double seconds, long kb) {}

    private record Mark(double seconds, String what) {}

    private final long begin = System.nanoTime();
    private final List<Point> points = new CopyOnWriteArrayList<>();
    private final List<Mark> marks = new CopyOnWriteArrayList<>();
    private final Thread looking;

    MemoryPlot(Subject runner) {
        looking = Thread.ofPlatform().daemon().name("memory-plot").start(() -> {
            try {
                while (true) {
                    Thread.sleep(Duration.ofMillis(500));
                    if (runner.running()) {
                        points.add(new Point(now(), runner.rssKb()));
                    }
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
    }

    void mark(String what) {
        marks.add(new Mark(now(), what));
    }

    long mostKb() {
        return points.stream().mapToLong(Point::kb).max().orElse(0);
    }

    private double now() {
        return (System.nanoTime() - begin) / 1e9;
    }

    void write(Path file) throws IOException {
        double last = now();
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
                        + " font-size=\"10\">%n<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>%n",
                WIDTH,
                HEIGHT));
        for (int mb = 0; mb <= FULL_SCALE_KB / 1_000; mb += 50) {
            double y = y(mb * 1_000L);
            svg.append(String.format(
                    Locale.ROOT,
                    "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/><text x=\"2\" y=\"%.1f\">%d MB</text>%n",
                    MARGIN,
                    WIDTH - 5,
                    y,
                    y,
                    y + 3,
                    mb));
        }
        for (Mark mark : marks) {
            double x = x(mark.seconds, last);
            svg.append(String.format(
                    Locale.ROOT,
                    "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"12\" y2=\"%d\" stroke=\"%s\"/><text transform=\"translate(%.1f,%d)"
                            + " rotate(-60)\" font-size=\"7\">%s</text>%n",
                    x,
                    x,
                    HEIGHT - 30,
                    mark.what.equals("kill") ? "#c33" : "#cce",
                    x,
                    HEIGHT - 4,
                    mark.what));
        }
        svg.append("<polyline fill=\"none\" stroke=\"#136\" points=\"");
        points.forEach(
                point -> svg.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(point.seconds, last), y(point.kb))));
        svg.append(
                String.format(Locale.ROOT, "\"/>%n<text x=\"%d\" y=\"10\">%.0f s</text>%n</svg>%n", WIDTH - 40, last));
        Files.writeString(file, svg.toString());
    }

    private static double x(double seconds, double last) {
        return MARGIN + (WIDTH - MARGIN - 5) * seconds / last;
    }

    private static double y(long kb) {
        return 15 + (HEIGHT - 45) * (1 - (double) kb / FULL_SCALE_KB);
    }

    @Override
    public void close() {
        looking.interrupt();
    }
}
