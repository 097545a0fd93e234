package dev.vibe.runner.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class WindowTest {
    private static final long MILLI = 1_000_000;

    private final Window window = new Window();

    @Test
    void growsToTheUsualOneOverAShortWay() {
        answers(20, 5 * MILLI);
        assertEquals(Window.LARGEST, window.size());
    }

    /** Measured with 300 ms there and back: 0.7 MB a second with 512 KB, whatever the network could have taken. */
    @Test
    void growsWithTheWay() {
        answers(20, 50 * MILLI);
        assertEquals(2 * Window.LARGEST, window.size());
        Window far = new Window();
        for (int i = 0; i < 20; i++) {
            far.answered(far.size(), 300 * MILLI);
        }
        assertEquals(Window.FARTHEST, far.size());
    }

    @Test
    void shrinksWhereAnswersComeLaterThanTheWayTakes() {
        answers(20, 300 * MILLI);
        for (int i = 0; i < 20; i++) {
            window.answered(window.size(), 2_000 * MILLI);
        }
        assertEquals(Window.FIRST, window.size());
    }

    @Test
    void answersBehindLittleSayNothingOfTheServersPace() {
        answers(20, 300 * MILLI);
        for (int i = 0; i < 10; i++) {
            window.answered(window.size() / 100, 10_000 * MILLI);
        }
        assertEquals(Window.FARTHEST, window.size(), "so little ahead says nothing");
        window.answered(window.size() / 2, 700 * MILLI);
        assertEquals(Window.FARTHEST, window.size());
        for (int i = 0; i < 10; i++) {
            window.answered(window.size() / 2, 900 * MILLI);
        }
        assertEquals(Window.FIRST, window.size());
    }

    @Test
    void aSlowServerNearbyNeverHasMoreThanTheUsual() {
        window.answered(1, 2 * MILLI);
        answers(40, 400 * MILLI);
        assertTrue(window.size() <= Window.LARGEST);
    }

    private void answers(int times, long nanos) {
        for (int i = 0; i < times; i++) {
            window.answered(window.size(), nanos);
        }
    }
}
