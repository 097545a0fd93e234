package dev.vibe.runner.adapter.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.vibe.runner.application.FairOutbox;
import dev.vibe.runner.application.OutboxLimits;
import dev.vibe.runner.application.port.out.Outbox;
import dev.vibe.runner.application.port.out.OutboxWeight;
import dev.vibe.runner.application.port.out.SavedSession;
import dev.vibe.runner.application.port.out.Spool;
import dev.vibe.runner.domain.AgentType;
import dev.vibe.runner.domain.Channel;
import dev.vibe.runner.domain.EndpointId;
import dev.vibe.runner.domain.OutputLine;
import dev.vibe.runner.domain.SessionEvent;
import dev.vibe.runner.domain.SessionId;
import dev.vibe.runner.domain.StopCause;
import dev.vibe.runner.domain.UserMessage;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DiskSpoolTest {
    private static final EndpointId ENDPOINT = new EndpointId("../e2b");
    private static final SessionId S1 = new SessionId("../../s1\n");
    /** Of {@link #lines}, on disk, about. */
    private static final int RECORD = 10_000 + Records.HEADER + 10;

    /** What comes before the first record in a file. */
    private static final int HEADER = LaneHeader.fitting(0).length();

    private final Path state;

    DiskSpoolTest(@TempDir Path state) {
        this.state = state;
    }

    private DiskSpool open() throws IOException {
        return DiskSpool.open(state, ENDPOINT, 1_000_000);
    }

    private static SessionEvent.Output line(long seq, String text) {
        return new SessionEvent.Output(S1, ENDPOINT, seq, new OutputLine(Channel.STDOUT, text));
    }

    private List<Path> files(String suffix) throws IOException {
        try (Stream<Path> all = Files.walk(state)) {
            return all.filter(each -> each.toString().endsWith(suffix)).toList();
        }
    }

    private static long begin(Path segment) {
        return Objects.requireNonNull(SegmentFile.of(String.valueOf(segment.getFileName())))
                .begin();
    }

    /** The only leftover of a fresh process. */
    private static Spool.Leftover only(DiskSpool spool) {
        assertEquals(1, spool.leftovers().size());
        return spool.leftovers().getFirst();
    }

    private static List<SessionEvent> drain(Spool.Lane lane) {
        List<SessionEvent> events = new ArrayList<>();
        for (SessionEvent event = lane.next(); event != null; event = lane.next()) {
            events.add(event);
        }
        return events;
    }

    @Test
    void everyKindOfEventComesBackAfterACrash() throws Exception {
        List<SessionEvent> events = List.of(
                new SessionEvent.Started(S1, ENDPOINT, "conversation"),
                line(0, "zero \uD83D\uDE00 \u0000"),
                new SessionEvent.Output(S1, ENDPOINT, 1, new OutputLine(Channel.STDERR, "")),
                new SessionEvent.Notice(S1, ENDPOINT, 2, "code", "two\nlines"),
                new SessionEvent.Started(S1, ENDPOINT, null),
                new SessionEvent.Ended(S1, ENDPOINT, "stopped", null),
                new SessionEvent.Ended(S1, ENDPOINT, "stopped", 143),
                new SessionEvent.Failed(S1, ENDPOINT, "why"));
        try (DiskSpool spool = open()) {
            Spool.Lane lane = spool.lane(S1);
            events.forEach(lane::append);
        }
        try (DiskSpool spool = open()) {
            assertEquals(S1, only(spool).session());
            assertEquals(events.size(), only(spool).events());
            assertEquals(events, drain(only(spool).lane()));
        }
    }

    @Test
    void whatIsConfirmedIsForgottenAndTheRestIsReadAgain() throws Exception {
        try (DiskSpool spool = open()) {
            Spool.Lane lane = spool.lane(S1);
            for (int i = 0; i < 10; i++) {
                lane.append(line(i, "line " + i));
            }
            assertEquals(10, drain(lane).size());
            lane.confirm(4);
            lane.rewind();
            assertEquals(line(4, "line 4"), lane.next());
        }
        try (DiskSpool spool = open()) {
            assertEquals(6, only(spool).events());
            assertEquals(line(4, "line 4"), only(spool).lane().next());
        }
    }

    @Test
    void aLaneIsRemovedWithItsFiles() throws Exception {
        try (DiskSpool spool = open()) {
            Spool.Lane lane = spool.lane(S1);
            lane.append(new SessionEvent.Failed(S1, ENDPOINT, "x"));
            assertNotNull(lane.next());
            lane.confirm(1);
            lane.remove();
            assertEquals(List.of(), files(".segment"));
        }
        try (DiskSpool spool = open()) {
            assertEquals(List.of(), spool.leftovers());
        }
    }

    @Test
    void memoryAndDiskStayFlatWhileEventsPassThrough() throws Exception {
        try (DiskSpool spool = open()) {
            Spool.Lane lane = spool.lane(S1);
            List<WeakReference<SessionEvent>> passed = new ArrayList<>();
            for (int i = 0; i < 20_000; i++) {
                SessionEvent event = line(i, "x".repeat(500));
                lane.append(event);
                assertNotNull(lane.next());
                lane.confirm(1);
                if (i % 1_000 == 0) {
                    passed.add(new WeakReference<>(event));
                }
            }
            while (passed.stream().anyMatch(each -> each.get() != null)) {
                System.gc(); // until memory holds none of them
            }
            long held = 0;
            for (Path segment : files(".segment")) {
                held += Files.size(segment);
            }
            assertTrue(held < 2_000_000, held + " bytes are held");
        }
    }

    /** Where nobody reads: the rest is on disk alone. */
    @Test
    void memoryHoldsTheOldestThatIsUnreadAndNoMore() throws Exception {
        try (DiskSpool spool = open()) {
            Spool.Lane lane = spool.lane(S1);
            List<WeakReference<SessionEvent>> unread = new ArrayList<>();
            for (int i = 0; i < 5_000; i++) {
                SessionEvent event = line(i, "x".repeat(500));
                lane.append(event);
                unread.add(new WeakReference<>(event));
            }
            int fit = (128 << 10) / (500 + 17);
            while (unread.stream().skip(fit).limit(1_000).anyMatch(each -> each.get() != null)) {
                System.gc(); // until it holds no more than that
            }
            assertTrue(unread.stream().limit(fit).allMatch(each -> each.get() != null));
            assertEquals(5_000, drain(lane).size());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 8, 12, 20, 28, 33})
    void aTornTailIsCutAndNeverSent(int cutBytes) throws Exception {
        try (DiskSpool spool = open()) {
            Spool.Lane lane = spool.lane(S1);
            lane.append(line(0, "whole"));
            lane.append(line(1, "torn by the crash"));
        }
        Path segment = files(".segment").getFirst();
        try (FileChannel file = FileChannel.open(segment, StandardOpenOption.WRITE)) {
            file.truncate(file.size() - cutBytes);
        }
        try (DiskSpool spool = open()) {
            assertEquals(1, only(spool).events());
            Spool.Lane lane = only(spool).lane();
            lane.append(line(1, "said anew"));
            assertEquals(List.of(line(0, "whole"), line(1, "said anew")), drain(lane));
        }
    }

    @Test
    void aDamagedRecordIsNeverSentAndWhatIsBeforeItIs() throws Exception {
        Random random = new Random(11);
        for (int round = 0; round < 50; round++) {
            Path folder = Files.createDirectory(state.resolve("round" + round));
            List<Long> ends = new ArrayList<>(); // of the records, in the file
            try (DiskSpool spool = DiskSpool.open(folder, ENDPOINT, 1_000_000)) {
                for (int i = 0; i < 20; i++) {
                    spool.lane(S1).append(line(i, "line " + i));
                    ends.add(Files.size(segment(folder)));
                }
            }
            Path segment = segment(folder);
            byte[] bytes = Files.readAllBytes(segment);
            int at = random.nextInt(HEADER, bytes.length);
            bytes[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(segment, bytes);
            List<SessionEvent> whole = new ArrayList<>();
            for (int i = 0; ends.get(i) <= at; i++) {
                whole.add(line(i, "line " + i));
            }
            try (DiskSpool spool = DiskSpool.open(folder, ENDPOINT, 1_000_000)) {
                // With the first its file is empty: nothing of the session is known then.
                assertEquals(whole.isEmpty() ? 0 : 1, spool.leftovers().size());
                assertEquals(
                        whole, whole.isEmpty() ? List.of() : drain(only(spool).lane()));
            }
        }
    }

    /** Whatever bit of it is wrong, the file gives all, or is left aside. */
    @Test
    void aDamagedHeaderSpoilsNoRecord() throws Exception {
        List<SessionEvent> all = new ArrayList<>();
        try (DiskSpool spool = open()) {
            for (int i = 0; i < 20; i++) {
                all.add(line(i, "line " + i));
            }
            spool.lane(S1).append(all);
        }
        Path segment = files(".segment").getFirst();
        byte[] whole = Files.readAllBytes(segment);
        int damaged = 0;
        int readable = 0;
        for (int at = 0; at < HEADER; at += at < 150 ? 1 : 61) { // behind that, an identity's room
            damaged++;
            byte[] bytes = whole.clone();
            bytes[at] ^= (byte) (1 << at % 8);
            Files.write(segment, bytes);
            try (DiskSpool spool = open()) {
                for (Spool.Leftover left : spool.leftovers()) {
                    assertEquals(all, drain(left.lane()));
                    readable++;
                }
                assertTrue(Files.exists(segment));
            }
        }
        assertTrue(readable > damaged / 2, readable + " of " + damaged);
    }

    private static Path segment(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(each -> each.toString().endsWith(".segment"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** A record that goes bad while the runner runs. */
    @Test
    void whatCannotBeReadIsLostOnceAndWhatIsSaidLaterIsNot() throws Exception {
        try (DiskSpool spool = open()) {
            Spool.Lane lane = spool.lane(S1);
            List<SessionEvent> all = lines(0, 60);
            lane.append(all);
            assertEquals(all.getFirst(), lane.next());
            damage(files(".segment").getFirst(), 20 * RECORD + 100);
            assertEquals(all.subList(1, 20), drain(lane));
            assertEquals(new Spool.Lost(40, weight(all.subList(20, 60))), lane.lost());
            lane.append(line(60, "later"));
            assertEquals(List.of(line(60, "later")), drain(lane));
            for (int reconnection = 0; reconnection < 3; reconnection++) {
                lane.rewind();
                assertEquals(all.subList(0, 20), drain(lane, 20));
                assertEquals(List.of(line(60, "later")), drain(lane));
            }
            assertEquals(Spool.Lost.NOTHING, lane.lost());
            lane.confirm(21);
            lane.append(line(61, "on disk again"));
        }
        try (DiskSpool spool = open()) {
            assertEquals(List.of(line(61, "on disk again")), drain(only(spool).lane()));
        }
    }

    @Test
    void theCountsAreRightAfterALossAndTheEndOfTheSessionArrives() throws Exception {
        try (DiskSpool spool = open()) {
            FairOutbox outbox = new FairOutbox(spool, new OutboxLimits(1_000_000, 1_000_000));
            outbox.add(S1, lines(0, 60));
            outbox.append(new SessionEvent.Ended(S1, ENDPOINT, "completed", 0));
            assertNotNull(outbox.poll());
            damage(files(".segment").getFirst(), 5 * RECORD + 100);
            outbox.rewind();
            List<SessionEvent> sent = new ArrayList<>();
            long last = 0;
            for (Outbox.Parcel next = outbox.poll(); next != null; next = outbox.poll()) {
                sent.add(next.event());
                last = next.ordinal();
            }
            assertEquals(lines(0, 5), sent.subList(0, 5));
            assertEquals(List.of(new SessionEvent.Ended(S1, ENDPOINT, "completed", 0)), sent.subList(5, sent.size()));
            outbox.confirm(last);
            assertEquals(0, outbox.size());
            assertEquals(0, outbox.weight());
            assertFalse(outbox.holds(S1));
            assertEquals(List.of(), files(".segment"), "the lane is removed");
        }
    }

    @Test
    void soTheyAreWhereTheEndIsAllThatCannotBeRead() throws Exception {
        try (DiskSpool spool = open()) {
            SessionEvent end = new SessionEvent.Ended(S1, ENDPOINT, "completed", 0);
            FairOutbox outbox = new FairOutbox(spool, new OutboxLimits(1_000_000, 1_000_000));
            outbox.add(S1, lines(0, 5));
            outbox.append(end);
            Outbox.Parcel parcel = outbox.poll();
            for (int i = 0; i < 4; i++) {
                parcel = outbox.poll();
            }
            outbox.confirm(Objects.requireNonNull(parcel).ordinal());
            assertEquals(end, Objects.requireNonNull(outbox.poll()).event());
            damage(files(".segment").getFirst(), 5 * RECORD + 20);
            outbox.rewind();
            Outbox.Parcel again = Objects.requireNonNull(outbox.poll());
            assertEquals(end, again.event());
            assertNull(outbox.poll());
            outbox.confirm(again.ordinal());
            assertEquals(0, outbox.size());
            assertEquals(0, outbox.weight());
            assertFalse(outbox.holds(S1));
            assertEquals(List.of(), files(".segment"), "the lane is removed");
        }
    }

    @Test
    void aJournalThatWasTakenAwayLosesWhatWasInItAndNothingElse() throws Exception {
        try (DiskSpool spool = open()) {
            Spool.Lane lane = spool.lane(S1);
            lane.append(lines(0, 60));
            lane.append(lines(60, 60)); // in a second segment
            assertEquals(lines(0, 30), drain(lane, 30));
            for (Path segment : files(".segment")) {
                Files.delete(segment);
            }
            List<SessionEvent> rest = drain(lane); // of the file that is open
            assertEquals(lines(30, rest.size()), rest);
            int read = 30 + rest.size();
            assertEquals(120 - read, lane.lost().events());
            lane.append(line(120, "later"));
            lane.rewind();
            lane.append(line(121, "and later"));
            assertEquals(List.of(), drain(lane));
            assertEquals(read, lane.lost().events());
            assertEquals(List.of(line(120, "later"), line(121, "and later")), drain(lane));
            lane.confirm(2);
            lane.append(line(122, "on disk again"));
        }
        try (DiskSpool spool = open()) {
            assertEquals(List.of(line(122, "on disk again")), drain(only(spool).lane()));
        }
    }

    /** Lines of which many are more than is handed over in memory. */
    private static List<SessionEvent> lines(int from, int count) {
        List<SessionEvent> lines = new ArrayList<>();
        for (int i = from; i < from + count; i++) {
            lines.add(line(i, String.format("%05d", i) + "x".repeat(9_995)));
        }
        return lines;
    }

    private static long weight(List<SessionEvent> events) {
        return events.stream().mapToLong(OutboxWeight::of).sum();
    }

    private static void damage(Path segment, long at) throws IOException {
        try (FileChannel file = FileChannel.open(segment, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), HEADER + at);
        }
    }

    private static List<SessionEvent> drain(Spool.Lane lane, int count) {
        List<SessionEvent> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            events.add(Objects.requireNonNull(lane.next()));
        }
        return events;
    }

    @Test
    void sessionsThatRanAreRememberedWithTheNumberOfTheirNextOutput() throws Exception {
        SavedSession session = new SavedSession(S1, AgentType.CLAUDE, "/w", "conversation", 0);
        try (DiskSpool spool = open()) {
            spool.save(new SavedSession(S1, AgentType.CLAUDE, "/w", null, 0));
            Spool.Lane lane = spool.lane(S1);
            lane.append(new SessionEvent.Started(S1, ENDPOINT, "conversation"));
            for (int i = 0; i < 3; i++) {
                lane.append(line(i, "line"));
            }
            spool.save(session);
            assertEquals(4, drain(lane).size());
            lane.confirm(4);
        }
        try (DiskSpool spool = open()) {
            assertEquals(List.of(new SavedSession(S1, AgentType.CLAUDE, "/w", "conversation", 3)), spool.saved());
            assertEquals(0, only(spool).events());
        }
    }

    @Test
    void aSessionThatIsBeingEndedIsRememberedAsSuch() throws Exception {
        for (StopCause cause : List.of(new StopCause.Requested(), new StopCause.Violation("it ran too long"))) {
            SavedSession session = new SavedSession(S1, AgentType.CLAUDE, "/w", "conversation", 0).ending(cause);
            try (DiskSpool spool = open()) {
                spool.save(new SavedSession(S1, AgentType.CLAUDE, "/w", "conversation", 0));
                spool.lane(S1).append(new SessionEvent.Started(S1, ENDPOINT, "conversation"));
                spool.save(session);
            }
            try (DiskSpool spool = open()) {
                assertEquals(List.of(session), spool.saved());
                spool.lane(S1).remove();
            }
        }
    }

    @Test
    void whatASessionBeginsWithIsRememberedUntilItIsSaid() throws Exception {
        SavedSession said = new SavedSession(S1, AgentType.CLAUDE, "/w", "conversation", 0)
                .set(List.of("{\"mode\":\"plan\"}", "two"));
        for (UserMessage message : List.of(
                new UserMessage.Text("words"),
                new UserMessage.Text("\u20AC".repeat(100_000)),
                new UserMessage.Structured("{\"text\":\"words\"}"))) {
            try (DiskSpool spool = open()) {
                spool.save(said.unsaid(message));
                spool.lane(S1).append(new SessionEvent.Started(S1, ENDPOINT, "conversation"));
            }
            try (DiskSpool spool = open()) {
                assertEquals(List.of(said.unsaid(message)), spool.saved());
                spool.save(said);
            }
            try (DiskSpool spool = open()) {
                assertEquals(List.of(said), spool.saved());
                only(spool).lane().remove();
            }
        }
    }

    /** The server has not heard of it, and says its start again, with a first message that is nowhere else. */
    @Test
    void aSessionThatHasNotSaidThatItBeganIsForgotten() throws Exception {
        try (DiskSpool spool = open()) {
            spool.save(new SavedSession(S1, AgentType.CLAUDE, "/w", null, 0));
        }
        try (DiskSpool spool = open()) {
            assertEquals(List.of(), spool.saved());
            assertEquals(List.of(), spool.leftovers());
            spool.save(new SavedSession(S1, AgentType.CLAUDE, "/w", "second", 0));
            spool.lane(S1).append(new SessionEvent.Started(S1, ENDPOINT, "second"));
        }
        try (DiskSpool spool = open()) {
            assertEquals(List.of(new SavedSession(S1, AgentType.CLAUDE, "/w", "second", 0)), spool.saved());
            assertEquals(1, only(spool).events());
        }
    }

    /** It may have been sent before it was damaged: then the server knows the session, and waits for its end. */
    @Test
    void aSessionWhoseFirstWordIsDamagedIsRemembered() throws Exception {
        SavedSession session = new SavedSession(S1, AgentType.CLAUDE, "/w", null, 0);
        try (DiskSpool spool = open()) {
            spool.save(session);
            spool.lane(S1).append(new SessionEvent.Started(S1, ENDPOINT, "conversation"));
        }
        Path segment = files(".segment").getFirst();
        byte[] bytes = Files.readAllBytes(segment);
        bytes[bytes.length - 1] ^= 1;
        Files.write(segment, bytes);
        try (DiskSpool spool = open()) {
            assertEquals(List.of(session), spool.saved());
            assertEquals(0, only(spool).events());
        }
    }

    @Test
    void aSessionWithItsTerminalEventIsNotSaved() throws Exception {
        try (DiskSpool spool = open()) {
            spool.save(new SavedSession(S1, AgentType.CLAUDE, null, null, 0));
            spool.lane(S1).append(new SessionEvent.Ended(S1, ENDPOINT, "completed", 0));
        }
        try (DiskSpool spool = open()) {
            assertEquals(List.of(), spool.saved());
            assertEquals(1, only(spool).events());
        }
    }

    @Test
    void aSessionStartedAnewUnderItsOldNameIsRemembered() throws Exception {
        try (DiskSpool spool = open()) {
            spool.save(new SavedSession(S1, AgentType.CLAUDE, null, "old", 0));
            Spool.Lane lane = spool.lane(S1);
            lane.append(line(0, "old"));
            lane.append(new SessionEvent.Ended(S1, ENDPOINT, "completed", 0));
            spool.save(new SavedSession(S1, AgentType.CLAUDE, null, "new", 0));
            lane.append(new SessionEvent.Started(S1, ENDPOINT, "new"));
            lane.append(line(0, "new"));
            assertEquals(4, drain(lane).size());
            lane.confirm(3);
        }
        try (DiskSpool spool = open()) {
            assertEquals(List.of(new SavedSession(S1, AgentType.CLAUDE, null, "new", 1)), spool.saved());
            assertEquals(List.of(line(0, "new")), drain(only(spool).lane()));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSessionStartedAnewWhileTheOldOnesEndIsConfirmedIsRememberedOnceItHasSaidSo(boolean said) throws Exception {
        SavedSession anew = new SavedSession(S1, AgentType.CODEX, "/w", "new", 0);
        SessionEvent started = new SessionEvent.Started(S1, ENDPOINT, "new");
        try (DiskSpool spool = open()) {
            FairOutbox outbox = new FairOutbox(spool, new OutboxLimits(1_000_000, 1_000_000));
            spool.save(new SavedSession(S1, AgentType.CLAUDE, null, "old", 0));
            outbox.append(new SessionEvent.Ended(S1, ENDPOINT, "completed", 0));
            Outbox.Parcel end = Objects.requireNonNull(outbox.poll());
            spool.save(anew);
            outbox.confirm(end.ordinal());
            if (said) {
                outbox.append(started);
            }
        }
        try (DiskSpool spool = open()) {
            assertEquals(said ? List.of(anew) : List.of(), spool.saved());
            assertEquals(said ? 1 : 0, spool.leftovers().size());
            if (said) {
                assertEquals(List.of(started), drain(only(spool).lane()));
            }
        }
    }

    @Test
    void aSessionThatIsSavedAtTheMomentItsLaneIsRemovedIsRemembered() throws Exception {
        List<SavedSession> all = new ArrayList<>();
        try (DiskSpool spool = openWide()) {
            FairOutbox outbox = new FairOutbox(spool, new OutboxLimits(1_000_000, 1_000_000));
            for (int i = 0; i < 300; i++) {
                SavedSession anew = new SavedSession(new SessionId("s" + i), AgentType.CLAUDE, null, "new", 0);
                outbox.append(new SessionEvent.Ended(anew.id(), ENDPOINT, "completed", 0));
                Outbox.Parcel end = Objects.requireNonNull(outbox.poll());
                Thread saving = Thread.ofPlatform().start(() -> spool.save(anew));
                outbox.confirm(end.ordinal());
                saving.join();
                outbox.append(new SessionEvent.Started(anew.id(), ENDPOINT, "new"));
                all.add(anew);
            }
        }
        try (DiskSpool spool = openWide()) {
            assertEquals(300, spool.leftovers().size());
            assertEquals(300, spool.saved().size());
            assertTrue(spool.saved().containsAll(all));
        }
    }

    @Test
    void anotherRunnerOfTheSameEndpointIsRefused() throws Exception {
        try (DiskSpool _ = open()) {
            IOException taken = assertThrows(IOException.class, this::open);
            assertTrue(String.valueOf(taken.getMessage()).contains("another runner"), taken.getMessage());
        }
        open().close();
    }

    @Test
    void filesAreForTheOwnerOnly() throws Exception {
        try (DiskSpool spool = open()) {
            spool.save(new SavedSession(S1, AgentType.CLAUDE, null, null, 0));
            Spool.Lane lane = spool.lane(S1);
            lane.append(line(0, "private"));
            assertNotNull(lane.next());
            lane.confirm(1);
            try (Stream<Path> all = Files.walk(state).skip(1)) {
                for (Path each : all.toList()) {
                    String expected = Files.isDirectory(each) ? "rwx------" : "rw-------";
                    assertEquals(
                            expected,
                            PosixFilePermissions.toString(Files.getPosixFilePermissions(each)),
                            each.toString());
                }
            }
        }
    }

    @Test
    void aDiskThatFailsIsReplacedByMemoryAndUsedAgainLater() throws Exception {
        try (DiskSpool spool = open()) {
            Spool.Lane lane = spool.lane(S1);
            lane.append(line(0, "on disk"));
            SessionId s2 = new SessionId("s2");
            Path endpointFolder =
                    Objects.requireNonNull(files("lock").getFirst().getParent());
            // A folder where the next lane's file would be: creating it fails, for root too.
            Path obstacle = Files.createDirectory(endpointFolder.resolve("0000000002-0.segment"));
            Spool.Lane second = spool.lane(s2);
            second.append(new SessionEvent.Started(s2, ENDPOINT, null));
            assertTrue(spool.capacity() <= 1_000_000);
            assertEquals(new SessionEvent.Started(s2, ENDPOINT, null), second.next());
            assertNull(second.next());
            second.rewind();
            assertNotNull(second.next());
            Files.delete(obstacle);
            second.append(new SessionEvent.Ended(s2, ENDPOINT, "completed", 0));
            second.confirm(1);
            assertNotNull(second.next());
            second.confirm(1);
            second.append(new SessionEvent.Failed(s2, ENDPOINT, "on disk again"));
            assertTrue(Files.isRegularFile(obstacle));
            assertEquals(List.of(line(0, "on disk")), drain(lane));
        }
    }

    private DiskSpool openWide() throws IOException {
        return DiskSpool.open(state, ENDPOINT, 512_000_000);
    }

    /** A folder where a file of the first lane would be: creating that fails, for root too. */
    private Path obstacle(long begin) throws IOException {
        Path folder = Objects.requireNonNull(files("lock").getFirst().getParent());
        return Files.createDirectory(folder.resolve(SegmentFile.name(1, begin)));
    }

    @Test
    void whatIsInMemoryKeepsItsBoundThoughTheDiskTakesWhatOthersSay() throws Exception {
        SessionId s2 = new SessionId("s2");
        try (DiskSpool spool = openWide()) {
            Path obstacle = obstacle(0);
            Spool.Lane lane = spool.lane(S1);
            lane.append(line(0, "in memory"));
            assertTrue(spool.capacity() <= 16_000_000);
            spool.lane(s2).append(new SessionEvent.Started(s2, ENDPOINT, null));
            lane.append(line(1, "in memory too"));
            assertTrue(spool.capacity() <= 16_000_000, "the heap has no room for more");
            assertNotNull(spool.problem());
            Files.delete(obstacle);
            lane.append(line(2, "on disk"));
            assertEquals(512_000_000, spool.capacity());
            assertNull(spool.problem());
        }
        try (DiskSpool spool = openWide()) {
            assertEquals(
                    List.of(line(0, "in memory"), line(1, "in memory too"), line(2, "on disk")), drain(spool.lane(S1)));
        }
    }

    /** Those who wait for room behind a failed disk say nothing, and it is not tried by them. */
    @Test
    void aDiskThatWorksAgainIsNoticedThoughNobodySaysAnything() throws Exception {
        try (DiskSpool spool = openWide()) {
            Path obstacle = obstacle(0);
            Spool.Lane lane = spool.lane(S1);
            lane.append(line(0, "in memory"));
            assertTrue(spool.capacity() <= 16_000_000);
            Files.delete(obstacle);
            for (int i = 0; i < 1_000 && spool.capacity() < 512_000_000; i++) {
                Thread.sleep(20);
            }
            assertEquals(512_000_000, spool.capacity());
            assertNull(spool.problem());
            assertEquals(1, files(".segment").size());
        }
    }

    @Test
    void aSessionThatSaysNoMoreComesToDiskWithWhatOthersSay() throws Exception {
        SessionId s2 = new SessionId("s2");
        try (DiskSpool spool = openWide()) {
            Path obstacle = obstacle(0);
            spool.lane(S1).append(line(0, "the last word"));
            Files.delete(obstacle);
            spool.lane(s2).append(new SessionEvent.Started(s2, ENDPOINT, null));
            assertEquals(512_000_000, spool.capacity());
        }
        try (DiskSpool spool = openWide()) {
            assertEquals(List.of(line(0, "the last word")), drain(spool.lane(S1)));
        }
    }

    @Test
    void aDiskThatTakesOnlySomeOfWhatIsInMemoryGetsTheRestLater() throws Exception {
        List<SessionEvent> all = lines(0, 122);
        try (DiskSpool spool = openWide()) {
            Path obstacle = obstacle(0);
            Spool.Lane lane = spool.lane(S1);
            lane.append(all.subList(0, 120));
            assertEquals(all.subList(0, 50), drain(lane, 50));
            lane.confirm(10);
            Files.delete(obstacle);
            // As many writes of six lines as a file has room for.
            Path next = obstacle(102L * (10_000 + 17));
            lane.append(all.get(120));
            assertEquals(2, files(".segment").size());
            assertTrue(spool.capacity() <= 16_000_000);
            assertEquals(all.subList(50, 55), drain(lane, 5));
            lane.confirm(5);
            Files.delete(next);
            lane.append(all.get(121));
            assertEquals(512_000_000, spool.capacity());
            assertEquals(all.subList(55, 60), drain(lane, 5));
            lane.rewind();
            assertEquals(all.subList(15, 122), drain(lane));
            lane.confirm(5);
        }
        try (DiskSpool spool = openWide()) {
            assertEquals(all.subList(20, 122), drain(only(spool).lane()));
        }
    }

    /** As {@link #aLaneAgreesWithAQueueWhateverHappens}, with a disk that begins to work in the middle. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void aLaneAgreesWithAQueueThoughTheDiskFailsAtFirst(long seed) throws Exception {
        Random random = new Random(seed);
        ArrayDeque<SessionEvent> unconfirmed = new ArrayDeque<>();
        int read = 0;
        long seq = 0;
        try (DiskSpool spool = openWide()) {
            Path obstacle = obstacle(0);
            Spool.Lane lane = spool.lane(S1);
            for (int step = 0; step < 300; step++) {
                if (step == 150) {
                    Files.delete(obstacle);
                }
                switch (random.nextInt(step < 120 ? 8 : 12)) {
                    case 0, 1, 2, 3 -> {
                        SessionEvent event = line(seq++, "x".repeat(random.nextInt(20_000)));
                        lane.append(event);
                        unconfirmed.addLast(event);
                    }
                    case 4 -> {
                        int count = random.nextInt(read + 1);
                        lane.confirm(count);
                        for (int i = 0; i < count; i++) {
                            unconfirmed.removeFirst();
                        }
                        read -= count;
                    }
                    case 5 -> {
                        if (random.nextInt(4) == 0) {
                            lane.rewind();
                            read = 0;
                        }
                    }
                    default -> {
                        SessionEvent expected =
                                unconfirmed.stream().skip(read).findFirst().orElse(null);
                        assertEquals(expected, lane.next());
                        read += expected == null ? 0 : 1;
                    }
                }
            }
            lane.append(line(seq, "last"));
            unconfirmed.addLast(line(seq, "last"));
            assertNull(spool.problem());
        }
        try (DiskSpool spool = openWide()) {
            assertEquals(List.copyOf(unconfirmed), drain(only(spool).lane()));
        }
    }

    /** Else the next process would say new things under numbers the server has, which drops them. */
    @Test
    void theNumbersOfWhatWasSentFromMemoryAreNotUsedAgain() throws Exception {
        Path obstacle;
        try (DiskSpool spool = openWide()) {
            spool.save(new SavedSession(S1, AgentType.CLAUDE, null, null, 0));
            Spool.Lane lane = spool.lane(S1);
            lane.append(new SessionEvent.Started(S1, ENDPOINT, null));
            lane.append(line(0, "x".repeat(9_000_000))); // the next begins a new file
            long end = 0;
            for (Path each : files(".segment")) {
                end += Files.size(each) - HEADER;
            }
            obstacle = obstacle(end);
            for (int i = 1; i < 6_000; i++) {
                lane.append(line(i, "in memory"));
            }
            assertNotNull(spool.problem());
            assertEquals(6_001, drain(lane).size());
        }
        Files.delete(obstacle);
        try (DiskSpool spool = openWide()) {
            assertTrue(spool.saved().getFirst().nextSeq() >= 6_000, () -> "goes on with " + spool.saved());
        }
    }

    @Test
    void aDiskThatTakesNothingStillGivesWhatItHas() throws Exception {
        try (DiskSpool spool = open()) {
            Spool.Lane lane = spool.lane(S1);
            for (int i = 0; i < 10; i++) {
                lane.append(line(i, "x".repeat(50_000))); // more than is handed over in memory
            }
            Path segment = files(".segment").getFirst();
            // Where an identity that does not fit begins a new file.
            Files.createDirectory(segment.resolveSibling("0000000001-" + (Files.size(segment) - HEADER) + ".segment"));
            spool.save(new SavedSession(S1, AgentType.CLAUDE, "/long".repeat(1_000), null, 0));
            assertNotNull(spool.problem());
            assertEquals(10, drain(lane).size());
        }
    }

    @Test
    void aDiskThatDoesNotTakeTheCursorIsEmptiedAllTheSame() throws Exception {
        try (DiskSpool spool = open()) {
            Spool.Lane lane = spool.lane(S1);
            for (int i = 0; i < 100; i++) {
                lane.append(line(i, "x".repeat(50_000)));
            }
            assertEquals(5, files(".segment").size());
        }
        try (DiskSpool spool = open()) {
            Spool.Lane lane = only(spool).lane();
            assertEquals(100, drain(lane).size());
            Path newest = Collections.max(files(".segment"), Comparator.comparingLong(DiskSpoolTest::begin));
            Files.delete(newest);
            Files.createDirectory(newest);
            lane.confirm(100);
            assertEquals(List.of(newest), files(".segment"));
        }
    }

    /** So many that their number, not their length, is what memory has no room for. */
    @Test
    void manyShortLinesInBatchesComeBackInOrder() throws Exception {
        try (DiskSpool spool = open()) {
            Spool.Lane lane = spool.lane(S1);
            List<SessionEvent> all = new ArrayList<>();
            List<SessionEvent> read = new ArrayList<>();
            for (int batch = 0; batch < 20; batch++) {
                List<SessionEvent> events = new ArrayList<>();
                for (int i = 0; i < 300; i++) {
                    events.add(line(all.size() + (long) i, "x"));
                }
                lane.append(events);
                all.addAll(events);
                if (batch == 2 || batch == 9) {
                    read.addAll(drain(lane));
                    assertEquals(all, read);
                }
            }
            read.addAll(drain(lane));
            assertEquals(all, read);
            lane.confirm(1_500);
            lane.rewind();
            assertEquals(all.subList(1_500, all.size()), drain(lane));
        }
    }

    /** A seeded run of everything a courier may do, against the plainest model. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aLaneAgreesWithAQueueWhateverHappens(long seed) throws Exception {
        Random random = new Random(seed);
        ArrayDeque<SessionEvent> unconfirmed = new ArrayDeque<>();
        DiskSpool spool = open();
        Spool.Lane lane = spool.lane(S1);
        spool.save(new SavedSession(S1, AgentType.CLAUDE, null, null, 0));
        int read = 0;
        long seq = 0;
        String directory = null;
        for (int step = 0; step < 5_000; step++) {
            int dice = random.nextInt(1_000);
            if (dice < 500) {
                SessionEvent event = line(seq++, "x".repeat(random.nextInt(dice < 10 ? 300_000 : 600)));
                lane.append(event);
                unconfirmed.addLast(event);
            } else if (dice < 900) {
                SessionEvent expected =
                        unconfirmed.stream().skip(read).findFirst().orElse(null);
                assertEquals(expected, lane.next());
                read += expected == null ? 0 : 1;
            } else if (dice < 970) {
                int count = read == 0 ? 0 : random.nextInt(read + 1);
                lane.confirm(count);
                for (int i = 0; i < count; i++) {
                    unconfirmed.removeFirst();
                }
                read -= count;
            } else if (dice < 990) {
                lane.rewind();
                read = 0;
            } else if (dice < 995) {
                directory = "d".repeat(random.nextInt(dice == 990 ? 5_000 : 500));
                spool.save(new SavedSession(S1, AgentType.CLAUDE, directory, null, 0));
            } else {
                spool.close();
                spool = open();
                lane = spool.lane(S1);
                assertEquals(unconfirmed.size(), only(spool).events());
                assertEquals(List.of(new SavedSession(S1, AgentType.CLAUDE, directory, null, seq)), spool.saved());
                read = 0;
            }
        }
        spool.close();
    }
}
