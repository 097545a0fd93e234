package dev.vibe.runner.adapter.process;

import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.vibe.runner.application.port.out.AgentGoneException;
import java.io.OutputStream;
import java.util.concurrent.ArrayBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class StdinWriterTest {

    /** Who waits for it would wait for ever: it is in no queue any more, where the end would find it. */
    @Test
    void whatIsBeingTakenWhenTheWriterIsEndedIsRefused() {
        Thread caller = Thread.currentThread();
        Interposed<StdinWriter.Order> orders = new Interposed<>();
        StdinWriter writer = new StdinWriter(OutputStream.nullOutputStream(), orders);
        orders.afterTheFirst = () -> {
            while (caller.getState() != Thread.State.WAITING) {
                Thread.onSpinWait(); // until it relies on the answer
            }
            writer.abort();
        };
        assertThrows(AgentGoneException.class, () -> writer.write("line"));
    }

    /** Lets something happen between the taking of the first element and its use. */
    private static final class Interposed<T> extends ArrayBlockingQueue<T> {
        private static final long serialVersionUID = 1;

        private transient @Nullable Runnable afterTheFirst;

        Interposed() {
            super(8);
        }

        @Override
        public @Nullable T poll() {
            T taken = super.poll();
            Runnable then = afterTheFirst;
            if (then != null && taken != null) {
                afterTheFirst = null;
                then.run();
            }
            return taken;
        }
    }
}
