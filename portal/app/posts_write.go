package app

import (
	"bytes"
	"context"
	"slices"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/portal/domain"
)

// CreatePost is what the author of a post sends.
type CreatePost struct {
	Draft       domain.PostDraft
	Attachments []uuid.UUID
}

// Validate checks what can be told without looking anything up.
func (in CreatePost) Validate() error {
	if err := in.Draft.Check(); err != nil {
		return err
	}
	if len(in.Attachments) > domain.MaxPostAttachments {
		return errTooManyAttachments()
	}
	return nil
}

func errTooManyAttachments() error {
	return errs.Fields{"attachment_ids": "must be at most 10"}.Err()
}

func errNoSuchAttachment() error {
	return errs.Fields{"attachment_ids": "must be files that you uploaded and did not attach elsewhere"}.Err()
}

func compareIDs(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) }

// Create writes a post. A repeated request gets the post that its first try made.
func (s *Posts) Create(ctx context.Context, by domain.Actor, in CreatePost) (domain.Post, error) {
	if err := in.Validate(); err != nil {
		return domain.Post{}, err
	}
	belongs, err := s.belonging(ctx, by, in.Draft)
	if err != nil {
		return domain.Post{}, err
	}
	ask := in.Draft.AskToWrite(by)
	if err := s.gate.ask(ctx, ask); err != nil {
		return domain.Post{}, err
	}
	id, err := s.once.Once(ctx, "createPost", in, func(ctx context.Context) (uuid.UUID, error) {
		place, err := s.open(ctx, in.Draft)
		if err != nil {
			return uuid.Nil, err
		}
		still, err := s.stillBelongs(ctx, by, place, belongs)
		if err == nil && !still {
			err = refused(ask.Permission)
		}
		if err != nil {
			return uuid.Nil, err
		}
		in.Draft.Place = place
		return s.create(ctx, by, in)
	})
	if err != nil {
		return domain.Post{}, err
	}
	post, err := s.posts.Find(ctx, id)
	return s.shown(post), err
}

func (s *Posts) create(ctx context.Context, by domain.Actor, in CreatePost) (uuid.UUID, error) {
	post, err := domain.NewPost(by, in.Draft, s.clock.Now())
	if err != nil {
		return uuid.Nil, err
	}
	files, err := s.attachable(ctx, by, post, in.Attachments)
	if err != nil {
		return uuid.Nil, err
	}
	post = post.WithAttachments(files).WithRendered(s.markdown.Render(in.Draft.Body))
	if err := s.posts.Add(ctx, post); err != nil {
		return uuid.Nil, err
	}
	if len(files) > 0 {
		if err := s.attach(ctx, post); err != nil {
			return uuid.Nil, err
		}
	}
	if err := s.journal.Write(ctx, domain.NewPostEntry(by.User, "created", post, s.clock.Now())); err != nil {
		return uuid.Nil, err
	}
	return post.ID(), s.events.Publish(ctx, domain.PostCreated{PostEvent: domain.PostEvent{Post: post, By: by.User}})
}

// open finds the place of a new post, and refuses one that is no longer in use.
func (s *Posts) open(ctx context.Context, draft domain.PostDraft) (domain.PostPlace, error) {
	switch draft.Visibility {
	case domain.VisibilityCommunity:
		return s.places.Open(ctx, domain.CommunityScope(draft.Place.CommunityID))
	case domain.VisibilityTeam:
		return s.places.Open(ctx, domain.TeamScope(draft.Place.TeamID))
	}
	return domain.PostPlace{}, nil
}

// belonging is where the author of a post in a community or team belongs. It is looked up before Access is asked, whose
// answer may rest on it.
func (s *Posts) belonging(ctx context.Context, by domain.Actor, draft domain.PostDraft) ([]domain.Membership, error) {
	if draft.Visibility != domain.VisibilityCommunity && draft.Visibility != domain.VisibilityTeam {
		return nil, nil
	}
	return s.members.Of(ctx, by.User)
}

