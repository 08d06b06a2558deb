// Package errs is the vocabulary of failure shared by every service: a small
// set of kinds that the transport maps to statuses, and an error type that
// keeps what a person may read (code, message, fields, details) apart from the
// cause, which only the log sees.
package errs

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Kind classifies an error by what the caller can do about it.
type Kind uint8

// The kinds, each with the default code it goes out under.
const (
	Internal        Kind = iota // INTERNAL_ERROR: a defect or an unknown cause
	BadRequest                  // BAD_REQUEST: the request cannot be understood or breaks a rule of its own
	Invalid                     // VALIDATION_ERROR: a field is wrong; Fields says which and why
	Unauthenticated             // UNAUTHORIZED: who is asking is unknown
	Forbidden                   // FORBIDDEN: known, and not allowed
	NotFound                    // NOT_FOUND: does not exist for this caller
	NotAllowed                  // METHOD_NOT_ALLOWED
	Conflict                    // ALREADY_EXISTS: contradicts what is stored
	Gone                        // GONE: existed and is over
	TooLarge                    // PAYLOAD_TOO_LARGE
	Unsupported                 // UNSUPPORTED_MEDIA_TYPE
	RateLimited                 // RATE_LIMITED: try again after RetryAfter
	BadGateway                  // BAD_GATEWAY: another service answered nonsense
	Unavailable                 // SERVICE_UNAVAILABLE: a dependency is away; trying again may help
	Timeout                     // TIMEOUT: a deadline passed
)

var defaultCodes = [...]string{
	Internal: "INTERNAL_ERROR", BadRequest: "BAD_REQUEST", Invalid: "VALIDATION_ERROR",
	Unauthenticated: "UNAUTHORIZED", Forbidden: "FORBIDDEN", NotFound: "NOT_FOUND",
	NotAllowed: "METHOD_NOT_ALLOWED", Conflict: "ALREADY_EXISTS", Gone: "GONE",
	TooLarge: "PAYLOAD_TOO_LARGE", Unsupported: "UNSUPPORTED_MEDIA_TYPE",
	RateLimited: "RATE_LIMITED", BadGateway: "BAD_GATEWAY",
	Unavailable: "SERVICE_UNAVAILABLE", Timeout: "TIMEOUT",
}

// Code returns the code an error of this kind carries when it has none of its own.
func (k Kind) Code() string {
	if int(k) < len(defaultCodes) {
		return defaultCodes[k]
	}
	return defaultCodes[Internal]
}

func (k Kind) String() string { return strings.ToLower(k.Code()) }

// Error is a failure with a public half (everything exported) and a private
// half (the wrapped cause). Values are immutable once shared: the With and
// Wrap methods return copies, so package-level sentinels are safe to refine.
type Error struct {
	Kind       Kind
	Code       string
	Message    string
	Details    map[string]any
	Fields     map[string]string
	RetryAfter time.Duration
	cause      error
}

// New makes an error. An empty code means the kind's own.
func New(kind Kind, code, message string) *Error {
	if code == "" {
		code = kind.Code()
	}
	return &Error{Kind: kind, Code: code, Message: message}
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Code)
	b.WriteString(": ")
	b.WriteString(e.Message)
	for _, name := range slices.Sorted(maps.Keys(e.Fields)) {
		fmt.Fprintf(&b, "; %s: %s", name, e.Fields[name])
	}
	if e.cause != nil {
		b.WriteString(": ")
		b.WriteString(e.cause.Error())
	}
	return b.String()
}

// Unwrap returns the private cause.
func (e *Error) Unwrap() error { return e.cause }

// Is reports whether target is an *Error of the same kind and code, so that a
// refined copy still matches the sentinel it came from.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Kind == e.Kind && t.Code == e.Code
}

// Wrap returns a copy that carries a cause for the log.
func (e *Error) Wrap(cause error) *Error {
	c := *e
	c.cause = cause
	return &c
}

// WithMessage returns a copy with another message.
func (e *Error) WithMessage(format string, args ...any) *Error {
	c := *e
	c.Message = fmt.Sprintf(format, args...)
	return &c
}

// WithDetails returns a copy whose details also hold the given entries.
func (e *Error) WithDetails(details map[string]any) *Error {
	c := *e
	c.Details = maps.Clone(e.Details)
	if c.Details == nil {
		c.Details = make(map[string]any, len(details))
	}
	maps.Copy(c.Details, details)
	return &c
}

// WithRetryAfter returns a copy that tells the caller how long to wait.
func (e *Error) WithRetryAfter(d time.Duration) *Error {
	c := *e
	c.RetryAfter = d
	return &c
}

// Internalf makes an INTERNAL_ERROR; its text is for the log only.
func Internalf(format string, args ...any) *Error {
	return New(Internal, "", "Something went wrong on our side.").Wrap(fmt.Errorf(format, args...))
}

// BadRequestf makes a BAD_REQUEST.
func BadRequestf(format string, args ...any) *Error {
	return New(BadRequest, "", fmt.Sprintf(format, args...))
}

// Unauthenticatedf makes an UNAUTHORIZED.
func Unauthenticatedf(format string, args ...any) *Error {
	return New(Unauthenticated, "", fmt.Sprintf(format, args...))
}

// Forbiddenf makes a FORBIDDEN.
func Forbiddenf(format string, args ...any) *Error {
	return New(Forbidden, "", fmt.Sprintf(format, args...))
}

// NotFoundf makes a NOT_FOUND.
func NotFoundf(format string, args ...any) *Error {
	return New(NotFound, "", fmt.Sprintf(format, args...))
}

// Conflictf makes an ALREADY_EXISTS.
func Conflictf(format string, args ...any) *Error {
	return New(Conflict, "", fmt.Sprintf(format, args...))
}

// Unavailablef makes a SERVICE_UNAVAILABLE.
func Unavailablef(format string, args ...any) *Error {
	return New(Unavailable, "", fmt.Sprintf(format, args...))
}

// KindOf returns the kind of the first *Error in err's tree, else Internal.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// Fields collects what is wrong with an input, field by field, so that a
// caller learns of every mistake at once. Names are wire names; nested ones
// use dots and indexes (options.2.title).
type Fields map[string]string

// Add records why a field is wrong. The first reason for a field is kept.
func (f Fields) Add(field, why string) {
	if _, ok := f[field]; !ok {
		f[field] = why
	}
}

// Check adds the reason unless ok holds.
func (f Fields) Check(ok bool, field, why string) {
	if !ok {
		f.Add(field, why)
	}
}

// Err returns nil when nothing was added, else a VALIDATION_ERROR.
func (f Fields) Err() error {
	if len(f) == 0 {
		return nil
	}
	e := New(Invalid, "", "Some fields are not valid.")
	e.Fields = maps.Clone(f)
	return e
}
