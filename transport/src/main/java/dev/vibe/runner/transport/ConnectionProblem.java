package dev.vibe.runner.transport;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Why a connection failed, in words that say what to do. */
public final class ConnectionProblem {
    private static final int DEPTH = 12;
    private static final int MAX_WORDS = 300;
    /** RFC 6455, 7.4.1. */
    private static final int TOO_BIG = 1009;

    private static final String IS_TOO_BIG =
            ": it takes no message as long as one that was sent (maxHttpBufferSize, maxPayload)";

    private ConnectionProblem() {}

    /** One line about a failure; problems with certificates are named as such. */
    public static String describe(Throwable failure) {
        String certificate = certificate(failure);
        if (certificate != null) {
            return certificate;
        }
        // Java has more to say of it only the first time: a reason that changes would be logged each time.
        if (find(failure, UnknownHostException.class) != null
                || find(failure, UnresolvedAddressException.class) != null) {
            return "the host name is not known (DNS)";
        }
        if (find(failure, ConnectException.class) != null && said(failure).isEmpty()) {
            return "the connection was refused, or there is no way to the host"; // the JDK's HTTP client says no more
        }
        SSLException tls = find(failure, SSLException.class);
        if (tls != null) {
            return "TLS failed: " + words(tls) + "; does the server speak TLS on this port?";
        }
        return words(failure);
    }

    /** That the server ended a connection by a close frame. */
    public static String closed(int code) {
        String words = "the server closed the connection, code " + code;
        return code == TOO_BIG ? words.concat(IS_TOO_BIG) : words;
    }

    /**
     * An answer of HTTP's that is no WebSocket, in short; of a redirection, where it leads. None is followed: the token would go along.
     *
     * @param location the header of that name, null where there is none
     */
    public static String http(int status, @Nullable String location) {
        if (location == null || status / 100 != 3) {
            return "HTTP " + status;
        }
        String where = location.replaceAll("\\p{Cntrl}+", " ").strip();
        return "HTTP " + status + ", a redirection to " + where.substring(0, Math.min(MAX_WORDS, where.length()))
                + ", which is not followed: is that the right VIBE_SERVER_URL?";
    }

    private static @Nullable String certificate(Throwable failure) {
        CertificateExpiredException expired = find(failure, CertificateExpiredException.class);
        if (expired != null) {
            return "the server's certificate has expired (" + words(expired) + "); or this machine's clock is wrong";
        }
        CertificateNotYetValidException early = find(failure, CertificateNotYetValidException.class);
        if (early != null) {
            return "the server's certificate is not valid yet (" + words(early) + "); or this machine's clock is wrong";
        }
        if (find(failure, CertPathBuilderException.class) != null) {
            return "the server's certificate is not from an authority this runner trusts; if it is your own, name its"
                    + " bundle in VIBE_CA_FILE";
        }
        SSLException tls = find(failure, SSLException.class);
        CertificateException other = find(failure, CertificateException.class);
        boolean name = tls != null && words(tls).startsWith("Hostname ");
        if (name || (other != null && words(other).startsWith("No "))) {
            return "the server's certificate is for another host: " + firstSentence(words(name ? tls : other));
        }
        return other == null ? null : "the server's certificate was refused: " + words(other);
    }

    private static <T extends Throwable> @Nullable T find(Throwable failure, Class<T> type) {
        Throwable at = failure;
        for (int depth = 0; at != null && depth < DEPTH; depth++) {
            if (type.isInstance(at)) {
                return type.cast(at);
            }
            at = at.getCause();
        }
        return null;
    }

    private static String firstSentence(String words) {
        int end = words.indexOf(": certificate"); // OkHttp lists fingerprints behind it
        return end < 0 ? words : words.substring(0, end);
    }

    private static String words(@Nullable Throwable failure) {
        if (failure == null) {
            return "unknown reason";
        }
        String words = said(failure);
        String line = (words.isBlank() ? failure.toString() : words)
                .replaceAll("\\p{Cntrl}+", " ")
                .strip();
        return line.length() <= MAX_WORDS ? line : line.substring(0, MAX_WORDS) + "...";
    }

    /** The JDK's HTTP client wraps what says something in what says nothing. */
    private static String said(Throwable failure) {
        Throwable at = failure;
        for (int depth = 0; at != null && depth < DEPTH; depth++) {
            String message = at.getMessage();
            if (message != null && !message.isBlank()) {
                return message;
            }
            at = at.getCause();
        }
        return "";
    }
}
