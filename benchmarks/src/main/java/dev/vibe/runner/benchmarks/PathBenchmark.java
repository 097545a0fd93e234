package dev.vibe.runner.benchmarks;

import dev.vibe.runner.adapter.journal.DiskSpool;
import dev.vibe.runner.application.FairOutbox;
import dev.vibe.runner.application.MemorySpool;
import dev.vibe.runner.application.OutboxLimits;
import dev.vibe.runner.application.port.out.Outbox;
import dev.vibe.runner.application.port.out.Spool;
import dev.vibe.runner.domain.Channel;
import dev.vibe.runner.domain.OutputLine;
import dev.vibe.runner.domain.SessionEvent;
import dev.vibe.runner.protocol.CommandDecoder;
import dev.vibe.runner.protocol.Envelope;
import dev.vibe.runner.protocol.EventEncoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The parts of a line's way behind the framing, a line of 2 KB each; and a command's. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PathBenchmark {
    private static final int LINES = 32;
    private static final int MAX_PAYLOAD = 1_000_000;
    private static final long CAPACITY = 100_000_000;
    private static final Envelope ENVELOPE = new Envelope("42[\"", "\",", "]");
    private static final String COMMAND =
            "{\"sessionId\":\"11111111-2222-4333-8444-555555555555\",\"message\":\"hello\"}";

    private final List<SessionEvent> events = Lines.events(LINES);
    private final SessionEvent plain = new SessionEvent.Output(
            Lines.SESSION, Lines.ENDPOINT, 1, new OutputLine(Channel.STDERR, "plain text\t".repeat(180)));
    private final EventEncoder encoder = new EventEncoder("cloud-e2b", "token");
    private final CommandDecoder decoder = new CommandDecoder();
    private final Outbox outbox = new FairOutbox(new MemorySpool(CAPACITY), OutboxLimits.DEFAULT);
    private Path directory;
    private DiskSpool spool;
    private Spool.Lane lane;

    /** Opens a journal. */
    @Setup
    public void open() throws IOException {
        directory = Files.createTempDirectory("vibe-benchmark");
        spool = DiskSpool.open(directory, Lines.ENDPOINT, CAPACITY);
        lane = spool.lane(Lines.SESSION);
    }

    /** Removes it. */
    @TearDown
    public void close() throws IOException {
        lane.remove();
        spool.close();
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** JSON: checked, copied into its frame. */
    @Benchmark
    public byte[] frameJson() {
        return encoder.frame(events.getFirst(), MAX_PAYLOAD, ENVELOPE);
    }

    /** Plain text: quoted. */
    @Benchmark
    public byte[] frameText() {
        return encoder.frame(plain, MAX_PAYLOAD, ENVELOPE);
    }

    /** A message for an agent. */
    @Benchmark
    public Object decode() {
        return decoder.decode("message:send", COMMAND);
    }

    /** Written, read while still in memory, forgotten: together, as a flood comes. */
    @Benchmark
    @OperationsPerInvocation(LINES)
    public void journalTogether() {
        lane.append(events);
        take(LINES);
    }

    /** The same one by one. */
    @Benchmark
    public void journalAlone() {
        lane.append(events.getFirst());
        take(1);
    }

    /** The same, read back from disk as after a cut. */
    @Benchmark
    @OperationsPerInvocation(LINES)
    public void journalFromDisk() {
        lane.append(events);
        lane.rewind();
        take(LINES);
    }

    private void take(int count) {
        for (int i = 0; i < count; i++) {
            if (lane.next() == null) {
                throw new IllegalStateException("the journal has lost an event");
            }
        }
        lane.confirm(count);
    }

    /** What the courier does to the outbox, without a disk and a link. */
    @Benchmark
    @OperationsPerInvocation(LINES)
    public void courier() throws InterruptedException {
        outbox.add(Lines.SESSION, events);
        long last = 0;
        for (int i = 0; i < LINES; i++) {
            Outbox.Parcel parcel = outbox.poll();
            if (parcel == null) {
                throw new IllegalStateException("the outbox has lost an event");
            }
            last = parcel.ordinal();
        }
        outbox.confirm(last);
    }
}
