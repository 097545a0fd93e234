package dev.vibe.runner.adapter.journal;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.application.port.out.SavedSession;
import dev.vibe.runner.application.port.out.Spool;
import dev.vibe.runner.domain.AgentType;
import dev.vibe.runner.domain.Channel;
import dev.vibe.runner.domain.EndpointId;
import dev.vibe.runner.domain.OutputLine;
import dev.vibe.runner.domain.SessionEvent;
import dev.vibe.runner.domain.SessionId;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What of a lane lies on disk at each moment, and what the next process makes of it. */
class LaneFilesTest {
    private static final EndpointId ENDPOINT = new EndpointId("e");
    private static final SessionId S1 = new SessionId("s1");
    private static final int HEADER = LaneHeader.fitting(0).length();
    /** Of the magic, the room and their checksum. */
    private static final int FIXED = 16;
    /** Of a cursor's number, length, value and checksum. */
    private static final int CURSOR_SLOT = 16 + Cursor.BYTES;

    private final Path state;

    LaneFilesTest(@TempDir Path state) {
        this.state = state;
    }

    private DiskSpool open() throws IOException {
        return DiskSpool.open(state, ENDPOINT, 100_000_000);
    }

    private static SavedSession session(@Nullable String directory, @Nullable String conversation) {
        return new SavedSession(S1, AgentType.CLAUDE, directory, conversation, 0);
    }

    /** Without it a session has not begun, and is not remembered. */
    private static final SessionEvent STARTED = new SessionEvent.Started(S1, ENDPOINT, null);

    private static SessionEvent.Output line(long seq, int length) {
        return new SessionEvent.Output(S1, ENDPOINT, seq, new OutputLine(Channel.STDOUT, "x".repeat(length)));
    }

    private Path folder() throws IOException {
        try (Stream<Path> all = Files.list(state)) {
            return all.findFirst().orElseThrow();
        }
    }

