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

	"go.updspace.com/api/contract"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/signing"
)

// record collects what the access log says about a request. Only the goroutine of the request uses it.
type record struct {
	requestID string
	operation string
	subject   reqctx.Context
	err       error
	denials   denials
}

type recordKey struct{}

// recordOf never returns nil, so that handlers also work without Observe.
func recordOf(ctx context.Context) *record {
	if rec, ok := ctx.Value(recordKey{}).(*record); ok {
		return rec
	}
	return &record{}
}

// RequestID returns the id of the request being served.
func RequestID(ctx context.Context) string { return recordOf(ctx).requestID }

// SetOperation names the operation of a request for log and metrics, for handlers that are not generated. Names must come from a
// bounded set.
func SetOperation(ctx context.Context, operation string) { recordOf(ctx).operation = operation }

// SetSubject gives the access log the request context.
func SetSubject(ctx context.Context, rc reqctx.Context) { recordOf(ctx).subject = rc }

// Observe adds what every request gets: an id, recovery from panics, security headers, a limit to how slowly the client may
// read, metrics and one log line.
func (s *Server) Observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		id := r.Header.Get(signing.HeaderRequestID)
		if !validRequestID(id) {
			id = uuid.NewString()
		}
		rec := &record{requestID: id}
		r = r.WithContext(context.WithValue(r.Context(), recordKey{}, rec))
		w.Header().Set(signing.HeaderRequestID, id)
		sw := newStatusWriter(w, r, s.writeTimeout)
		defer func() {
			abort := s.recovered(sw, r, rec, recover())
			s.finish(r, rec, sw, time.Since(start))
			if abort {
				panic(http.ErrAbortHandler)
			}
		}()
		next.ServeHTTP(sw, r)
	})
}

// recovered turns a panic into an answer. It reports whether the connection must be broken instead, because the answer has
// begun.
func (s *Server) recovered(w *statusWriter, r *http.Request, rec *record, p any) (abort bool) {
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

// statusClientClosed is the status of a request whose client has gone, as nginx calls it. It is no failure of the service.
const statusClientClosed = 499

func (s *Server) finish(r *http.Request, rec *record, w *statusWriter, took time.Duration) {
	status := w.status
	switch {
	case status == 0:
		status = http.StatusOK
	case status >= http.StatusInternalServerError && r.Context().Err() != nil && errors.Is(rec.err, context.Canceled):
		status = statusClientClosed
	}
	s.metrics.observe(rec.operation, r.Method, status, took)
	level := slog.LevelInfo
	switch {
	case status >= http.StatusInternalServerError:
		level = slog.LevelError
	case rec.operation == operationHealth, s.debugLog[rec.operation] && status < http.StatusBadRequest:
		level = slog.LevelDebug
	}
	if !s.log.Enabled(r.Context(), level) {
		return
	}
	path, _ := contract.LoggedPath(r.URL.Path)
	attrs := make([]slog.Attr, 0, 12)
	attrs = append(attrs,
		slog.String("request_id", rec.requestID),
		slog.String("method", r.Method),
		slog.String("path", reqctx.LogText(path)), // never the query: it may hold one-time codes
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
		attrs = append(attrs, slog.String("user", reqctx.LogID(rec.subject.UserID)))
	}
	if rec.subject.Caller != "" {
		attrs = append(attrs, slog.String("caller", rec.subject.Caller))
	}
	if rec.err != nil {
		attrs = append(attrs, slog.String("error", reqctx.LogText(rec.err.Error())))
	}
	if denied := rec.denials.of(status); len(denied) > 0 {
		attrs = append(attrs, slog.Any("denied", denied))
	}
	s.log.LogAttrs(r.Context(), level, "request", attrs...)
}

// validRequestID bounds what a client can write into our logs and headers.
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

// ReadBody reads a request body of at most limit bytes and puts it back to be read again.
func ReadBody(w http.ResponseWriter, r *http.Request, limit int64) ([]byte, error) {
	if r.Body == nil || r.Body == http.NoBody {
		return nil, nil
	}
	if r.ContentLength > limit {
		return nil, tooLarge(limit)
	}
	const prepared = 64 << 10 // a Content-Length may claim more than comes
	buf := bytes.NewBuffer(make([]byte, 0, min(max(r.ContentLength, 0), prepared)+bytes.MinRead))
	_, err := buf.ReadFrom(http.MaxBytesReader(w, r.Body, limit))
	body := buf.Bytes()
	if err != nil {
		var max *http.MaxBytesError
		if errors.As(err, &max) {
			return nil, tooLarge(limit)
		}
		return nil, errs.BadRequestf("The request body could not be read.").Wrap(err)
	}
	r.Body = replayBody{bytes.NewReader(body), body}
	return body, nil
}

// replayBody is a body that was read and can be read again.
type replayBody struct {
	*bytes.Reader
	all []byte
}

func (replayBody) Close() error { return nil }

// Body returns the whole body of a request that ReadBody has read. It must not be changed.
func Body(r *http.Request) (body []byte, ok bool) {
	b, ok := r.Body.(replayBody)
	return b.all, ok
}

func tooLarge(limit int64) error {
	return errs.New(errs.TooLarge, "", fmt.Sprintf("The request body is larger than %d bytes.", limit))
}
