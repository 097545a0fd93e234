package dev.vibe.runner.adapter.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.vibe.runner.application.port.out.OutboxWeight;
import dev.vibe.runner.application.port.out.Spool;
import dev.vibe.runner.domain.Channel;
import dev.vibe.runner.domain.EndpointId;
import dev.vibe.runner.domain.OutputLine;
import dev.vibe.runner.domain.SessionEvent;
import dev.vibe.runner.domain.SessionId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A journal is read back in chunks, wherever in one a record lies. */
@Timeout(60)
class RecoveryTest {
    private static final EndpointId ENDPOINT = new EndpointId("e");
    private static final SessionId S1 = new SessionId("s1");
    private static final int HEADER = LaneHeader.fitting(0).length();
    private static final int CHUNK = 64 << 10;
    /** Kind and number. */
    private static final int FIXED = 9;

    private final Path state;

    RecoveryTest(@TempDir Path state) {
        this.state = state;
    }

    private DiskSpool open() throws IOException {
        return DiskSpool.open(state, ENDPOINT, 100_000_000);
    }

    private static SessionEvent.Output line(long seq, int length) {
        return new SessionEvent.Output(S1, ENDPOINT, seq, new OutputLine(Channel.STDOUT, "x".repeat(length)));
    }

    /** A line whose record is so long. */
    private static SessionEvent.Output record(long seq, int bytes) {
        return line(seq, bytes - Records.HEADER - FIXED);
    }

    private void left(List<SessionEvent> events) throws IOException {
        try (DiskSpool spool = open()) {
            spool.lane(S1).append(events);
        }
    }

    private void assertRecovered(List<SessionEvent> expected) throws IOException {
        try (DiskSpool spool = open()) {
            Spool.Leftover only = spool.leftovers().getFirst();
            assertEquals(expected.size(), only.events());
            assertEquals(expected.stream().mapToLong(OutboxWeight::of).sum(), only.weight());
            List<SessionEvent> read = new ArrayList<>();
            for (SessionEvent event = only.lane().next();
                    event != null;
                    event = only.lane().next()) {
                read.add(event);
            }
            assertEquals(expected, read);
            assertEquals(Spool.Lost.NOTHING, only.lane().lost());
        }
    }

    private Path file() throws IOException {
        try (Stream<Path> all = Files.walk(state)) {
            return all.filter(each -> each.toString().endsWith(".segment"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private void write(int at, byte... bytes) throws IOException {
        try (FileChannel file = FileChannel.open(file(), StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(bytes), HEADER + at);
        }
    }

    /** An outbox may be full of millions: two reads for each were twenty seconds in which the runner was not there. */
    @Test
    void shortLinesAreReadBackByTheThousand() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/thread-self/io")), "nobody counts a thread's reads");
        List<SessionEvent> events = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            events.add(line(i, 7));
        }
        left(events);
        open().close(); // its classes are loaded
        long before = reads();
        open().close();
        long reads = reads() - before;
        assertTrue(reads < 100, reads + " reads for 480 KB");
    }

    /** This thread's system calls. */
    private static long reads() throws IOException {
        for (String each : Files.readAllLines(Path.of("/proc/thread-self/io"))) {
            if (each.startsWith("syscr: ")) {
                return Long.parseLong(each.substring("syscr: ".length()));
            }
        }
        throw new IOException("no count of reads");
    }

    /** Where the first chunk ends: within the second record's header, its body, before it and behind it. */
    @ParameterizedTest
    @ValueSource(ints = {CHUNK - 9, CHUNK - 8, CHUNK - 1, CHUNK, CHUNK + 1, CHUNK + 8, 5 * CHUNK})
    void recordsComeBackWhereverAChunkEnds(int first) throws Exception {
        List<SessionEvent> events = List.of(record(0, first), record(1, 100), record(2, 2 * CHUNK), record(3, 17));
        left(events);
        assertRecovered(events);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void whatIsDamagedInAnyChunkIsCutThereAndNothingBeforeIt(long seed) throws Exception {
        Random random = new Random(seed);
        List<SessionEvent> events = new ArrayList<>();
        List<Integer> ends = new ArrayList<>();
        int end = 0;
        while (end < 900_000) {
            int bytes = 17 + random.nextInt(random.nextInt(50) == 0 ? 100_000 : 3_000);
            events.add(record(events.size(), bytes));
            end += bytes;
            ends.add(end);
        }
        left(events);
        byte[] whole = Files.readAllBytes(file());
        for (int round = 0; round < 20; round++) {
            int at = random.nextInt(ends.getFirst(), end);
            Files.write(file(), whole);
            write(at, (byte) ~whole[HEADER + at]);
            assertRecovered(events.subList(
                    0, (int) ends.stream().filter(each -> each <= at).count()));
        }
    }

    /** What is no length must neither be taken for one nor be given memory. */
    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE - 7, 8, 101, 256 << 20})
    void aLengthThatCannotBeEndsTheJournalThere(int length) throws Exception {
        left(List.of(record(0, 1_000), record(1, 1_000), record(2, 100)));
        write(2_000, ByteBuffer.allocate(4).putInt(length).array());
        assertRecovered(List.of(record(0, 1_000), record(1, 1_000)));
    }
}
