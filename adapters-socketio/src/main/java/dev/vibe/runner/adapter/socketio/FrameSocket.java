package dev.vibe.runner.adapter.socketio;

import java.io.IOException;
import java.net.ProtocolException;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.ByteString;
import okio.Okio;
import okio.Socket;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's WebSocket (RFC 6455) on a connection that OkHttp makes: TLS, proxies and the HTTP upgrade are its work, frames are
 * ours. OkHttp's own WebSocket takes text only, which it encodes, copies into pieces, masks byte by byte and writes frame by
 * frame: half of all that a line cost. This one takes bytes, and writes together what waits together.
 */
final class FrameSocket implements WebSocket {
    private static final Logger LOG = LoggerFactory.getLogger(FrameSocket.class);
    private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int KEY_BYTES = 16;
    private static final int SWITCHING = 101;
    private static final long WRITER_MILLIS = 1_000;

    private final Request request;
    private final WebSocketListener listener;
    private final FrameWriter writer = new FrameWriter(this::failed);
    private final AtomicBoolean over = new AtomicBoolean();
    private final String key;
    private final Call call;
    private volatile @Nullable Socket connection; // written by the reader thread before the listener knows of it
    private volatile java.net.@Nullable Socket below; // written by the reader thread before that

    FrameSocket(OkHttpClient client, Request request, WebSocketListener listener) {
        this.request = request;
        this.listener = listener;
        byte[] random = new byte[KEY_BYTES];
        ThreadLocalRandom.current().nextBytes(random);
        key = ByteString.of(random).base64();
        call = client.newCall(request.newBuilder()
                .header("Upgrade", "websocket")
                .header("Connection", "Upgrade")
                .header("Sec-WebSocket-Key", key)
                .header("Sec-WebSocket-Version", "13")
                .tag(FrameSocket.class, this)
                .build());
    }

    /** Tells each call of a client for such a socket which connection it is on; for the client's builder. */
    static Response onConnection(Interceptor.Chain chain) throws IOException {
        FrameSocket socket = chain.request().tag(FrameSocket.class);
        okhttp3.Connection on = chain.connection();
        if (socket != null && on != null) {
            socket.below = on.socket();
        }
        return chain.proceed(chain.request());
    }

    /** Begins to connect; the listener hears of the rest, on a thread of OkHttp's that then goes on reading. */
    void connect() {
        call.enqueue(new Callback() {
            @Override
            public void onResponse(Call call, Response response) {
                try (response) {
                    answered(response);
                }
            }

            @Override
            public void onFailure(Call call, IOException failure) {
                failed(failure);
            }
        });
    }

    private void answered(Response response) {
        Socket upgraded = response.socket();
        if (response.code() != SWITCHING || upgraded == null || !accepted(response)) {
            if (upgraded != null) {
                release(upgraded);
            }
            if (over.compareAndSet(false, true)) {
                String status =
                        "Expected HTTP 101 response but was '" + response.code() + " " + response.message() + "'";
                listener.onFailure(this, new ProtocolException(status), response);
            }
            return;
        }
        connection = upgraded;
        try {
            upgraded.getSource().timeout().clearTimeout();
            upgraded.getSink().timeout().clearTimeout();
            // Not the sink: it writes in pieces of 8 KB, of which each costs a system call and wakes the server.
            writer.begin(Objects.requireNonNull(below).getOutputStream());
            listener.onOpen(this, response);
            new FrameReader(Okio.buffer(upgraded.getSource()), this, listener, writer).readToEnd();
        } catch (IOException gone) {
            failed(gone);
        } catch (RuntimeException | Error bug) { // a listener's, or no thread for the writer: it would wait for ever
            failed(new IOException("the connection could not be served", bug));
        } finally {
            drop();
            writer.awaitEnd(WRITER_MILLIS);
            release(upgraded);
        }
    }

    /** Until both are closed OkHttp counts the connection as in use, and in the end complains. */
    private static void release(Socket upgraded) {
        try (var _ = upgraded.getSource();
                var _ = upgraded.getSink()) {
            upgraded.cancel();
        } catch (IOException cut) {
            LOG.debug("closing a connection that was cut", cut);
        }
    }

    private boolean accepted(Response response) {
        String expected = ByteString.encodeUtf8(key + GUID).sha1().base64();
        return expected.equals(response.header("Sec-WebSocket-Accept"));
    }

    /** Both sides have said goodbye. */
    void closed(int code, String reason) {
        if (over.compareAndSet(false, true)) {
            drop();
            listener.onClosed(this, code, reason);
        }
    }

    private void failed(IOException failure) {
        if (over.compareAndSet(false, true)) {
            drop();
            listener.onFailure(this, failure, null);
        }
    }

    private void drop() {
        writer.end();
        cancel();
    }

    /** Puts a text message in line, given as UTF-8 that is not changed any more; false when nothing leaves any more. */
    boolean send(byte[] utf8) {
        return writer.put(Opcode.TEXT, utf8);
    }

    /** As {@link #send(byte[])}, but it may leave no earlier than with more, or at the next {@link #flush} or {@link #push}. */
    boolean gather(byte[] utf8) {
        return writer.gather(Opcode.TEXT, utf8);
    }

    /** What is in line leaves, without a wait for the caller. */
    void push() {
        writer.push();
    }

    /** Writes what is in line; for callers who know that the system takes it without waiting. */
    void flush() {
        writer.flush();
    }

    @Override
    public boolean send(String text) {
        return writer.put(Opcode.TEXT, ByteString.encodeUtf8(text).toByteArray());
    }

    @Override
    public boolean send(ByteString bytes) {
        return writer.put(Opcode.BINARY, bytes.toByteArray());
    }

    /** Bytes that have not been handed to the system. */
    @Override
    public long queueSize() {
        return writer.queued();
    }

    @Override
    public boolean close(int code, @Nullable String reason) {
        byte[] words =
                reason == null ? new byte[0] : ByteString.encodeUtf8(reason).toByteArray();
        byte[] payload = new byte[Short.BYTES + words.length];
        payload[0] = (byte) (code >> Byte.SIZE);
        payload[1] = (byte) code;
        System.arraycopy(words, 0, payload, Short.BYTES, words.length);
        return writer.putLast(payload);
    }

    /** Cuts the connection; the listener hears of a failure. */
    @Override
    public void cancel() {
        Socket open = connection;
        if (open != null) {
            open.cancel();
        }
        call.cancel();
    }

    @Override
    public Request request() {
        return request;
    }
}
