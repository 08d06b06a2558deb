package service

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

// Answer is what all generated responses have in common.
type Answer interface {
	StatusCode() int
	GetBody() []byte
}

// OK requires success and returns the answer.
func OK[R Answer](t testing.TB, r R, err error) R {
	t.Helper()
	require.NoError(t, err)
	require.Less(t, r.StatusCode(), http.StatusMultipleChoices, "%s", r.GetBody())
	return r
}

// Refused requires a failure with a status and a code.
func Refused(t testing.TB, status int, code string, r Answer, err error) {
	t.Helper()
	require.NoError(t, err)
	require.Equal(t, status, r.StatusCode(), "%s", r.GetBody())
	require.Equal(t, code, Code(r), "%s", r.GetBody())
}

// Invalid requires a VALIDATION_ERROR that names exactly the given fields.
func Invalid(t testing.TB, r Answer, err error, fields ...string) {
	t.Helper()
	Refused(t, http.StatusUnprocessableEntity, "VALIDATION_ERROR", r, err)
	named := make([]string, 0, len(fields))
	for field := range Failure(r).Details.Fields {
		named = append(named, field)
	}
	require.ElementsMatch(t, fields, named, "%s", r.GetBody())
}

// Error is the error of an answer.
type Error struct {
	Code, Message string
	Details       struct {
		Fields     map[string]string
		Permission string
	}
}

// Failure returns the error of an answer; the zero value when it has none.
func Failure(r Answer) Error {
	var body struct{ Error Error }
	if json.Unmarshal(r.GetBody(), &body) != nil {
		return Error{}
	}
	return body.Error
}

// Code returns the error code of an answer.
func Code(r Answer) string { return Failure(r).Code }
