package app_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	contentapp "go.updspace.com/portal/content/app"
	contentdomain "go.updspace.com/portal/content/domain"
)

func TestAPostHasAtMostTenFiles(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var files []uuid.UUID
	for range contentdomain.MaxPostAttachments + 1 {
		files = append(files, w.upload(t).ID())
	}
	write := func(n int) error {
		return result(w.posts.Create(w.as(w.author), w.author, contentapp.CreatePost{Draft: contentdomain.PostDraft{Visibility: authz.VisibilityPublic, Title: "x"}, Attachments: files[:n]}))
	}
	edit := func(n int) error {
		return result(w.posts.Edit(w.as(w.author), w.author, w.post.ID(), contentapp.EditPost{Attachments: files[:n]}))
	}
	require.Equal(t, errs.Invalid, errs.KindOf(write(len(files))))
	require.Equal(t, errs.Invalid, errs.KindOf(edit(len(files))))
	require.NoError(t, edit(len(files)-1))
}
