package portstest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.updspace.com/portal/domain"
)

// NewPost makes a post or fails the test.
func NewPost(t testing.TB, by domain.Actor, draft domain.PostDraft, at time.Time) domain.Post {
	t.Helper()
	post, err := domain.NewPost(by, draft, at)
	require.NoError(t, err)
	return post
}
