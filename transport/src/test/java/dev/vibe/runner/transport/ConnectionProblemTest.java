package dev.vibe.runner.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class ConnectionProblemTest {
    /** The JDK's HTTP client wraps what says why. */
    @Test
    void theReasonIsFoundBelowWhatSaysNothing() {
        assertEquals(
                "Connection refused",
                ConnectionProblem.describe(
                        new ConnectException().initCause(new ConnectException("Connection refused"))));
        assertTrue(ConnectionProblem.describe(new ConnectException().initCause(new ClosedChannelException()))
                .contains("refused"));
        assertEquals("java.io.IOException", ConnectionProblem.describe(new IOException()));
    }

    /** Java's own words are others the second time, and the log tells a reason again when it is another. */
    @Test
    void aNameThatIsNotKnownIsAlwaysTheSameReason() {
        String first = ConnectionProblem.describe(new UnknownHostException("vibe: Name or service not known"));
        assertEquals(first, ConnectionProblem.describe(new UnknownHostException("vibe")));
        assertEquals(
                first, ConnectionProblem.describe(new ConnectException().initCause(new UnresolvedAddressException())));
        assertTrue(first.contains("DNS"), first);
    }

    @Test
    void aServerThatTakesNoMessageThatLongIsSaidToBeOne() {
        assertTrue(ConnectionProblem.closed(1009).contains("maxHttpBufferSize"));
        assertEquals("the server closed the connection, code 1001", ConnectionProblem.closed(1001));
    }
}
