package app

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/activity/domain"
	"go.updspace.com/activity/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/groups"
	"go.updspace.com/libs/idempotency"
	"go.updspace.com/libs/valid"
)

// Create writes a post. A repeated request gets the post that the first one made.
func (s *News) Create(ctx context.Context, by authz.Actor, in domain.NewsDraftInput) (ShownNews, error) {
	var err error
	input := in
	if in.Media, err = s.resolved(by.Tenant, in.Media); err != nil {
		return ShownNews{}, err
	}
	draft, err := domain.NewNewsPost(by, in, s.Clock.Now())
	if err != nil {
		return ShownNews{}, err
	}
	if err := authz.Require(ctx, s.Access, draft.WriteCheck()); err != nil {
		return ShownNews{}, err
	}
	viewer, err := s.viewer(ctx, by)
	if err != nil {
		return ShownNews{}, err
	}
	if err := s.checkText(ctx, draft); err != nil {
		return ShownNews{}, err
	}
	post, err := idempotency.Once(ctx, s.Once, "createNews", input, func(ctx context.Context) (domain.NewsPost, error) {
		if err := groups.RequireActive(ctx, s.Groups, draft.Data().Scope); err != nil {
			return draft, err
		}
		if err := s.News.Add(ctx, draft); err != nil {
			return draft, err
		}
		if err := s.attach(ctx, by, draft); err != nil {
			return draft, err
		}
		if err := s.record(ctx, domain.NewsPost{}, draft, by.User, nil); err != nil {
			return draft, err
		}
		return draft, s.Quota.Take(ctx, ports.RulePosts, by.User)
	}, domain.NewsPost.ID, s.News.Find)
	if err != nil {
		return ShownNews{}, err
	}
	return s.one(ctx, viewer, post.ID())
}

// Put stores a post under an id that the caller has chosen, for demo data. It checks no permission.
func (s *News) Put(ctx context.Context, by authz.Actor, id uuid.UUID, in domain.NewsDraftInput) error {
	draft, err := domain.NewNewsPost(by, in, s.Clock.Now())
	if err != nil {
		return err
	}
	d := draft.Data()
	d.ID = id
	post := domain.RestoreNewsPost(d)
	return s.Tx.Do(ctx, func(ctx context.Context) error {
		if err := s.News.Add(ctx, post); err != nil {
			return err
		}
		return s.record(ctx, domain.NewsPost{}, post, by.User, nil)
	})
}

// Update changes a post, as its author or as a moderator.
func (s *News) Update(ctx context.Context, by authz.Actor, id uuid.UUID, edit domain.NewsEdit) (ShownNews, error) {
	if edit.Media != nil {
		media, err := s.resolved(by.Tenant, *edit.Media)
		if err != nil {
			return ShownNews{}, err
		}
		edit.Media = &media
	}
	viewer, err := s.viewer(ctx, by)
	if err != nil {
		return ShownNews{}, err
	}
	err = s.Tx.Do(ctx, func(ctx context.Context) error {
		before, err := s.locked(ctx, viewer, id)
		if err != nil {
			return err
		}
		after, changed, err := before.Edit(edit, s.Clock.Now())
		if err != nil || len(changed) == 0 {
			return err
		}
		if err := s.checkText(ctx, after); err != nil {
			return err
		}
		if after.Data().Status != domain.NewsDraft && before.Data().Status == domain.NewsDraft {
			if err := groups.RequireActive(ctx, s.Groups, after.Data().Scope); err != nil {
				return err
			}
		}
		if err := s.attach(ctx, by, after); err != nil {
			return err
		}
		if err := s.store(ctx, before, after, by.User, changed); err != nil || before.WrittenBy(by.User) {
			return err
		}
		return s.Audit.Write(ctx, s.entry("news.edited", after, "", map[string]any{"changed": changed}))
	})
	if err != nil {
		return ShownNews{}, err
	}
	return s.one(ctx, viewer, id)
}

// Delete removes a post with its comments, as its author or as a moderator, who may say why.
func (s *News) Delete(ctx context.Context, by authz.Actor, id uuid.UUID, reason string) error {
	reason, err := checkedReason(reason)
	if err != nil {
		return err
	}
	viewer, err := s.viewer(ctx, by)
	if err != nil {
		return err
	}
	return s.Tx.Do(ctx, func(ctx context.Context) error {
		post, err := s.locked(ctx, viewer, id)
		if err != nil {
			return err
		}
		if err := s.News.Delete(ctx, id); err != nil {
			return err
		}
		at := post.Touched(s.Clock.Now())
		if err := s.Items.Apply(ctx, domain.Retract(by.Tenant, post.SourceRef(), at)); err != nil {
			return err
		}
		if err := s.Events.Publish(ctx, domain.NewsWasDeleted{Post: post, By: by.User}); err != nil {
			return err
		}
		return s.Audit.Write(ctx, s.entry("news.deleted", post, reason, map[string]any{"own": post.WrittenBy(by.User)}))
	})
}

