package dev.vibe.runner.adapter.socketio;

import dev.vibe.runner.transport.NetworkAccess;
import dev.vibe.runner.transport.ProxyServer;
import dev.vibe.runner.transport.Trust;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.X509TrustManager;
import okhttp3.ConnectionPool;
import okhttp3.ConnectionSpec;
import okhttp3.Dispatcher;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;

/** The OkHttp client of one transport, with threads of its own that end with it. */
final class Http implements AutoCloseable {
    private static final long IDLE_THREAD_SECONDS = 1;

    private final ThreadPoolExecutor readers;
    private final TunedSockets sockets;
    private final OkHttpClient client;
    private final Queue<Library> unfinished = new ArrayDeque<>(); // the transport's thread only

    Http(SocketIoSettings settings) {
        HttpUrl server = settings.endpoint();
        NetworkAccess network = settings.network();
        ProxyServer proxy = network.proxies().proxyFor(server.host(), server.port(), server.isHttps());
        sockets = new TunedSockets(proxy, server.host(), server.port());
        AtomicInteger number = new AtomicInteger();
        readers = new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, IDLE_THREAD_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = new Thread(task, "socketio-reader-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        OkHttpClient.Builder builder = new OkHttpClient.Builder()
                .dispatcher(new Dispatcher(readers))
                .connectionPool(new ConnectionPool(0, 1, TimeUnit.SECONDS))
                .socketFactory(sockets)
                .addNetworkInterceptor(FrameSocket::onConnection)
                .protocols(List.of(Protocol.HTTP_1_1))
                .proxy(Proxy.NO_PROXY) // ours is within the sockets, since OkHttp tunnels only for TLS
                .connectTimeout(settings.timing().connectTimeout())
                .readTimeout(
                        settings.timing().connectTimeout()) // until the upgrade; after it OkHttp waits without limit
                .writeTimeout(0, TimeUnit.SECONDS) // a slow server is no failure; a dead one is found by the probes
                .followRedirects(false)
                .connectionSpecs(
                        server.isHttps()
                                ? List.of(ConnectionSpec.MODERN_TLS)
                                : List.of(ConnectionSpec.CLEARTEXT)); // spares the certificate store at start
        if (proxy != null) {
            builder.dns(Http::unresolved);
        }
        Path bundle = network.caBundle();
        if (server.isHttps() && bundle != null) {
            X509TrustManager trust = Trust.with(bundle);
            builder.sslSocketFactory(Trust.context(trust).getSocketFactory(), trust);
        }
        client = builder.build();
    }

    /** The proxy looks the name up; behind one, this machine often cannot. */
    private static List<InetAddress> unresolved(String host) throws UnknownHostException {
        return List.of(InetAddress.getByAddress(host, new byte[4]));
    }

    IncomingLimit incoming() {
        return sockets.incoming();
    }

    OkHttpClient client() {
        return client;
    }

    /** Those that could not be ended yet. */
    Queue<Library> unfinished() {
        return unfinished;
    }

    @Override
    public void close() {
        client.dispatcher().cancelAll();
        readers.shutdown();
        client.connectionPool().evictAll();
    }
}
