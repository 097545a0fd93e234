package dev.vibe.runner.transport;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Certificate authorities: those of the Java runtime, and a bundle of one's own beside them. */
public final class Trust {
    private Trust() {}

    /**
     * Trust in the runtime's authorities and those of a bundle.
     *
     * @param bundle certificates in PEM
     * @throws IllegalArgumentException when the bundle cannot be read or holds no certificate; names it
     */
    public static X509TrustManager with(Path bundle) {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (X509Certificate known : manager(null).getAcceptedIssuers()) {
                store.setCertificateEntry("runtime-" + number++, known);
            }
            for (Certificate own : read(bundle)) {
                store.setCertificateEntry("own-" + number++, own);
            }
            return manager(store);
        } catch (GeneralSecurityException | IOException broken) {
            throw new IllegalStateException("the Java runtime cannot set up trust in certificates", broken);
        }
    }

    /**
     * Looks whether a bundle can be read, without setting up trust, which takes a while.
     *
     * @throws IllegalArgumentException as {@link #with}
     */
    public static void check(Path bundle) {
        var _ = read(bundle);
    }

    /** A TLS context with this trust. */
    public static SSLContext context(X509TrustManager trust) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {trust}, null);
            return context;
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("the Java runtime has no TLS", broken);
        }
    }

    private static Collection<? extends Certificate> read(Path bundle) {
        try (InputStream in = Files.newInputStream(bundle)) {
            Collection<? extends Certificate> found =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (found.isEmpty()) {
                throw new IllegalArgumentException(bundle + " holds no certificate; it must be in PEM");
            }
            return found;
        } catch (IOException unreadable) {
            throw new IllegalArgumentException("cannot read " + bundle);
        } catch (CertificateException malformed) {
            throw new IllegalArgumentException(
                    bundle + " is no bundle of certificates in PEM: " + malformed.getMessage());
        }
    }

    private static X509TrustManager manager(@Nullable KeyStore store) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return Arrays.stream(factory.getTrustManagers())
                .filter(X509TrustManager.class::isInstance)
                .map(X509TrustManager.class::cast)
                .findFirst()
                .orElseThrow(() -> new GeneralSecurityException("no trust manager for certificates"));
    }
}
