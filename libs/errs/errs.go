// Package errs holds the errors that all services share: a set of kinds that the transport maps to statuses, and an error
// type that separates its public half (code, message, fields, details) from its cause, which only the log contains.
package errs

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"go.updspace.com/libs/errs/why"
)

// Kind classifies an error by what a client can do about it.
type Kind uint8

// The kinds, each with its default code.
const (
	Internal        Kind = iota // INTERNAL_ERROR: a defect or an unknown cause
	BadRequest                  // BAD_REQUEST: the request cannot be parsed, or breaks a rule with a code of its own
	Invalid                     // VALIDATION_ERROR: a field is not valid; Fields has the reasons
	Unauthenticated             // UNAUTHORIZED: the caller is not known
	Forbidden                   // FORBIDDEN: the caller is known and not allowed
	NotFound                    // NOT_FOUND: does not exist for this caller
	NotAllowed                  // METHOD_NOT_ALLOWED
	Conflict                    // ALREADY_EXISTS: conflicts with stored data
	Gone                        // GONE: existed and has ended
	TooLarge                    // PAYLOAD_TOO_LARGE
	Unsupported                 // UNSUPPORTED_MEDIA_TYPE
	RateLimited                 // RATE_LIMITED: retry after RetryAfter
	BadGateway                  // BAD_GATEWAY: another service sent an invalid answer
	Unavailable                 // SERVICE_UNAVAILABLE: a dependency does not answer; a retry may help
	Timeout                     // TIMEOUT: a deadline passed
	NotImplemented              // NOT_IMPLEMENTED: this installation does not have the feature
)

var defaultCodes = [...]string{
	Internal: "INTERNAL_ERROR", BadRequest: "BAD_REQUEST", Invalid: "VALIDATION_ERROR",
	Unauthenticated: "UNAUTHORIZED", Forbidden: "FORBIDDEN", NotFound: "NOT_FOUND",
	NotAllowed: "METHOD_NOT_ALLOWED", Conflict: "ALREADY_EXISTS", Gone: "GONE",
	TooLarge: "PAYLOAD_TOO_LARGE", Unsupported: "UNSUPPORTED_MEDIA_TYPE",
	RateLimited: "RATE_LIMITED", BadGateway: "BAD_GATEWAY",
	Unavailable: "SERVICE_UNAVAILABLE", Timeout: "TIMEOUT", NotImplemented: "NOT_IMPLEMENTED",
}

// Kinds are all kinds.
func Kinds() []Kind {
	kinds := make([]Kind, len(defaultCodes))
	for i := range kinds {
		kinds[i] = Kind(i)
	}
	return kinds
}

// CommonCodes returns the codes that any operation can answer without listing them: the default code of each kind, and those of
// libs/httpx and libs/idempotency.
func CommonCodes() []string {
	return append(slices.Clone(defaultCodes[:]), "MISSING_TENANT_CONTEXT", "IDEMPOTENCY_KEY_REUSED")
}

// Code returns the default code of the kind.
func (k Kind) Code() string {
	if int(k) < len(defaultCodes) {
		return defaultCodes[k]
	}
	return defaultCodes[Internal]
}

func (k Kind) String() string { return strings.ToLower(k.Code()) }

// Error has a public half, the exported fields, and a private half, the wrapped cause. The With and Wrap methods return
// copies, so a package-level error can be refined.
type Error struct {
	Kind       Kind
	Code       string
	Message    string
	Details    map[string]any
	Fields     map[string]string // by field, the sentence for people
	Reasons    []FieldReason     // the same for programs, sorted by field
	RetryAfter time.Duration
	cause      error
}

// FieldReason is a field and why it is refused.
type FieldReason struct {
	Field string
	why.Reason
}

// New makes an error. An empty code means the default code of the kind.
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

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.cause }

// Is reports whether target is an *Error of the same kind and code, so a refined copy matches the error that it was made
// of.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Kind == e.Kind && t.Code == e.Code
}

// Wrap returns a copy with a cause for the log.
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

// WithRetryAfter returns a copy with the time to wait before a retry.
func (e *Error) WithRetryAfter(d time.Duration) *Error {
	c := *e
	c.RetryAfter = d
	return &c
}

// Internalf makes an INTERNAL_ERROR. Its text goes to the log only.
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

// KindOf returns the kind of the first *Error in the tree of err, or Internal.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// Fields collects the errors of an input by field, so that one answer has all of them. Names are those of the wire; nested
// names have dots and indexes (options.2.title).
type Fields map[string]why.Reason

// mostFields is how many fields one answer names: an input with ten thousand wrong values gets a short answer too.
const mostFields = 100

// Add records why a field is not valid. The first reason for a field is kept.
func (f Fields) Add(field string, reason why.Reason) {
	if _, ok := f[field]; !ok {
		f[field] = reason
	}
}

// Check adds the reason unless ok holds.
func (f Fields) Check(ok bool, field string, reason why.Reason) {
	if !ok {
		f.Add(field, reason)
	}
}

// Err returns nil when no field was added, else a VALIDATION_ERROR.
func (f Fields) Err() error {
	if len(f) == 0 {
		return nil
	}
	return f.refuse()
}

// refuse copies what it needs, so that the Fields of a valid input, as nearly all are, stay on the stack.
func (f Fields) refuse() *Error {
	e := New(Invalid, "", "Some fields are not valid.")
	names := slices.Sorted(maps.Keys(f))
	names = names[:min(len(names), mostFields)]
	e.Fields = make(map[string]string, len(names))
	e.Reasons = make([]FieldReason, 0, len(names))
	for _, field := range names {
		e.Fields[field] = f[field].String()
		e.Reasons = append(e.Reasons, FieldReason{field, f[field]})
	}
	return e
}

// Field makes a VALIDATION_ERROR of one field.
func Field(field string, reason why.Reason) *Error { return Fields{field: reason}.refuse() }
