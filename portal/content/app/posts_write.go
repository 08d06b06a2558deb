package app

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/idempotency"
	"go.updspace.com/portal/content/domain"
)

// CreatePost is the input of Create.
type CreatePost struct {
	Draft       domain.PostDraft
	Attachments []uuid.UUID
	AltTexts    map[uuid.UUID]string // descriptions of attachments
}

// Create writes a post. A repeated request gets the post that the first one made.
func (s Posts) Create(ctx context.Context, by authz.Actor, in CreatePost) (domain.Post, error) {
	if err := checkAttachments(in.Attachments); err != nil {
		return domain.Post{}, err
	}
	var err error
	if in.Draft, err = in.Draft.Checked(); err != nil {
		return domain.Post{}, err
	}
	check := in.Draft.WriteCheck(by)
	inGroup := check.Scope.Type != authz.ScopeTenant
	var ranks map[uuid.UUID]int
	if inGroup { // before Access decides, because the decision may depend on them
		if ranks, err = s.Roles.Ranks(ctx, by.User); err != nil {
			return domain.Post{}, err
		}
	}
	if err := authz.Require(ctx, s.Access, check); err != nil {
		return domain.Post{}, err
	}
	rendered, err := s.Markdown.Render(in.Draft.Body)
	if err != nil {
		return domain.Post{}, err
	}
	return idempotency.Once(ctx, s.Once, "createPost", in, func(ctx context.Context) (domain.Post, error) {
		draft := in.Draft
		if inGroup {
			var err error
			if draft.Scope, err = s.open(ctx, by, check, ranks); err != nil {
				return domain.Post{}, err
			}
		}
		return s.create(ctx, by, draft, rendered, in)
	}, domain.Post.ID, func(ctx context.Context, id uuid.UUID) (domain.Post, error) {
		post, err := s.Posts.Find(ctx, id)
		return s.shown(post), err
	})
}

// open locks the community or team of a new post, and refuses an archived one. An author whose rank there has dropped since
// Access was asked is refused; a removal from now on waits for the post.
func (s Posts) open(ctx context.Context, by authz.Actor, check authz.Check, ranks map[uuid.UUID]int) (domain.PostScope, error) {
	scope, err := s.Targets.Open(ctx, check.Scope)
	if err != nil || ranks[scope.CommunityID] == 0 && ranks[scope.TeamID] == 0 {
		return scope, err
	}
	now, err := s.Roles.Ranks(ctx, by.User)
	if err == nil && (now[scope.CommunityID] < ranks[scope.CommunityID] || now[scope.TeamID] < ranks[scope.TeamID]) {
		err = authz.Denied(check.Permission)
	}
	return scope, err
}

func (s Posts) create(
	ctx context.Context, by authz.Actor, draft domain.PostDraft, rendered domain.Rendered, in CreatePost,
) (domain.Post, error) {
	post, err := domain.NewPost(by, draft, s.Clock.Now())
	if err != nil {
		return domain.Post{}, err
	}
	files, err := s.attachable(ctx, by, post, in.Attachments)
	if err != nil {
		return domain.Post{}, err
	}
	if files, err = domain.Described(files, in.AltTexts); err != nil {
		return domain.Post{}, err
	}
	post = post.WithAttachments(files).WithRendered(rendered)
	if err := post.CheckContent(); err != nil {
		return domain.Post{}, err
	}
	if err := s.Posts.Add(ctx, post); err != nil {
		return domain.Post{}, err
	}
	if len(files) > 0 {
		if err := s.attach(ctx, post); err != nil {
			return domain.Post{}, err
		}
	}
	return post, s.recordPost(ctx, domain.PostEvent{Happened: domain.Created, Post: post, By: by.User})
}

// EditPost is the input of Edit.
type EditPost struct {
	Edit domain.PostEdit // its Attachments are set by the ids
	// Attachments, when not nil, are all attachments of the post.
	Attachments []uuid.UUID
	AltTexts    map[uuid.UUID]string // descriptions of attachments
}

// Edit changes a post.
func (s Posts) Edit(ctx context.Context, by authz.Actor, id uuid.UUID, in EditPost) (domain.Post, error) {
	post, err := s.changeable(ctx, by, id)
	if err != nil {
		return domain.Post{}, err
	}
	if v := in.Edit.Visibility; v != nil && *v != post.Data().Visibility {
		if _, _, err := post.Edit(domain.PostEdit{Visibility: v}, s.Clock.Now()); err != nil {
			return domain.Post{}, err
		}
		if err := authz.Require(ctx, s.Access, post.ShowCheck(*v)); err != nil {
			return domain.Post{}, err
		}
	}
	err = s.Tx.Do(ctx, func(ctx context.Context) error {
		post, err = s.edit(ctx, by, id, in)
		return err
	})
	return s.shown(post), err
}

func (s Posts) edit(ctx context.Context, by authz.Actor, id uuid.UUID, in EditPost) (domain.Post, error) {
	post, err := s.Posts.Lock(ctx, id)
	if err != nil {
		return domain.Post{}, err
	}
	refiled := in.Attachments != nil || len(in.AltTexts) > 0
	if refiled {
		files := post.Data().Attachments
		if in.Attachments != nil {
			if files, err = s.attachable(ctx, by, post, in.Attachments); err != nil {
				return domain.Post{}, err
			}
		}
		if in.Edit.Attachments, err = domain.Described(files, in.AltTexts); err != nil {
			return domain.Post{}, err
		}
	}
	edited, changed, err := post.Edit(in.Edit, s.Clock.Now())
	if err != nil || !changed {
		return post, err
	}
	if body := edited.Data().Body; body != post.Data().Body {
		rendered, err := s.Markdown.Render(body)
		if err != nil {
			return domain.Post{}, err
		}
		edited = edited.WithRendered(rendered)
	}
	edited = s.shown(edited)
	if err := s.Posts.Update(ctx, edited); err != nil {
		return domain.Post{}, err
	}
	if refiled {
		if err := s.attach(ctx, edited); err != nil {
			return domain.Post{}, err
		}
	}
	return edited, s.recordPost(ctx, domain.PostEvent{Happened: domain.Updated, Post: edited, By: by.User})
}

// Delete removes a post with its attachments.
func (s Posts) Delete(ctx context.Context, by authz.Actor, id uuid.UUID) error {
	if _, err := s.changeable(ctx, by, id); err != nil {
		return err
	}
	return s.Tx.Do(ctx, func(ctx context.Context) error {
		post, err := s.Posts.Lock(ctx, id)
		if err != nil {
			return err
		}
		now := s.Clock.Now()
		if err := s.Posts.Delete(ctx, id, now); err != nil {
			return err
		}
		if len(post.Data().Attachments) > 0 {
			if _, err := s.Files.Attach(ctx, id, nil, now); err != nil {
				return err
			}
		}
		return s.recordPost(ctx, domain.PostEvent{Happened: domain.Deleted, Post: post, By: by.User})
	})
}

// changeable finds a post that the caller may change.
func (s Posts) changeable(ctx context.Context, by authz.Actor, id uuid.UUID) (domain.Post, error) {
	post, changes, err := s.readable(ctx, by, id)
	if err == nil && !changes {
		err = authz.Denied(domain.PermissionPostsManage)
	}
	return post, err
}
