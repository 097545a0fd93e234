package dev.vibe.runner.adapter.process;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Tables of strings as C has them ({@code argv}, {@code envp}): pointers and a null, and behind them the strings and a NUL each. All
 * of it is one block, made in Java and copied once: one call into {@code java.lang.foreign} is dozens of calls of Java's, which a
 * young process interprets, and an environment has dozens of variables.
 */
final class CStrings {
    private final long[][] strings;
    private final long[] tables;

    /** @param arena holds the block; the strings must not contain a NUL */
    CStrings(Arena arena, List<List<byte[]>> content) {
        int pointerBytes = 0;
        int textBytes = 0;
        for (List<byte[]> table : content) {
            pointerBytes = Math.addExact(pointerBytes, (table.size() + 1) * Long.BYTES);
            for (byte[] string : table) {
                textBytes = Math.addExact(textBytes, string.length + 1);
            }
        }
        byte[] image = new byte[Math.addExact(pointerBytes, textBytes)];
        MemorySegment block = arena.allocate(image.length, Long.BYTES);
        long base = block.address();
        ByteBuffer pointers = ByteBuffer.wrap(image).order(ByteOrder.nativeOrder());
        strings = new long[content.size()][];
        tables = new long[content.size()];
        int text = pointerBytes;
        for (int i = 0; i < tables.length; i++) {
            List<byte[]> table = content.get(i);
            tables[i] = base + pointers.position();
            strings[i] = new long[table.size()];
            for (int j = 0; j < table.size(); j++) {
                byte[] string = table.get(j);
                strings[i][j] = base + text;
                pointers.putLong(base + text);
                System.arraycopy(string, 0, image, text, string.length);
                text += string.length + 1;
            }
            pointers.putLong(0);
        }
        MemorySegment.copy(image, 0, block, JAVA_BYTE, 0, image.length);
    }

    /** The address of a table. */
    long table(int index) {
        return tables[index];
    }

    /** The address of one of its strings. */
    long string(int table, int index) {
        return strings[table][index];
    }
}
