package dev.vibe.runner.adapter.process;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class CStringsTest {
    @Test
    void tablesPointToTheirStringsAndEndWithNull() {
        List<List<byte[]>> content = List.of(
                List.of(bytes("sh"), bytes("-c"), bytes("")),
                List.of(),
                List.of(bytes("NAME=größe"), new byte[] {'A', '=', (byte) 0xff}));
        try (Arena arena = Arena.ofConfined()) {
            CStrings strings = new CStrings(arena, content);
            for (int table = 0; table < content.size(); table++) {
                List<byte[]> expected = content.get(table);
                for (int i = 0; i < expected.size(); i++) {
                    assertEquals(strings.string(table, i), pointer(strings.table(table), i));
                    assertEquals(text(expected.get(i)), text(strings.string(table, i)));
                }
                assertEquals(0, pointer(strings.table(table), expected.size()));
            }
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @SuppressWarnings("restricted")
    private static String text(long address) {
        return MemorySegment.ofAddress(address).reinterpret(Long.MAX_VALUE).getString(0, StandardCharsets.ISO_8859_1);
    }

    @SuppressWarnings("restricted")
    private static long pointer(long table, int index) {
        return MemorySegment.ofAddress(table).reinterpret(Long.MAX_VALUE).getAtIndex(JAVA_LONG, index);
    }
}
