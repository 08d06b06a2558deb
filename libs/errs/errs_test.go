package errs_test

import (
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/errs"
)

var errVoted = errs.New(errs.Conflict, "ALREADY_VOTED", "You have already voted.")

func TestRefinedCopiesMatchTheirSentinel(t *testing.T) {
	refined := errVoted.Wrap(io.EOF).WithDetails(map[string]any{"poll": 1}).WithRetryAfter(time.Second).WithMessage("again, %s", "Bob")
	err := fmt.Errorf("casting: %w", refined)
	require.ErrorIs(t, err, errVoted)
	require.ErrorIs(t, err, io.EOF)
	require.NotErrorIs(t, err, errs.New(errs.Conflict, "", ""))
	require.Equal(t, errs.Conflict, errs.KindOf(err))
	require.Nil(t, errVoted.Details, "the sentinel itself is untouched")
	require.NoError(t, errors.Unwrap(errVoted))
}

func TestWithDetailsKeepsWhatWasThere(t *testing.T) {
	a := errVoted.WithDetails(map[string]any{"a": 1})
	b := a.WithDetails(map[string]any{"b": 2})
	require.Equal(t, map[string]any{"a": 1, "b": 2}, b.Details)
	require.Equal(t, map[string]any{"a": 1}, a.Details)
}

func TestKindOfForeignErrorIsInternal(t *testing.T) {
	require.Equal(t, errs.Internal, errs.KindOf(io.EOF))
	require.Equal(t, "INTERNAL_ERROR", errs.Internal.Code())
	require.Equal(t, "INTERNAL_ERROR", errs.Kind(200).Code())
}

func TestFields(t *testing.T) {
	f := errs.Fields{}
	require.NoError(t, f.Err())
	f.Check(true, "ok", "never")
	f.Check(false, "title", "is required")
	f.Add("title", "second reason is dropped")
	var e *errs.Error
	require.ErrorAs(t, f.Err(), &e)
	require.Equal(t, map[string]string{"title": "is required"}, e.Fields)
	require.Equal(t, "VALIDATION_ERROR", e.Code)
	require.Contains(t, e.Error(), "title: is required")
}
