package httpx

import (
	"context"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"strconv"
	"time"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
)

// Envelope is the error body of the platform.
type Envelope struct {
	Error EnvelopeError `json:"error"`
	// RetryAfter, Limit and Window repeat the details of a 429 where older
	// clients look for them.
	RetryAfter int `json:"retry_after,omitempty"` // seconds
	Limit      any `json:"limit,omitempty"`
	Window     any `json:"window,omitempty"`
}

// EnvelopeError is what went wrong, for a program (Code) and for a person (Message).
type EnvelopeError struct {
	Code      string         `json:"code"`
	Message   string         `json:"message"`
	Details   map[string]any `json:"details"`
	RequestID string         `json:"request_id"`
}

var statuses = map[errs.Kind]int{
	errs.Internal:        http.StatusInternalServerError,
	errs.BadRequest:      http.StatusBadRequest,
	errs.Invalid:         http.StatusUnprocessableEntity,
	errs.Unauthenticated: http.StatusUnauthorized,
	errs.Forbidden:       http.StatusForbidden,
	errs.NotFound:        http.StatusNotFound,
	errs.NotAllowed:      http.StatusMethodNotAllowed,
	errs.Conflict:        http.StatusConflict,
	errs.Gone:            http.StatusGone,
	errs.TooLarge:        http.StatusRequestEntityTooLarge,
	errs.Unsupported:     http.StatusUnsupportedMediaType,
	errs.RateLimited:     http.StatusTooManyRequests,
	errs.BadGateway:      http.StatusBadGateway,
	errs.Unavailable:     http.StatusServiceUnavailable,
	errs.Timeout:         http.StatusGatewayTimeout,
	errs.NotImplemented:  http.StatusNotImplemented,
}

// Status is the HTTP status of a kind of error.
func Status(kind errs.Kind) int { return statuses[kind] }

// ReadError is the error that another service answered with, of the kind of its status, or nil when the answer is not the
// platform's envelope.
func ReadError(status int, body []byte) *errs.Error {
	var e Envelope
	isEnvelope := json.Unmarshal(body, &e) == nil && e.Error.Code != ""
	for kind, s := range statuses {
		if s == status && isEnvelope {
			return errs.New(kind, e.Error.Code, e.Error.Message).WithDetails(e.Error.Details).
				WithRetryAfter(time.Duration(e.RetryAfter) * time.Second)
		}
	}
	return nil
}

// Public returns the error as it may be shown: err itself when it is an
// *errs.Error, else one that says only what kind of failure it was.
func Public(err error) *errs.Error {
	var e *errs.Error
	if errors.As(err, &e) {
		return e
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return errs.New(errs.Timeout, "", "The request took too long.").Wrap(err)
	case errors.Is(err, context.Canceled):
		return errs.New(errs.Unavailable, "", "The request was cancelled.").Wrap(err)
	}
	return errs.Internalf("%w", err)
}

// unavailableFor is how many seconds a client waits before it asks a service again that was not available, unless the error says more.
const unavailableFor = "1"

// WriteError answers with the envelope and leaves the error for the access
// log, which writes it once together with the request.
func WriteError(w http.ResponseWriter, r *http.Request, err error) {
	e := Public(err)
	recordOf(r.Context()).err = err

	details := make(map[string]any, len(e.Details)+2)
	for name, value := range e.Details {
		details[name] = value
	}
	if len(e.Fields) > 0 {
		details["fields"] = e.Fields
		details["reasons"] = fieldReasons(e.Reasons)
	}
	body := Envelope{Error: EnvelopeError{Code: e.Code, Message: e.Message, Details: details, RequestID: RequestID(r.Context())}}
	h := w.Header()
	if e.RetryAfter > 0 {
		body.RetryAfter = int(math.Ceil(e.RetryAfter.Seconds()))
		h.Set("Retry-After", strconv.Itoa(body.RetryAfter))
	} else if e.Kind == errs.Unavailable {
		h.Set("Retry-After", unavailableFor)
	}
	if e.Kind == errs.RateLimited {
		details["retry_after"] = body.RetryAfter
		body.Limit, body.Window = details["limit"], details["window"]
	}
	h.Del("Content-Length")
	h.Del("Content-Encoding")
	h.Del("ETag")
	h.Set("Cache-Control", "no-store")
	WriteJSON(w, Status(e.Kind), body)
}

// FieldReason is why a field is refused, for programs.
type FieldReason struct {
	Field  string         `json:"field"`
	Code   why.Code       `json:"code"`
	Params map[string]any `json:"params"`
}

func fieldReasons(reasons []errs.FieldReason) []FieldReason {
	written := make([]FieldReason, len(reasons))
	for i, r := range reasons {
		written[i] = FieldReason{Field: r.Field, Code: r.Code(), Params: r.Params()}
	}
	return written
}

// WriteJSON answers with a JSON body.
func WriteJSON(w http.ResponseWriter, status int, body any) {
	b, err := json.Marshal(body)
	if err != nil { // details that do not marshal are a defect: say so without them
		status = http.StatusInternalServerError
		b = []byte(`{"error":{"code":"INTERNAL_ERROR","message":"Something went wrong on our side.","details":{},"request_id":""}}`)
	}
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(b) // an error means that the client is gone
}