// stillBelongs reports whether an author is no less at a place that is open than he was before Access was asked. The place
// is held: whoever was removed meanwhile has not written there, and whoever will be waits for the post.
func (s *Posts) stillBelongs(ctx context.Context, by domain.Actor, place domain.PostPlace, before []domain.Membership) (bool, error) {
	var there []domain.Membership
	for _, m := range before {
		if id := m.Data().Scope.ID; id == place.CommunityID || id == place.TeamID {
			there = append(there, m)
		}
	}
	if len(there) == 0 {
		return true, nil
	}
	roles, err := s.members.Roles(ctx, by.User, place.CommunityID, place.TeamID)
	return err == nil && !slices.ContainsFunc(there, func(m domain.Membership) bool {
		return !roles[m.Data().Scope.ID].Reaches(m.Role())
	}), err
}

// EditPost says what to change of a post.
type EditPost struct {
	Edit domain.PostEdit // its Attachments are set by the ids
	// Attachments, when not nil, are all files that shall go with the post.
	Attachments []uuid.UUID
}

// Edit changes a post.
func (s *Posts) Edit(ctx context.Context, by domain.Actor, id uuid.UUID, in EditPost) (domain.Post, error) {
	post, err := s.change(ctx, by, id)
	if err != nil {
		return domain.Post{}, err
	}
	if v := in.Edit.Visibility; v != nil && *v != post.Data().Visibility {
		if err := s.show(ctx, post, *v); err != nil {
			return domain.Post{}, err
		}
	}
	err = s.tx.Do(ctx, func(ctx context.Context) error {
		if post, err = s.posts.Lock(ctx, id); err != nil {
			return err
		}
		if in.Attachments != nil {
			if in.Edit.Attachments, err = s.attachable(ctx, by, post, in.Attachments); err != nil {
				return err
			}
		}
		edited, changed, err := post.Edit(in.Edit, s.clock.Now())
		if err != nil || !changed {
			return err
		}
		post = s.shown(edited)
		return s.store(ctx, by, post, in.Attachments != nil)
	})
	return s.shown(post), err
}

// show asks whether the post may be given another visibility. One that the post cannot have is refused when it is
// edited, by its own name.
func (s *Posts) show(ctx context.Context, post domain.Post, v domain.Visibility) error {
	probe := domain.PostEdit{Visibility: &v}
	if _, _, err := post.Edit(probe, s.clock.Now()); err != nil {
		return err
	}
	return s.gate.ask(ctx, post.AskToShow(v))
}

func (s *Posts) store(ctx context.Context, by domain.Actor, post domain.Post, files bool) error {
	if err := s.posts.Update(ctx, post); err != nil {
		return err
	}
	if files {
		if err := s.attach(ctx, post); err != nil {
			return err
		}
	}
	if err := s.journal.Write(ctx, domain.NewPostEntry(by.User, "updated", post, s.clock.Now())); err != nil {
		return err
	}
	return s.events.Publish(ctx, domain.PostUpdated{PostEvent: domain.PostEvent{Post: post, By: by.User}})
}

// Delete removes a post with its attachments.
func (s *Posts) Delete(ctx context.Context, by domain.Actor, id uuid.UUID) error {
	if _, err := s.change(ctx, by, id); err != nil {
		return err
	}
	return s.tx.Do(ctx, func(ctx context.Context) error {
		post, err := s.posts.Lock(ctx, id)
		if err != nil {
			return err
		}
		now := s.clock.Now()
		if err := s.posts.Delete(ctx, id, now); err != nil {
			return err
		}
		if len(post.Data().Attachments) > 0 {
			if _, err := s.files.Attach(ctx, id, nil, now); err != nil {
				return err
			}
		}
		if err := s.journal.Write(ctx, domain.NewPostEntry(by.User, "deleted", post, now)); err != nil {
			return err
		}
		return s.events.Publish(ctx, domain.PostDeleted{PostEvent: domain.PostEvent{Post: post, By: by.User}})
	})
}

// change finds a post for somebody who may change it.
func (s *Posts) change(ctx context.Context, by domain.Actor, id uuid.UUID) (domain.Post, error) {
	post, changes, err := s.enter(ctx, by, id)
	if err == nil && !changes {
		err = refused(domain.PermissionPostsManage)
	}
	return post, err
}
