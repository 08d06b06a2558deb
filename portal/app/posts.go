package app

import (
	"context"
	"errors"
	"slices"

	"github.com/google/uuid"

	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports"
)

// Posts are the use cases around posts.
type Posts struct {
	gate     gate
	reaches  ports.Reaches
	posts    ports.Posts
	files    ports.Files
	places   ports.Places
	members  ports.Memberships
	markdown ports.Markdown
	events   ports.Events
	journal  ports.Journal
	tx       ports.Tx
	once     ports.Once
	clock    ports.Clock
}

// PostsNeed is what the use cases of posts need from outside.
type PostsNeed struct {
	Access   ports.Access
	Reaches  ports.Reaches
	Posts    ports.Posts
	Files    ports.Files
	Places   ports.Places
	Members  ports.Memberships
	Markdown ports.Markdown
	Events   ports.Events
	Journal  ports.Journal
	Tx       ports.Tx
	Once     ports.Once
	Clock    ports.Clock
}

// NewPosts needs everything but its own rules from outside.
func NewPosts(n PostsNeed) *Posts {
	return &Posts{
		gate: gate{n.Access}, reaches: n.Reaches, posts: n.Posts, files: n.Files, places: n.Places, members: n.Members, markdown: n.Markdown,
		events: n.Events, journal: n.Journal, tx: n.Tx, once: n.Once, clock: n.Clock,
	}
}

// Get returns one post.
func (s *Posts) Get(ctx context.Context, by domain.Actor, id uuid.UUID) (domain.Post, error) {
	post, _, err := s.enter(ctx, by, id)
	return s.shown(post), err
}

// enter finds a post for somebody who sees it, and whether he may change it. Whoever may not read at all is told so,
// whether there is such a post or not; whoever may is told that there is none when he does not see it.
func (s *Posts) enter(ctx context.Context, by domain.Actor, id uuid.UUID) (post domain.Post, changes bool, err error) {
	asks := []domain.Ask{{Permission: domain.PermissionPostsRead, Scope: domain.TenantScope(by.Tenant)}}
	post, missing := s.posts.Find(ctx, id)
	switch {
	case missing == nil:
		asks = append(asks, post.AskToRead(), post.AskToManage(), post.AskToReadPrivate())
	case !errors.Is(missing, domain.ErrPostNotFound):
		return domain.Post{}, false, missing
	}
	answers, err := s.gate.access.AllowedEach(ctx, asks)
	if err != nil {
		return domain.Post{}, false, err
	}
	if missing == nil && (answers[1] || post.Data().Visibility == domain.VisibilityPrivate && answers[3]) {
		return post, answers[2] || post.WrittenBy(by.User), nil
	}
	if !answers[0] {
		return domain.Post{}, false, refused(domain.PermissionPostsRead)
	}
	return domain.Post{}, false, domain.ErrPostNotFound
}

// shown makes the HTML of posts again that an older renderer made.
func (s *Posts) shown(post domain.Post) domain.Post {
	if s.markdown.Renews(post.Data().Rendered) {
		return post.WithRendered(s.markdown.Render(post.Data().Body))
	}
	return post
}

// attachable finds the files that an author names for his post. Whatever he cannot attach does not exist for him; what
// the post has already stays, whoever uploaded it.
func (s *Posts) attachable(ctx context.Context, by domain.Actor, post domain.Post, ids []uuid.UUID) ([]domain.File, error) {
	wanted := slices.Compact(slices.SortedFunc(slices.Values(ids), compareIDs))
	if len(wanted) > domain.MaxPostAttachments {
		return nil, errTooManyAttachments()
	}
	if len(wanted) == 0 {
		return []domain.File{}, nil
	}
	found, err := s.files.FindEach(ctx, wanted)
	if err != nil {
		return nil, err
	}
	has := post.Data().Attachments
	for _, file := range found {
		if !file.AttachableTo(post, by) && !slices.ContainsFunc(has, func(f domain.File) bool { return f.ID() == file.ID() }) {
			return nil, errNoSuchAttachment()
		}
	}
	if len(found) != len(wanted) {
		return nil, errNoSuchAttachment()
	}
	return found, nil
}

// attach makes the files of a post its own, in the transaction that stores the post.
func (s *Posts) attach(ctx context.Context, post domain.Post) error {
	files := post.Data().Attachments
	ids := make([]uuid.UUID, len(files))
	for i, file := range files {
		ids[i] = file.ID()
	}
	all, err := s.files.Attach(ctx, post.ID(), ids, s.clock.Now())
	if err == nil && !all {
		err = errNoSuchAttachment()
	}
	return err
}