// Moderate pins, locks, hides a post, or takes that back.
func (s *News) Moderate(ctx context.Context, by authz.Actor, id uuid.UUID, edit domain.NewsModerationEdit) (ShownNews, error) {
	viewer, err := s.viewer(ctx, by)
	if err != nil {
		return ShownNews{}, err
	}
	err = s.Tx.Do(ctx, func(ctx context.Context) error {
		before, err := s.locked(ctx, viewer, id)
		if err == nil && !viewer.Moderates(before) {
			err = authz.Denied(domain.PermissionNewsManage)
		}
		if err != nil {
			return err
		}
		after, changed, err := before.Moderate(by.User, edit, s.Clock.Now())
		if err != nil || !changed {
			return err
		}
		if err := s.store(ctx, before, after, by.User, []domain.NewsPart{domain.NewsModeration}); err != nil {
			return err
		}
		return s.Audit.Write(ctx, s.entry("news.moderated", after, edit.Reason, map[string]any{
			"pinned": !after.Data().PinnedAt.IsZero(), "comments_locked": after.Data().CommentsLocked, "hidden": after.Hidden(),
		}))
	})
	if err != nil {
		return ShownNews{}, err
	}
	return s.one(ctx, viewer, id)
}

// Preview returns the HTML that a body would have.
func (s *News) Preview(ctx context.Context, by authz.Actor, body string) (string, error) {
	if err := authz.Require(ctx, s.Access, authz.Check{Permission: domain.PermissionNewsCreate, Scope: authz.TenantScope(by.Tenant)}); err != nil {
		return "", err
	}
	if err := s.Quota.Take(ctx, ports.RulePreviews, by.User); err != nil {
		return "", err
	}
	fields := errs.Fields{}
	body = valid.Text(fields, "body", body, 0, domain.MaxNewsBody)
	if err := fields.Err(); err != nil || body == "" {
		return "", err
	}
	return s.Markdown.Render(body)
}

// store stores a changed post with its item and events.
func (s *News) store(ctx context.Context, before, after domain.NewsPost, by uuid.UUID, changed []domain.NewsPart) error {
	if err := s.News.Update(ctx, after); err != nil {
		return err
	}
	return s.record(ctx, before, after, by, changed)
}

// record brings the feed and the other services into step with a post. before is the zero post for a new one.
func (s *News) record(ctx context.Context, before, after domain.NewsPost, by uuid.UUID, changed []domain.NewsPart) error {
	d := after.Data()
	switch {
	case after.Listed():
		item, err := domain.NewItem(domain.ItemData{
			TenantID: d.TenantID, SourceRef: after.SourceRef(), Type: domain.NewsPosted, Actor: d.AuthorID, OccurredAt: d.PublishedAt, ChangedAt: d.UpdatedAt,
			Title: after.Heading(), Payload: map[string]any{"news_id": d.ID.String()}, Visibility: d.Visibility, Scope: d.Scope, Link: after.Path(),
		})
		if err != nil {
			return err
		}
		if err := s.Items.Apply(ctx, domain.Put(item)); err != nil {
			return err
		}
		if before.Listed() {
			return s.Events.Publish(ctx, domain.NewsWasChanged{Post: after, By: by, Parts: changed})
		}
		return s.Events.Publish(ctx, domain.NewsWasPublished{Post: after})
	case before.Listed():
		if err := s.Items.Apply(ctx, domain.Retract(d.TenantID, after.SourceRef(), d.UpdatedAt)); err != nil {
			return err
		}
		return s.Events.Publish(ctx, domain.NewsWasDeleted{Post: after, By: by})
	}
	return nil
}

// checkText refuses bodies that cannot be rendered, and words that the tenant does not allow.
func (s *News) checkText(ctx context.Context, post domain.NewsPost) error {
	d := post.Data()
	if _, err := s.Markdown.Render(d.Body); err != nil {
		return err
	}
	filter, err := s.Reports.Words(ctx)
	if err != nil {
		return err
	}
	fields := errs.Fields{}
	filter.Check(fields, "title", d.Title)
	filter.Check(fields, "body", d.Body)
	for _, tag := range d.Tags {
		filter.Check(fields, "tags", tag)
	}
	for _, m := range d.Media {
		filter.Check(fields, "media", m.Caption+" "+m.Title)
	}
	return fields.Err()
}

// resolved are attachments with the pictures that their keys name.
func (s *News) resolved(tenant uuid.UUID, media []domain.NewsMedia) ([]domain.NewsMedia, error) {
	resolved := make([]domain.NewsMedia, 0, len(media))
	for _, m := range media {
		if m.Kind == domain.MediaImage {
			id, ok := domain.MediaKeyID(tenant, m.Key)
			if !ok {
				return nil, errNoSuchImage()
			}
			m.Image = id
		}
		resolved = append(resolved, m)
	}
	return resolved, nil
}

func errNoSuchImage() error {
	return errs.Field("media", why.NotFound("must name pictures that you have uploaded and that no other post has"))
}

// attach gives a post its pictures, in the transaction that stores it.
func (s *News) attach(ctx context.Context, by authz.Actor, post domain.NewsPost) error {
	ids := post.Images()
	found, err := s.Images.Each(ctx, ids)
	if err != nil {
		return err
	}
	for _, image := range found {
		if !image.FitsPost(post.ID(), by.User) {
			return errNoSuchImage()
		}
	}
	all, err := s.Images.Attach(ctx, post.ID(), ids, s.Clock.Now())
	if err == nil && (!all || len(found) != len(ids)) {
		err = errNoSuchImage()
	}
	return err
}

func checkedReason(reason string) (string, error) {
	fields := errs.Fields{}
	reason = valid.Text(fields, "reason", reason, 0, domain.MaxReason)
	return reason, fields.Err()
}
