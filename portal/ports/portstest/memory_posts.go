package portstest

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports"
)

// storedPost is a post without its files, which know their post themselves.
type storedPost struct {
	post    domain.Post
	files   bool
	deleted time.Time
}

func (s *state) keep(post domain.Post, was storedPost) {
	d := post.Data()
	was.files, d.Attachments = len(d.Attachments) > 0, nil
	was.post = domain.RestorePost(d)
	s.posts[ownKey{d.TenantID, d.ID}] = was
}

// whole is a post with its files.
func (s *state) whole(stored storedPost) domain.Post {
	if !stored.files {
		return stored.post
	}
	var files []domain.File
	for _, f := range s.files {
		if f.Data().TenantID == stored.post.Data().TenantID && f.Data().PostID == stored.post.ID() {
			files = append(files, f)
		}
	}
	return stored.post.WithAttachments(files)
}

// live lists the posts of the tenant that are not deleted.
func (s *state) live(ctx context.Context, keep func(domain.Post) bool) (found []domain.Post) {
	for key, stored := range s.posts {
		if sees(ctx, key.tenant) && stored.deleted.IsZero() && keep(stored.post) {
			found = append(found, s.whole(stored))
		}
	}
	return found
}

type memoryPosts struct{ *Memory }

func (m memoryPosts) Find(ctx context.Context, id uuid.UUID) (post domain.Post, err error) {
	m.use(ctx, func(s *state) {
		stored, ok := s.posts[ownKey{tenantOf(ctx), id}]
		if !ok || !stored.deleted.IsZero() {
			err = domain.ErrPostNotFound
			return
		}
		post = s.whole(stored)
	})
	return post, err
}

func (m memoryPosts) Lock(ctx context.Context, id uuid.UUID) (domain.Post, error) {
	if ctx.Value(inTx{}) == nil {
		return domain.Post{}, errLock
	}
	return m.Find(ctx, id)
}

func (m memoryPosts) Add(ctx context.Context, post domain.Post) (err error) {
	m.use(ctx, func(s *state) {
		at := post.Data().Place
		if at.CommunityID != uuid.Nil {
			if _, err = s.place(ctx, domain.CommunityScope(at.CommunityID)); err != nil {
				return
			}
		}
		if at.TeamID != uuid.Nil {
			team, missing := s.place(ctx, domain.TeamScope(at.TeamID))
			if err = missing; err == nil && team.Community.ID() != at.CommunityID {
				err = domain.ErrTeamNotFound
			}
			if err != nil {
				return
			}
		}
		if _, taken := s.posts[ownKey{post.Data().TenantID, post.ID()}]; taken {
			err = errs.Conflictf("There is a post with this id.")
			return
		}
		s.keep(post, storedPost{})
	})
	return err
}

func (m memoryPosts) Update(ctx context.Context, post domain.Post) (err error) {
	m.use(ctx, func(s *state) {
		err = s.replacePost(ctx, post, func(was domain.Post) uuid.UUID { return was.Data().CreatedBy })
	})
	return err
}

// replacePost stores a post over an older version, with an author by the post that was.
func (s *state) replacePost(ctx context.Context, post domain.Post, author func(was domain.Post) uuid.UUID) error {
	was, ok := s.posts[ownKey{tenantOf(ctx), post.ID()}]
	if !ok || was.post.Data().Version >= post.Data().Version {
		return domain.ErrPostNotFound
	}
	d := post.Data()
	d.TenantID, d.CreatedBy, d.CreatedAt = was.post.Data().TenantID, author(was.post), was.post.Data().CreatedAt
	s.keep(domain.RestorePost(d), was)
	return nil
}

func (m memoryPosts) Delete(ctx context.Context, id uuid.UUID, at time.Time) (err error) {
	m.use(ctx, func(s *state) {
		key := ownKey{tenantOf(ctx), id}
		stored, ok := s.posts[key]
		if !ok || !stored.deleted.IsZero() {
			err = domain.ErrPostNotFound
			return
		}
		stored.deleted = at
		s.posts[key] = stored
	})
	return err
}

func (m memoryPosts) Page(ctx context.Context, search ports.PostSearch, viewer domain.PostViewer, after ports.PostKey, limit int) (found []domain.Post, err error) {
	newer := func(a, b ports.PostKey) int {
		return cmp.Or(b.At.Compare(a.At), strings.Compare(b.ID.String(), a.ID.String()))
	}
	m.use(ctx, func(s *state) {
		found = s.live(ctx, func(p domain.Post) bool {
			return viewer.Sees(p) && sought(p.Data(), search) && (after == ports.PostKey{} || newer(ports.PostKeyOf(p), after) > 0)
		})
	})
	slices.SortFunc(found, func(a, b domain.Post) int { return newer(ports.PostKeyOf(a), ports.PostKeyOf(b)) })
	return found[:min(limit, len(found))], nil
}

func sought(d domain.PostData, search ports.PostSearch) bool {
	return (search.Community == uuid.Nil || search.Community == d.Place.CommunityID) &&
		(search.Team == uuid.Nil || search.Team == d.Place.TeamID) &&
		(search.Author == uuid.Nil || search.Author == d.CreatedBy) &&
		(search.Visibility == "" || search.Visibility == d.Visibility) &&
		(search.Standing == nil || *search.Standing == d.Place)
}

func (m memoryPosts) Purge(ctx context.Context, before time.Time) (n int64, err error) {
	m.use(ctx, func(s *state) {
		n = s.purge(ctx, func(v storedPost) bool { return v.deleted.Before(before) })
	})
	return n, nil
}

// purge forgets deleted posts, and leaves their files without one.
func (s *state) purge(ctx context.Context, gone func(storedPost) bool) int64 {
	was := len(s.posts)
	maps.DeleteFunc(s.posts, func(key ownKey, v storedPost) bool { return sees(ctx, key.tenant) && !v.deleted.IsZero() && gone(v) })
	s.detach()
	return int64(was - len(s.posts))
}

// detach leaves the files of posts that are gone without one.
func (s *state) detach() {
	for key, f := range s.files {
		d := f.Data()
		if _, ok := s.posts[ownKey{d.TenantID, d.PostID}]; d.PostID != uuid.Nil && !ok {
			d.PostID = uuid.Nil
			s.files[key] = domain.RestoreFile(d)
		}
	}
}

type memoryPlaces struct{ *Memory }

func (m memoryPlaces) Open(ctx context.Context, scope domain.Scope) (at domain.PostPlace, err error) {
	if ctx.Value(inTx{}) == nil {
		return domain.PostPlace{}, errLock
	}
	m.use(ctx, func(s *state) {
		place, missing := s.place(ctx, scope)
		switch {
		case missing != nil:
			err = missing
		case place.Group.Data().Status != domain.StatusActive || place.Community.Data().Status != domain.StatusActive:
			err = domain.ErrArchived
		case scope.Type == domain.ScopeTeam:
			at = domain.PostPlace{CommunityID: place.Community.ID(), TeamID: scope.ID}
		default:
			at = domain.PostPlace{CommunityID: scope.ID}
		}
	})
	return at, err
}

func (m memoryPlaces) CommunityOf(ctx context.Context, team uuid.UUID) (community uuid.UUID, err error) {
	m.use(ctx, func(s *state) {
		if place, missing := s.place(ctx, domain.TeamScope(team)); missing == nil {
			community = place.Community.ID()
		}
	})
	return community, nil
}
