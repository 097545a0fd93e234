package dev.vibe.runner.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A certificate and the authority that signed it, made for a test with the JDK's {@code keytool}.
 *
 * @param context for a server that shows it
 * @param bundle its authority in PEM, for clients
 */
public record TestCertificate(SSLContext context, Path bundle) {
    private static final char[] PASSWORD = "changeit".toCharArray();

    /**
     * One that is valid now.
     *
     * @param sans its hosts, as keytool wants them, e.g. {@code ip:127.0.0.1,dns:vibe.test}
     */
    public static TestCertificate of(Path directory, String sans) throws Exception {
        return of(directory, sans, "-1d", 30);
    }

    /** One that was valid until yesterday. */
    public static TestCertificate expired(Path directory, String sans) throws Exception {
        return of(directory, sans, "-10d", 9);
    }

    private static TestCertificate of(Path directory, String sans, String from, int days) throws Exception {
        Path store = Files.createTempDirectory(directory, "certificate").resolve("store.p12");
        Path bundle = store.resolveSibling("authority.pem");
        List<String> common = List.of("-keystore", store.toString(), "-storepass", "changeit", "-storetype", "PKCS12");
        List<String> authority = List.of("-alias", "authority");
        List<String> key = List.of("-keyalg", "EC", "-startdate", from, "-validity", String.valueOf(days));
        keytool(
                "-genkeypair",
                common,
                authority,
                List.of("-keyalg", "EC", "-startdate", "-20d", "-validity", "60"),
                List.of("-dname", "CN=authority", "-ext", "bc:critical=ca:true"));
        keytool(
                "-genkeypair",
                common,
                key,
                List.of("-alias", "server", "-dname", "CN=server", "-signer", "authority", "-ext", "san=" + sans));
        keytool("-exportcert", common, authority, List.of("-rfc", "-file", bundle.toString()));
        keytool("-delete", common, authority);
        return new TestCertificate(context(store), bundle);
    }

    private static SSLContext context(Path store) throws GeneralSecurityException, IOException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(keys, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        return context;
    }

    @SafeVarargs
    private static void keytool(String what, List<String>... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.add(what);
        for (List<String> part : arguments) {
            command.addAll(part);
        }
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IllegalStateException("keytool failed: " + said);
        }
    }
}
