package httpx

import (
	"net/http"
	"time"
)

// statusWriter writes an answer: it remembers the status and the size, adds the security headers that the handler did not
// set, and gives up when the client does not read.
type statusWriter struct {
	http.ResponseWriter
	control *http.ResponseController
	timeout time.Duration
	https   bool
	status  int
	bytes   int64
}

// pieceBytes is how much the client must read within the write timeout.
const pieceBytes = 256 << 10

func newStatusWriter(w http.ResponseWriter, r *http.Request, timeout time.Duration) *statusWriter {
	sw := &statusWriter{ResponseWriter: w, control: http.NewResponseController(w), timeout: timeout, https: overHTTPS(r)}
	_ = sw.control.SetWriteDeadline(time.Time{}) // that of the previous request; not every writer has deadlines
	return sw
}

// overHTTPS tells whether the browser speaks TLS, to us or to the proxy in front. A client that lies about it only gets a
// header that browsers ignore.
func overHTTPS(r *http.Request) bool {
	return r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https"
}

// securityHeaders are set on every answer unless the handler, or the service behind the gateway, has set them already.
var securityHeaders = [...]struct {
	name  string
	value []string
}{
	{"X-Content-Type-Options", []string{"nosniff"}},
	{"X-Frame-Options", []string{"DENY"}},
	{"Referrer-Policy", []string{"same-origin"}}, // "no-referrer" would make the Origin of our own forms null
}

var hsts = []string{"max-age=31536000"}

func (w *statusWriter) WriteHeader(status int) {
	if w.status == 0 && status >= http.StatusOK { // 1xx are not the answer
		w.status = status
		header := w.Header()
		for _, h := range securityHeaders {
			if header[h.name] == nil {
				header[h.name] = h.value
			}
		}
		if w.https && header["Strict-Transport-Security"] == nil {
			header["Strict-Transport-Security"] = hsts
		}
	}
	w.extend()
	w.ResponseWriter.WriteHeader(status)
}

// Write writes piece by piece, so that a slow client has the whole timeout for each of them.
func (w *statusWriter) Write(b []byte) (int, error) {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	written := 0
	for {
		piece := b[written:min(written+pieceBytes, len(b))]
		w.extend()
		n, err := w.ResponseWriter.Write(piece)
		written += n
		w.bytes += int64(n)
		if err != nil || written == len(b) {
			return written, err
		}
	}
}

// extend gives the client the write timeout from now on.
func (w *statusWriter) extend() { _ = w.control.SetWriteDeadline(time.Now().Add(w.timeout)) }

// Unwrap lets http.ResponseController reach Flush and the deadlines.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Flush implements http.Flusher for handlers that stream.
func (w *statusWriter) Flush() {
	if w.status == 0 {
		w.WriteHeader(http.StatusOK)
	}
	w.extend()
	if f, ok := w.ResponseWriter.(http.Flusher); ok {
		f.Flush()
	}
}
