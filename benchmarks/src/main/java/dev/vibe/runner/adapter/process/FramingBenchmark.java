package dev.vibe.runner.adapter.process;

import dev.vibe.runner.benchmarks.Lines;
import dev.vibe.runner.domain.Channel;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** A read of a pipe, cut into lines of 2 KB. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FramingBenchmark {
    private static final int LINES = 32;
    private static final int MAX_LINE = 1_000_000;

    private final byte[] ascii = Lines.chunk(LINES, 'x');
    private final byte[] umlauts = Lines.chunk(LINES, 'ü');

    /** All ASCII, as most lines are. */
    @Benchmark
    @OperationsPerInvocation(LINES)
    public void ascii(Blackhole sink) {
        frame(ascii, sink);
    }

    /** Characters of two bytes, which have to be checked as UTF-8. */
    @Benchmark
    @OperationsPerInvocation(LINES)
    public void umlauts(Blackhole sink) {
        frame(umlauts, sink);
    }

    private static void frame(byte[] chunk, Blackhole sink) {
        LineFramer framer = new LineFramer(Channel.STDOUT, () -> MAX_LINE, sink::consume, LineBudget.SHARED);
        for (int at = 0; at < chunk.length; ) {
            at = framer.accept(chunk, at, chunk.length);
        }
    }
}
