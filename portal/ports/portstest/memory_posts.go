package portstest

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/valid"
	contentdomain "go.updspace.com/portal/content/domain"
	contentports "go.updspace.com/portal/content/ports"
	"go.updspace.com/portal/domain"
	groupsdomain "go.updspace.com/portal/groups/domain"
)

// storedPost is a post without its files, which know their post themselves.
type storedPost struct {
	post    contentdomain.Post
	files   bool
	deleted time.Time
}

func (s *state) keep(post contentdomain.Post, was storedPost) {
	d := post.Data()
	was.files, d.Attachments = len(d.Attachments) > 0, nil
	was.post = contentdomain.RestorePost(d)
	s.posts[ownKey{d.TenantID, d.ID}] = was
}

// whole is a post with its files.
func (s *state) whole(stored storedPost) contentdomain.Post {
	if !stored.files {
		return stored.post
	}
	var files []contentdomain.File
	for _, f := range s.files {
		if f.Data().TenantID == stored.post.Data().TenantID && f.Data().PostID == stored.post.ID() {
			files = append(files, f)
		}
	}
	return stored.post.WithAttachments(files)
}

// live lists the posts of the tenant that are not deleted.
func (s *state) live(ctx context.Context, keep func(contentdomain.Post) bool) (found []contentdomain.Post) {
	for key, stored := range s.posts {
		if sees(ctx, key.tenant) && stored.deleted.IsZero() && keep(stored.post) {
			found = append(found, s.whole(stored))
		}
	}
	return found
}

type memoryPosts struct{ *Memory }

func (m memoryPosts) Find(ctx context.Context, id uuid.UUID) (post contentdomain.Post, err error) {
	m.use(ctx, func(s *state) {
		stored, ok := s.posts[ownKey{tenantOf(ctx), id}]
		if !ok || !stored.deleted.IsZero() {
			err = contentdomain.ErrPostNotFound
			return
		}
		post = s.whole(stored)
	})
	return post, err
}

func (m memoryPosts) Lock(ctx context.Context, id uuid.UUID) (contentdomain.Post, error) {
	if ctx.Value(inTx{}) == nil {
		return contentdomain.Post{}, errLock
	}
	return m.Find(ctx, id)
}

