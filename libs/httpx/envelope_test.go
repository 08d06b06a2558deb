package httpx_test

import (
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/httpx"
)

// What WriteError writes, ReadError reads.
func TestAnErrorIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	for _, kind := range errs.Kinds() {
		sent := errs.New(kind, "THING_BROKEN", "It is broken.").WithDetails(map[string]any{"part": "wheel"})
		if kind == errs.RateLimited {
			sent = sent.WithRetryAfter(7 * time.Second)
		}
		w := httptest.NewRecorder()
		httpx.WriteError(w, httptest.NewRequestWithContext(t.Context(), "GET", "/", nil), sent)
		got := httpx.ReadError(w.Code, w.Body.Bytes())
		require.ErrorIs(t, got, sent, kind.Code())
		require.Equal(t, sent.Message, got.Message)
		require.Equal(t, "wheel", got.Details["part"])
		require.Equal(t, sent.RetryAfter, got.RetryAfter)
	}
	for _, body := range []string{``, `<html>`, `{}`, `{"error":{"code":""}}`, `{"error":"invalid_grant"}`} {
		require.Nil(t, httpx.ReadError(400, []byte(body)), body)
	}
	require.Nil(t, httpx.ReadError(418, []byte(`{"error":{"code":"TEAPOT"}}`)), "a status that the platform does not use")
}
