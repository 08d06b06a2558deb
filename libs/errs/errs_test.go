package errs_test

import (
	"errors"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
)

var errVoted = errs.New(errs.Conflict, "ALREADY_VOTED", "You have already voted.")

func TestRefinedCopiesMatchTheirOriginal(t *testing.T) {
	refined := errVoted.Wrap(io.EOF).WithDetails(map[string]any{"poll": 1}).WithRetryAfter(time.Second).WithMessage("again, %s", "Bob")
	err := fmt.Errorf("casting: %w", refined)
	require.ErrorIs(t, err, errVoted)
	require.ErrorIs(t, err, io.EOF)
	require.NotErrorIs(t, err, errs.New(errs.Conflict, "", ""), "another code")
	require.NotErrorIs(t, err, errs.New(errs.Gone, "ALREADY_VOTED", ""), "another kind")
	require.Equal(t, errs.Conflict, errs.KindOf(err))
	require.Nil(t, errVoted.Details, "the original is unchanged")
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
	f.Check(true, "ok", why.Required)
	f.Check(false, "title", why.TooLong(5))
	f.Add("title", why.Required)
	var e *errs.Error
	require.ErrorAs(t, f.Err(), &e)
	require.Equal(t, map[string]string{"title": "must be at most 5 characters long"}, e.Fields)
	require.Equal(t, []errs.FieldReason{{Field: "title", Reason: why.TooLong(5)}}, e.Reasons)
	require.Equal(t, "VALIDATION_ERROR", e.Code)
	require.Contains(t, e.Error(), "title: must be at most 5")
}

func TestAnAnswerNamesAHundredFieldsAtMost(t *testing.T) {
	fields := errs.Fields{}
	for i := range 20000 {
		fields.Add(fmt.Sprintf("items.%05d", i), why.Required)
	}
	var e *errs.Error
	require.ErrorAs(t, fields.Err(), &e)
	require.Len(t, e.Fields, 100)
	require.Len(t, e.Reasons, 100)
	require.Equal(t, "items.00000", e.Reasons[0].Field)
	require.Equal(t, "items.00099", e.Reasons[99].Field)
}
