package httpx

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/signing"
)

// record is what becomes known about a request while it is served. It is
// owned by the request's goroutine.
type record struct {
	requestID string
	operation string
	subject   reqctx.Context
	err       error
}

type recordKey struct{}

// recordOf never returns nil, so that handlers also work outside of Edge.
func recordOf(ctx context.Context) *record {
	if rec, ok := ctx.Value(recordKey{}).(*record); ok {
		return rec
	}
	return &record{}
}

// RequestID returns the id of the request being served.
func RequestID(ctx context.Context) string { return recordOf(ctx).requestID }

// SetOperation names the operation of a request for log and metrics, for
// handlers that are not generated. Names must come from a bounded set.
func SetOperation(ctx context.Context, operation string) { recordOf(ctx).operation = operation }

// SetSubject tells the access log who is asking.
func SetSubject(ctx context.Context, rc reqctx.Context) { recordOf(ctx).subject = rc }

// Edge adds what every request gets: an id, recovery from panics, metrics and
// one log line.
func (k *Kit) Edge(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		id := r.Header.Get(signing.HeaderRequestID)
		if !validRequestID(id) {
			id = uuid.NewString()
		}
		rec := &record{requestID: id}
		r = r.WithContext(context.WithValue(r.Context(), recordKey{}, rec))
		w.Header().Set(signing.HeaderRequestID, id)
		sw := &statusWriter{ResponseWriter: w}
		defer func() {
			abort := k.recovered(sw, r, rec, recover())
			k.finish(r, rec, sw, time.Since(start))
			if abort {
				panic(http.ErrAbortHandler)
			}
		}()
		next.ServeHTTP(sw, r)
	})
}

// recovered turns a panic into an answer. It reports whether the connection
// must be broken instead, because the answer had already begun.
func (k *Kit) recovered(w *statusWriter, r *http.Request, rec *record, p any) (abort bool) {
	if p == nil {
		return false
	}
	if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		return true
	}
	err := errs.Internalf("panic: %v\n%s", p, debug.Stack())
	if w.status != 0 {
		rec.err = err
		return true
	}
	WriteError(w, r, err)
	return false
}

func (k *Kit) finish(r *http.Request, rec *record, w *statusWriter, took time.Duration) {
	status := w.status
	if status == 0 {
		status = http.StatusOK
	}
	k.metrics.observe(rec.operation, r.Method, status, took)
	level := slog.LevelInfo
	switch {
	case status >= http.StatusInternalServerError:
		level = slog.LevelError
	case rec.operation == operationHealth, k.quiet[rec.operation] && status < http.StatusBadRequest:
		level = slog.LevelDebug
	}
	if !k.log.Enabled(r.Context(), level) {
		return
	}
	attrs := make([]slog.Attr, 0, 12)
	attrs = append(attrs,
		slog.String("request_id", rec.requestID),
		slog.String("method", r.Method),
		slog.String("path", r.URL.Path), // never the query: it may hold one-time codes
		slog.Int("status", status),
		slog.Int64("bytes", w.bytes),
		slog.Duration("took", took),
	)
	if rec.operation != "" {
		attrs = append(attrs, slog.String("operation", rec.operation))
	}
	if rec.subject.TenantID != uuid.Nil {
		attrs = append(attrs, slog.String("tenant", rec.subject.TenantID.String()))
	}
	if rec.subject.UserID != uuid.Nil {
		attrs = append(attrs, slog.String("user", rec.subject.UserID.String()))
	}
	if rec.subject.Caller != "" {
		attrs = append(attrs, slog.String("caller", rec.subject.Caller))
	}
	if rec.err != nil {
		attrs = append(attrs, slog.String("error", rec.err.Error()))
	}
	k.log.LogAttrs(r.Context(), level, "request", attrs...)
}

// validRequestID bounds what a client may put into our logs and headers.
func validRequestID(s string) bool {
	if s == "" || len(s) > 128 {
		return false
	}
	for _, c := range []byte(s) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '_', c == '.', c == ':':
		default:
			return false
		}
	}
	return true
}

// ReadBody reads a request body of at most limit bytes and puts it back, so
// that it can be signed, checked and then read again.
func ReadBody(w http.ResponseWriter, r *http.Request, limit int64) ([]byte, error) {
	if r.Body == nil || r.Body == http.NoBody {
		return nil, nil
	}
	if r.ContentLength > limit {
		return nil, tooLarge(limit)
	}
	// room for what is announced, as far as an announcement is to be believed
	const believed = 64 << 10
	buf := bytes.NewBuffer(make([]byte, 0, min(max(r.ContentLength, 0), believed)+bytes.MinRead))
	_, err := buf.ReadFrom(http.MaxBytesReader(w, r.Body, limit))
	body := buf.Bytes()
	if err != nil {
		var max *http.MaxBytesError
		if errors.As(err, &max) {
			return nil, tooLarge(limit)
		}
		return nil, errs.BadRequestf("The request body could not be read.").Wrap(err)
	}
	r.Body = unread{bytes.NewReader(body), body}
	return body, nil
}

// unread is a body that was read and is there to be read again.
type unread struct {
	*bytes.Reader
	all []byte
}

func (unread) Close() error { return nil }

// Body returns the whole body of a request that came through the kit, which has
// it in memory, and leaves it to be read. It must not be changed.
func Body(r *http.Request) (body []byte, ok bool) {
	b, ok := r.Body.(unread)
	return b.all, ok
}

func tooLarge(limit int64) error {
	return errs.New(errs.TooLarge, "", fmt.Sprintf("The request body is larger than %d bytes.", limit))
}

// statusWriter remembers what was answered.
type statusWriter struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (w *statusWriter) WriteHeader(status int) {
	if w.status == 0 && status >= http.StatusOK { // 1xx are not the answer
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *statusWriter) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(b)
	w.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach Flush and the deadlines.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Flush implements http.Flusher for handlers that stream.
func (w *statusWriter) Flush() {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	if f, ok := w.ResponseWriter.(http.Flusher); ok {
		f.Flush()
	}
}
