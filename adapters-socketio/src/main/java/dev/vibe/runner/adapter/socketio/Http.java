package dev.vibe.runner.adapter.socketio;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.ConnectionPool;
import okhttp3.ConnectionSpec;
import okhttp3.Dispatcher;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Response;

/** The OkHttp client of one transport, with threads of its own that end with it. */
final class Http implements AutoCloseable {
    private static final String EXTENSIONS = "Sec-WebSocket-Extensions";
    private static final long IDLE_THREAD_SECONDS = 1;

    private final ThreadPoolExecutor readers;
    private final TunedSockets sockets = new TunedSockets();
    private final OkHttpClient client;

    Http(SocketIoSettings settings) {
        AtomicInteger number = new AtomicInteger();
        readers = new ThreadPoolExecutor(
                0, Integer.MAX_VALUE, IDLE_THREAD_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = new Thread(task, "socketio-reader-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        client = new OkHttpClient.Builder()
                .dispatcher(new Dispatcher(readers))
                .connectionPool(new ConnectionPool(0, 1, TimeUnit.SECONDS))
                .socketFactory(sockets)
                .addInterceptor(Http::uncompressed)
                .connectTimeout(settings.connectTimeout())
                .readTimeout(settings.connectTimeout()) // until the upgrade; after it OkHttp waits without limit
                .writeTimeout(0, TimeUnit.SECONDS) // a slow server is no failure; a dead one is found by the probes
                .followRedirects(false)
                .connectionSpecs(
                        settings.endpoint().isHttps()
                                ? List.of(ConnectionSpec.MODERN_TLS)
                                : List.of(ConnectionSpec.CLEARTEXT)) // spares the certificate store at start
                .build();
    }

    /** Compression would let a small frame become a message that fills the memory; OkHttp always offers it. */
    private static Response uncompressed(Interceptor.Chain chain) throws IOException {
        Response response = chain.proceed(
                chain.request().newBuilder().removeHeader(EXTENSIONS).build());
        return response.header(EXTENSIONS) == null
                ? response
                : response.newBuilder().removeHeader(EXTENSIONS).build();
    }

    IncomingLimit incoming() {
        return sockets.incoming();
    }

    OkHttpClient client() {
        return client;
    }

    @Override
    public void close() {
        client.dispatcher().cancelAll();
        readers.shutdown();
        client.connectionPool().evictAll();
    }
}
