package portstest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/authz"
	contentdomain "go.updspace.com/portal/content/domain"
)

// NewPost makes a post or fails the test.
func NewPost(t testing.TB, by authz.Actor, draft contentdomain.PostDraft, at time.Time) contentdomain.Post {
	t.Helper()
	post, err := contentdomain.NewPost(by, draft, at)
	require.NoError(t, err)
	return post
}
