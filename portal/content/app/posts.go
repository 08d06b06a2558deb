package app

import (
	"bytes"
	"context"
	"errors"
	"slices"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/portal/content/domain"
)

// Posts are the use cases of posts.
type Posts struct{ Deps }

// Get returns one post.
func (s Posts) Get(ctx context.Context, by authz.Actor, id uuid.UUID) (domain.Post, error) {
	post, _, err := s.readable(ctx, by, id)
	return s.shown(post), err
}

// readable finds a post that the caller can read and reports whether the caller may change it. A caller who can read no posts
// at all gets 403, whether the post exists or not; one who cannot read this post gets 404.
func (d Deps) readable(ctx context.Context, by authz.Actor, id uuid.UUID) (post domain.Post, changes bool, err error) {
	checks := []authz.Check{{Permission: domain.PermissionPostsRead, Scope: authz.TenantScope(by.Tenant)}}
	post, missing := d.Posts.Find(ctx, id)
	switch {
	case missing == nil:
		checks = append(checks, post.ReadCheck(), post.ManageCheck(), post.ReadPrivateCheck())
	case !errors.Is(missing, domain.ErrPostNotFound):
		return domain.Post{}, false, missing
	}
	answers, err := d.Access.CheckAll(ctx, checks)
	if err != nil {
		return domain.Post{}, false, err
	}
	if missing == nil && (answers[1] || post.Data().Visibility == authz.VisibilityPrivate && answers[3]) {
		return post, answers[2] || post.WrittenBy(by.User), nil
	}
	if !answers[0] {
		return domain.Post{}, false, authz.Denied(domain.PermissionPostsRead)
	}
	return domain.Post{}, false, domain.ErrPostNotFound
}

// shown renders the body again if it was rendered by other rules.
func (s Posts) shown(post domain.Post) domain.Post {
	if post.Data().Rendered.By == s.Markdown.Version() {
		return post
	}
	rendered, err := s.Markdown.Render(post.Data().Body)
	if err != nil {
		rendered = domain.PlainText(post.Data().Body)
	}
	return post.WithRendered(rendered)
}

func checkAttachments(ids []uuid.UUID) error {
	if len(ids) > domain.MaxPostAttachments {
		return errs.Fields{"attachment_ids": why.TooMany(domain.MaxPostAttachments)}.Err()
	}
	return nil
}

func errNoSuchAttachment() error {
	return errs.Fields{"attachment_ids": why.NotFound("must be files that you uploaded and did not attach elsewhere")}.Err()
}

// attachable finds the files that the caller names for a post: pending files of the caller, and files that the post has
// already, of any user. Other files are not found.
func (s Posts) attachable(ctx context.Context, by authz.Actor, post domain.Post, ids []uuid.UUID) ([]domain.File, error) {
	wanted := slices.Compact(slices.SortedFunc(slices.Values(ids), func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) }))
	if len(wanted) == 0 {
		return []domain.File{}, nil
	}
	if err := checkAttachments(wanted); err != nil {
		return nil, err
	}
	found, err := s.Files.FindEach(ctx, wanted)
	if err != nil {
		return nil, err
	}
	for _, file := range found {
		if !file.PendingFor(by.User) && file.Data().PostID != post.ID() {
			return nil, errNoSuchAttachment()
		}
	}
	if len(found) != len(wanted) {
		return nil, errNoSuchAttachment()
	}
	return found, nil
}

// attach attaches the files of a post with their descriptions, in the transaction that stores the post.
func (s Posts) attach(ctx context.Context, post domain.Post) error {
	files := post.Data().Attachments
	all, err := s.Files.Attach(ctx, post.ID(), fileIDs(files), s.Clock.Now())
	switch {
	case err != nil:
		return err
	case !all:
		return errNoSuchAttachment()
	}
	return s.Files.Describe(ctx, files)
}