    /** All lanes, the oldest first. */
    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(folder())) {
            return all.filter(each -> !each.endsWith("lock") && !each.endsWith("holder"))
                    .sorted(Comparator.comparingInt(
                                    (Path each) -> each.toString().length())
                            .thenComparing(Path::toString))
                    .toList();
        }
    }

    private Path file() throws IOException {
        assertEquals(1, files().size(), () -> "one file");
        return files().getFirst();
    }

    private static List<SessionEvent> drain(Spool.Lane lane) {
        List<SessionEvent> events = new ArrayList<>();
        for (SessionEvent event = lane.next(); event != null; event = lane.next()) {
            events.add(event);
        }
        return events;
    }

    private static Spool.Lane only(DiskSpool spool) {
        assertEquals(1, spool.leftovers().size());
        return spool.leftovers().getFirst().lane();
    }

    private static void flip(Path file, int at) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[at] ^= 1;
        Files.write(file, bytes);
    }

    private static void truncate(Path file, long size) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(size);
        }
    }

    @Test
    void aSessionIsOneFile() throws Exception {
        try (DiskSpool spool = open()) {
            for (int i = 1; i <= 3; i++) {
                SessionId id = new SessionId("s" + i);
                spool.save(new SavedSession(id, AgentType.CLAUDE, "/w", null, 0));
                Spool.Lane lane = spool.lane(id);
                lane.append(new SessionEvent.Started(id, ENDPOINT, null));
                assertEquals(1, drain(lane).size());
                lane.confirm(1);
                spool.save(new SavedSession(id, AgentType.CLAUDE, "/w", "conversation", 0));
                lane.append(new SessionEvent.Ended(id, ENDPOINT, "completed", 0));
                assertEquals(i, files().size());
            }
            assertEquals(
                    List.of("0000000001-0.segment", "0000000002-0.segment", "0000000003-0.segment"),
                    files().stream().map(each -> each.getFileName().toString()).toList());
        }
    }

    @Test
    void anAnswerForAnUnknownSessionMakesALaneThatIsGoneWhenItHasArrived() throws Exception {
        try (DiskSpool spool = open()) {
            Spool.Lane lane = spool.lane(S1);
            assertEquals(List.of(), files(), "nothing before there is something to keep");
            lane.append(new SessionEvent.Failed(S1, ENDPOINT, "no such session"));
            assertNotNull(file());
        }
        try (DiskSpool spool = open()) {
            assertEquals(1, drain(only(spool)).size());
            only(spool).confirm(1);
        }
        try (DiskSpool spool = open()) {
            assertEquals(List.of(), spool.leftovers());
            assertEquals(List.of(), files());
        }
    }

    @Test
    void anIdentityIsWrittenOverInPlace() throws Exception {
        try (DiskSpool spool = open()) {
            spool.save(session("/w", null));
            Object inode = Objects.requireNonNull(
                    Files.readAttributes(file(), BasicFileAttributes.class).fileKey());
            long size = Files.size(file());
            for (int i = 0; i < 9; i++) {
                spool.save(session("/w", "conversation " + i));
            }
            assertEquals(
                    inode,
                    Files.readAttributes(file(), BasicFileAttributes.class).fileKey());
            assertEquals(size, Files.size(file()));
            spool.lane(S1).append(STARTED);
        }
        try (DiskSpool spool = open()) {
            assertEquals(List.of(session("/w", "conversation 8")), spool.saved());
            spool.save(session("/w", "conversation 9"));
        }
        try (DiskSpool spool = open()) {
            assertEquals(List.of(session("/w", "conversation 9")), spool.saved());
        }
    }

    @Test
    void anIdentityTooLongForItsPlaceBeginsANewFile() throws Exception {
        String wide = "/w".repeat(1_000);
        String wider = "/w".repeat(10_000);
        try (DiskSpool spool = open()) {
            spool.save(session("/w", null));
            spool.save(session(wide, null)); // takes the place of an empty file
            assertNotNull(file());
            spool.lane(S1).append(line(0, 10));
            spool.save(session(wider, null)); // comes behind one that holds something
            spool.lane(S1).append(line(1, 10));
            assertEquals(2, files().size());
        }
        // As if it had been killed while it made the first of them.
        Files.write(folder().resolve("0000000001-0.segment.new"), new byte[100]);
        try (DiskSpool spool = open()) {
            assertEquals(List.of(new SavedSession(S1, AgentType.CLAUDE, wider, null, 2)), spool.saved());
            assertEquals(List.of(line(0, 10), line(1, 10)), drain(only(spool)));
            only(spool).confirm(2);
            assertNotNull(file(), "the older one is not needed any more");
        }
        try (DiskSpool spool = open()) {
            assertEquals(List.of(new SavedSession(S1, AgentType.CLAUDE, wider, null, 2)), spool.saved());
        }
    }

    @Test
    void aTornIdentityFallsBackToTheOneBefore() throws Exception {
        try (DiskSpool spool = open()) {
            spool.save(session("/w", "older"));
            spool.save(session("/w", "newer"));
            spool.lane(S1).append(STARTED);
        }
        Path file = file();
        flip(file, Files.readString(file, ISO_8859_1).indexOf("newer"));
        try (DiskSpool spool = open()) {
            assertEquals(List.of(session("/w", "older")), spool.saved());
            spool.save(session("/w", "newest")); // over the torn one
        }
        flip(file, Files.readString(file, ISO_8859_1).indexOf("older"));
        try (DiskSpool spool = open()) {
            assertEquals(List.of(session("/w", "newest")), spool.saved());
        }
    }

    @Test
    void aTornCursorFallsBackToTheOneBefore() throws Exception {
        try (DiskSpool spool = open()) {
            spool.save(session(null, null));
            Spool.Lane lane = spool.lane(S1);
            for (int i = 0; i < 5; i++) {
                lane.append(line(i, 10));
            }
            assertEquals(5, drain(lane).size());
            lane.confirm(1);
            lane.confirm(2);
        }
        byte[] whole = Files.readAllBytes(file());
        Set<Integer> left = new HashSet<>();
        for (int slot = 0; slot < 2; slot++) {
            Files.write(file(), whole);
            flip(file(), FIXED + slot * CURSOR_SLOT + 10);
            try (DiskSpool spool = open()) {
                List<SessionEvent> events = drain(only(spool));
                assertEquals(line(4, 10), events.getLast());
                left.add(events.size());
            }
        }
        assertEquals(Set.of(4, 2), left);
    }

    /**
     * Killed at any moment while it made the lane's first file, or cut there later, when the server had heard of the session: then it
     * waited for its end for ever.
     */
    @Test
    void aFileThatEndsInItsHeaderIsOfASessionWhereItSaysSoAndWithoutAnEventOfNone() throws Exception {
        try (DiskSpool spool = open()) {
            spool.save(session("/w", "conversation"));
        }
        Path file = file();
        byte[] whole = Files.readAllBytes(file);
        int told = 0;
        for (int size = 0;
                size <= whole.length;
                size = size == whole.length ? size + 1 : Math.min(size + (size < 200 ? 1 : 61), whole.length)) {
            Files.write(file, Arrays.copyOf(whole, size));
            try (DiskSpool spool = open()) {
                boolean tells = !spool.saved().isEmpty();
                told += tells ? 1 : 0;
                assertTrue(tells || told == 0 || size == whole.length, "more bytes tell no less: " + size);
                assertEquals(tells ? List.of(session("/w", "conversation")) : List.of(), spool.saved());
                assertEquals(tells ? 1 : 0, files().size());
                spool.lane(S1).append(line(0, 10));
            }
            try (DiskSpool spool = open()) {
                assertEquals(List.of(line(0, 10)), drain(only(spool)));
                only(spool).confirm(1);
                only(spool).remove();
            }
        }
        assertTrue(told > 1, () -> "none of " + whole.length + " bytes");
    }

    @Test
    void aDamagedFileIsLeftAsideNamedAndItsNumberNotUsedAgain() throws Exception {
        try (DiskSpool spool = open()) {
            spool.save(session("/w", null));
            spool.lane(S1).append(line(0, 10));
        }
        Path file = file();
        byte[] whole = Files.readAllBytes(file);
        for (int part : new int[] {0, 9, 13, -1}) {
            Files.write(file, whole);
            if (part < 0) {
                flip(file, Files.readString(file, ISO_8859_1).indexOf(AgentType.CLAUDE.name()));
            } else {
                flip(file, part);
            }
            byte[] damaged = Files.readAllBytes(file);
            List<LogRecord> said = new ArrayList<>();
            try (DiskSpool spool = logging(said)) {
                assertEquals(List.of(), spool.leftovers());
                spool.save(session("/w", null));
                Path second = files().getLast();
                assertTrue(second.endsWith("0000000002-0.segment"), second.toString());
                spool.lane(S1).remove();
            }
            assertEquals(1, said.size());
            assertEquals(Level.SEVERE, said.getFirst().getLevel());
            assertTrue(said.getFirst().getMessage().contains("0000000001-0.segment"), said.getFirst()::getMessage);
            assertEquals(file, file());
            assertTrue(Arrays.equals(damaged, Files.readAllBytes(file)));
        }
    }

    /** Opens, and collects what is said of it as a warning or worse. */
    private DiskSpool logging(List<LogRecord> said) throws IOException {
        Logger logger = Logger.getLogger(DiskSpool.class.getName());
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord one) {
                if (one.getLevel().intValue() >= Level.WARNING.intValue()) {
                    said.add(one);
                }
            }

            @Override
            public void flush() {
                // Nothing is held back.
            }

            @Override
            public void close() {
                // Nothing to close.
            }
        };
        logger.addHandler(handler);
        try {
            return open();
        } finally {
            logger.removeHandler(handler);
        }
    }

    @Test
    void whatAnEarlierVersionLeftIsSaidOnceAndLeftAlone() throws Exception {
        open().close();
        for (String old : List.of("0000000001", "0000000002")) {
            Path lane = Files.createDirectory(folder().resolve(old));
            Files.writeString(lane.resolve("identity"), "of an earlier version");
            Files.writeString(lane.resolve("0.segment"), "too");
        }
        List<LogRecord> said = new ArrayList<>();
        try (DiskSpool spool = logging(said)) {
            assertEquals(List.of(), spool.leftovers());
            spool.save(session("/w", null));
            spool.lane(S1).append(STARTED);
        }
        assertEquals(1, said.size());
        assertEquals(Level.WARNING, said.getFirst().getLevel());
        String message = said.getFirst().getMessage();
        assertTrue(message.contains("2 folders") && message.contains("earlier version"), message);
        assertTrue(Files.exists(folder().resolve("0000000002").resolve("identity")));
        try (DiskSpool spool = open()) {
            assertEquals(List.of(session("/w", null)), spool.saved());
        }
    }

    /** Two files: what is confirmed stands in the newer one, the older one's header is out of date. */
    @Test
    void aKillBetweenANewFileAndTheEndOfTheOldOneLosesAndRepeatsNothing() throws Exception {
        Path aside = state.resolveSibling(state.getFileName() + "-aside");
        Files.createDirectory(aside);
        try (DiskSpool spool = open()) {
            spool.save(session("/w", "older"));
            Spool.Lane lane = spool.lane(S1);
            lane.append(line(0, 600_000));
            assertEquals(1, drain(lane).size());
            Files.copy(file(), aside.resolve("old"));
            lane.append(line(1, 600_000));
            assertEquals(2, files().size());
            spool.save(session("/w", "newer"));
            assertEquals(1, drain(lane).size());
            lane.confirm(1); // now the old one is gone
        }
        Path newer = file();
        Path older = newer.resolveSibling("0000000001-0.segment");
        Files.copy(newer, aside.resolve("new"));

        Files.copy(aside.resolve("old"), older);
        assertRecovered(List.of(line(1, 600_000)), "newer", 2);
        assertEquals(List.of(newer, older), files().reversed(), "it goes with the next confirmation");

        Files.copy(aside.resolve("old"), older, StandardCopyOption.REPLACE_EXISTING);
        truncate(newer, 50); // killed while the header was written: nothing is in it
        assertRecovered(List.of(line(0, 600_000)), "older", 1);
        assertEquals(older, file());

        Files.copy(aside.resolve("new"), newer);
        truncate(newer, HEADER); // killed before the record was written; the older one was there and confirmed
        assertRecovered(List.of(), "newer", 1);

        Files.delete(older);
        assertRecovered(List.of(), "newer", 1);

        Files.copy(aside.resolve("new"), newer, StandardCopyOption.REPLACE_EXISTING);
        assertRecovered(List.of(line(1, 600_000)), "newer", 2);
    }

    private void assertRecovered(List<SessionEvent> events, String conversation, int nextSeq) throws IOException {
        try (DiskSpool spool = open()) {
            assertEquals(events, drain(only(spool)));
            assertEquals(List.of(new SavedSession(S1, AgentType.CLAUDE, "/w", conversation, nextSeq)), spool.saved());
        }
    }

    @Test
    void whatIsConfirmedIsGivenBackWithoutANewFile() throws Exception {
        try (DiskSpool spool = open()) {
            spool.save(session("/w", "older"));
            Spool.Lane lane = spool.lane(S1);
            lane.append(line(0, 100_000));
            assertEquals(1, drain(lane).size());
            lane.confirm(1);
            assertEquals(HEADER, Files.size(file()));
            spool.save(session("/w", "newer"));
        }
        assertRecovered(List.of(), "newer", 1);
        byte[] hollow = Files.readAllBytes(file());
        for (int slot = 0; slot < 2; slot++) {
            Files.write(file(), hollow);
            flip(file(), FIXED + slot * CURSOR_SLOT + 10);
            try (DiskSpool spool = open()) {
                only(spool).append(line(1, 10));
            }
            assertRecovered(List.of(line(1, 10)), "newer", 2);
            try (DiskSpool spool = open()) {
                Spool.Lane lane = only(spool);
                lane.append(line(2, 10));
                assertEquals(List.of(line(1, 10), line(2, 10)), drain(lane));
                lane.confirm(1);
            }
            assertRecovered(List.of(line(2, 10)), "newer", 3);
            assertNotNull(file());
        }
    }

    /** The newest header is in a file that goes: what it says must not go with it. */
    @Test
    void whatIsCutInAnOlderFileKeepsIdentityAndCursor() throws Exception {
        try (DiskSpool spool = open()) {
            spool.save(session("/w", "older"));
            Spool.Lane lane = spool.lane(S1);
            for (int i = 0; i < 4; i++) {
                lane.append(line(i, 300_000));
            }
            assertEquals(2, files().size());
            spool.save(session("/w", "newer"));
            assertNotNull(lane.next());
            lane.confirm(1);
        }
        flip(files().getFirst(), HEADER + 700_000); // in line 2
        assertRecovered(List.of(line(1, 300_000)), "newer", 2);
        assertRecovered(List.of(line(1, 300_000)), "newer", 2);
        try (DiskSpool spool = open()) {
            Spool.Lane lane = only(spool);
            lane.append(line(2, 10));
            assertEquals(List.of(line(1, 300_000), line(2, 10)), drain(lane));
            lane.confirm(2);
            assertNotNull(file());
        }
        assertRecovered(List.of(), "newer", 3);
    }

    @Test
    void aRecordThatGoesBadUnderTheRunnerLeavesTheSessionItsName() throws Exception {
        try (DiskSpool spool = open()) {
            spool.save(session("/w", "conversation"));
            Spool.Lane lane = spool.lane(S1);
            lane.append(STARTED);
            assertEquals(List.of(STARTED), drain(lane));
            lane.confirm(1);
            long begun = Files.size(file());
            for (int i = 0; i < 10; i++) {
                lane.append(line(i, 50_000));
            }
            flip(file(), (int) begun + 100); // the first that is not confirmed
            lane.rewind();
            assertEquals(List.of(), drain(lane));
            assertNotEquals(Spool.Lost.NOTHING, lane.lost());
            assertEquals(begun, Files.size(file()));
        }
        try (DiskSpool spool = open()) {
            assertEquals(List.of(session("/w", "conversation")), spool.saved());
            assertFalse(spool.leftovers().isEmpty());
        }
    }
}