func (m memoryPosts) Add(ctx context.Context, post contentdomain.Post) (err error) {
	m.use(ctx, func(s *state) {
		at := post.Data().Scope
		if at.CommunityID != uuid.Nil {
			if _, err = s.place(ctx, authz.CommunityScope(at.CommunityID)); err != nil {
				return
			}
		}
		if at.TeamID != uuid.Nil {
			team, missing := s.place(ctx, authz.TeamScope(at.TeamID))
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

func (m memoryPosts) Update(ctx context.Context, post contentdomain.Post) (err error) {
	m.use(ctx, func(s *state) {
		err = s.replacePost(ctx, post, func(was contentdomain.Post) uuid.UUID { return was.Data().CreatedBy })
	})
	return err
}

// replacePost stores a post over an older version, with an author by the post that was.
func (s *state) replacePost(ctx context.Context, post contentdomain.Post, author func(was contentdomain.Post) uuid.UUID) error {
	was, ok := s.posts[ownKey{tenantOf(ctx), post.ID()}]
	if !ok || was.post.Data().Version >= post.Data().Version {
		return contentdomain.ErrPostNotFound
	}
	d := post.Data()
	d.TenantID, d.CreatedBy, d.CreatedAt = was.post.Data().TenantID, author(was.post), was.post.Data().CreatedAt
	s.keep(contentdomain.RestorePost(d), was)
	return nil
}

func (m memoryPosts) Delete(ctx context.Context, id uuid.UUID, at time.Time) (err error) {
	m.use(ctx, func(s *state) {
		key := ownKey{tenantOf(ctx), id}
		stored, ok := s.posts[key]
		if !ok || !stored.deleted.IsZero() {
			err = contentdomain.ErrPostNotFound
			return
		}
		stored.deleted = at
		s.posts[key] = stored
	})
	return err
}

func (m memoryPosts) Page(ctx context.Context, search contentports.PostSearch, viewer contentdomain.PostViewer, after contentports.PostKey, limit int) (found []contentdomain.Post, err error) {
	newer := func(a, b contentports.PostKey) int {
		return cmp.Or(b.At.Compare(a.At), strings.Compare(b.ID.String(), a.ID.String()))
	}
	m.use(ctx, func(s *state) {
		found = s.live(ctx, func(p contentdomain.Post) bool {
			return shows(viewer, p) && sought(p.Data(), search) && (after == contentports.PostKey{} || newer(contentports.PostKeyOf(p), after) > 0)
		})
	})
	slices.SortFunc(found, func(a, b contentdomain.Post) int { return newer(contentports.PostKeyOf(a), contentports.PostKeyOf(b)) })
	found = found[:min(limit, len(found))]
	for i, post := range found {
		d := post.Data()
		if d.Rendered.By == search.Renderer {
			d.Body = ""
		}
		if d.Rendered.Excerpt != "" {
			d.Rendered.HTML = ""
		}
		found[i] = contentdomain.RestorePost(d)
	}
	return found, nil
}

func sought(d contentdomain.PostData, search contentports.PostSearch) bool {
	return (search.Community == uuid.Nil || search.Community == d.Scope.CommunityID) &&
		(search.Team == uuid.Nil || search.Team == d.Scope.TeamID) &&
		(search.Author == uuid.Nil || search.Author == d.CreatedBy) &&
		(search.Visibility == "" || search.Visibility == d.Visibility) &&
		(search.Exactly == nil || *search.Exactly == d.Scope) &&
		strings.Contains(valid.Fold(d.Title+"\n"+d.Body), valid.Fold(strings.TrimSpace(search.Query)))
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
			s.files[key] = contentdomain.RestoreFile(d)
		}
	}
}

type memoryPostTargets struct{ *Memory }

func (m memoryPostTargets) Open(ctx context.Context, scope authz.Scope) (at contentdomain.PostScope, err error) {
	if ctx.Value(inTx{}) == nil {
		return contentdomain.PostScope{}, errLock
	}
	m.use(ctx, func(s *state) {
		place, missing := s.place(ctx, scope)
		switch {
		case missing != nil:
			err = missing
		case place.Group.Data().Status != groupsdomain.StatusActive || place.Community.Data().Status != groupsdomain.StatusActive:
			err = domain.ErrArchived
		case scope.Type == authz.ScopeTeam:
			at = contentdomain.PostScope{CommunityID: place.Community.ID(), TeamID: scope.ID}
		default:
			at = contentdomain.PostScope{CommunityID: scope.ID}
		}
	})
	return at, err
}

func (m memoryPostTargets) CommunityOf(ctx context.Context, team uuid.UUID) (community uuid.UUID, err error) {
	m.use(ctx, func(s *state) {
		if place, missing := s.place(ctx, authz.TeamScope(team)); missing == nil {
			community = place.Community.ID()
		}
	})
	return community, nil
}

// place finds the group of a scope.
func (s *state) place(ctx context.Context, scope authz.Scope) (groupsdomain.GroupInCommunity, error) {
	found, err := s.group(ctx, scope.ID)
	if err == nil && found.Group.Scope() == scope {
		return found, nil
	}
	if scope.Type == authz.ScopeTeam {
		return groupsdomain.GroupInCommunity{}, domain.ErrTeamNotFound
	}
	return groupsdomain.GroupInCommunity{}, domain.ErrCommunityNotFound
}

// shows reports whether a viewer sees a post, by the definition of the visibilities.
func shows(v contentdomain.PostViewer, post contentdomain.Post) bool {
	d := post.Data()
	in := func(allowed authz.AllowedScopes) bool {
		switch {
		case d.Scope.TeamID != uuid.Nil:
			return allowed.InTeam(d.Scope.CommunityID, d.Scope.TeamID)
		case d.Scope.CommunityID != uuid.Nil:
			return allowed.InCommunity(d.Scope.CommunityID)
		}
		return allowed.InTenant()
	}
	switch d.Visibility {
	case authz.VisibilityPublic:
		return v.Public.InTenant()
	case authz.VisibilityCommunity:
		return in(v.Community)
	case authz.VisibilityTeam:
		return in(v.Team)
	}
	return v.Public.InTenant() && d.CreatedBy == v.User || in(v.Private)
}
