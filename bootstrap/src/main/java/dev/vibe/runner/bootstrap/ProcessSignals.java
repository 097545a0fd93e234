package dev.vibe.runner.bootstrap;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears SIGTERM, SIGINT and SIGHUP through {@code sun.misc.Signal} of the module jdk.unsupported. Not a shutdown hook: a
 * hook cannot hear the second signal, and the exit code would be 143 and not 0. By reflection, because javac warns of
 * that class in a way that cannot be suppressed, and warnings are errors here.
 */
final class ProcessSignals {
    private static final Logger LOG = LoggerFactory.getLogger(ProcessSignals.class);

    /** What the launcher makes of a TERM or INT it forwards: nobody else sends this. */
    private static final String FORWARDED = "PWR";

    private static final int SIGTERM = 15;

    private ProcessSignals() {}

    /** What is to happen; see {@link Shutdown#signal}. */
    interface Listener {
        void signal(String name, int number, boolean forwarded);
    }

    /** From now on; whoever listened before does no longer. */
    static void hear(Listener listener) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Method name = signal.getMethod("getName");
            Method number = signal.getMethod("getNumber");
            Object proxy = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, (_, _, args) -> {
                boolean forwarded = FORWARDED.equals(name.invoke(args[0]));
                listener.signal(
                        forwarded ? "signal to the launcher" : "SIG" + name.invoke(args[0]),
                        forwarded ? SIGTERM : (Integer) number.invoke(args[0]),
                        forwarded);
                return null;
            });
            for (String wanted : List.of("TERM", "INT", "HUP", FORWARDED)) {
                hear(signal, handler, proxy, wanted);
            }
        } catch (ReflectiveOperationException missing) {
            LOG.warn("signals end this process without a clean shutdown: {}", missing.toString());
        }
    }

    private static void hear(Class<?> signal, Class<?> handler, Object proxy, String wanted)
            throws ReflectiveOperationException {
        try {
            Object instance = signal.getConstructor(String.class).newInstance(wanted);
            signal.getMethod("handle", signal, handler).invoke(null, instance, proxy);
        } catch (InvocationTargetException ignoredByParent) {
            // A parent that started us with this signal ignored (nohup, npm) meant it.
            LOG.debug("SIG{} is not ours to hear", wanted);
        }
    }
}
