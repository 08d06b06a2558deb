package portstest

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports"
)

type memoryTraces struct{ *Memory }

// byID is a page of things in the order of their ids.
func byID[T any](all []T, id func(T) uuid.UUID, after uuid.UUID, limit int) []T {
	all = slices.DeleteFunc(all, func(v T) bool { return strings.Compare(id(v).String(), after.String()) <= 0 })
	slices.SortFunc(all, func(a, b T) int { return strings.Compare(id(a).String(), id(b).String()) })
	return all[:min(limit, len(all))]
}

func (m memoryTraces) Groups(ctx context.Context, maker uuid.UUID, kind domain.ScopeType, after uuid.UUID, limit int) (found []domain.Group, err error) {
	m.use(ctx, func(s *state) {
		for _, g := range s.groups {
			if d := g.Data(); sees(ctx, d.TenantID) && d.CreatedBy == maker && d.Kind == kind {
				found = append(found, s.counted(g))
			}
		}
	})
	return byID(found, domain.Group.ID, after, limit), nil
}

func (m memoryTraces) Memberships(ctx context.Context, user uuid.UUID, kind domain.ScopeType, after uuid.UUID, limit int) ([]domain.Membership, error) {
	found := memoryMemberships(m).active(ctx, func(v domain.Membership) bool { return v.Data().UserID == user && v.Data().Scope.Type == kind })
	return byID(found, func(v domain.Membership) uuid.UUID { return v.Data().Scope.ID }, after, limit), nil
}

func (m memoryTraces) Posts(ctx context.Context, author, after uuid.UUID, limit int) (found []domain.Post, err error) {
	m.use(ctx, func(s *state) { found = s.live(ctx, func(p domain.Post) bool { return p.WrittenBy(author) }) })
	return byID(found, domain.Post.ID, after, limit), nil
}

func (m memoryTraces) LockPosts(ctx context.Context, author uuid.UUID, limit int) ([]domain.Post, error) {
	if ctx.Value(inTx{}) == nil {
		return nil, errLock
	}
	return m.Posts(ctx, author, uuid.Nil, limit)
}

func (m memoryTraces) Communities(ctx context.Context, user uuid.UUID, limit int) ([]uuid.UUID, error) {
	found := map[uuid.UUID]bool{}
	note := func(community uuid.UUID, who ...uuid.UUID) {
		if slices.Contains(who, user) {
			found[community] = true
		}
	}
	m.use(ctx, func(s *state) {
		for key, v := range s.memberships {
			if sees(ctx, key.tenant) && v.Role() != domain.Nobody {
				note(v.Data().CommunityID, key.User)
			}
		}
		for _, g := range s.groups {
			if sees(ctx, g.Data().TenantID) {
				note(g.Data().CommunityID, g.Data().CreatedBy)
			}
		}
		for _, v := range s.requests {
			if d := v.value.Data(); sees(ctx, v.tenant) {
				note(d.CommunityID, d.UserID, d.DecidedBy)
			}
		}
		for _, v := range s.invites {
			if d := v.value.Data(); sees(ctx, v.tenant) {
				note(d.CommunityID, d.UserID, d.InvitedBy)
			}
		}
		for _, v := range s.links {
			if sees(ctx, v.tenant) {
				note(v.value.Data().CommunityID, v.value.Data().CreatedBy)
			}
		}
	})
	return byID(slices.Collect(maps.Keys(found)), func(id uuid.UUID) uuid.UUID { return id }, uuid.Nil, limit), nil
}

func (m memoryTraces) Leave(ctx context.Context, community, user uuid.UUID) (done ports.Anonymized, err error) {
	nobody := func(who *uuid.UUID) int {
		if *who != user {
			return 0
		}
		*who = uuid.Nil
		return 1
	}
	m.use(ctx, func(s *state) {
		maps.DeleteFunc(s.requests, func(_ uuid.UUID, v owned[domain.Request]) bool {
			d := v.value.Data()
			return sees(ctx, v.tenant) && d.CommunityID == community && d.UserID == user
		})
		maps.DeleteFunc(s.invites, func(_ uuid.UUID, v owned[domain.Invite]) bool {
			d := v.value.Data()
			return sees(ctx, v.tenant) && d.CommunityID == community && d.UserID == user
		})
		for id, v := range s.requests {
			if d := v.value.Data(); sees(ctx, v.tenant) && d.CommunityID == community && nobody(&d.DecidedBy) > 0 {
				s.requests[id] = owned[domain.Request]{v.tenant, domain.RestoreRequest(d)}
			}
		}
		for id, v := range s.invites {
			if d := v.value.Data(); sees(ctx, v.tenant) && d.CommunityID == community && nobody(&d.InvitedBy) > 0 {
				s.invites[id] = owned[domain.Invite]{v.tenant, domain.RestoreInvite(d)}
			}
		}
		for id, v := range s.links {
			if d := v.value.Data(); sees(ctx, v.tenant) && d.CommunityID == community && nobody(&d.CreatedBy) > 0 {
				s.links[id] = owned[domain.Link]{v.tenant, domain.RestoreLink(d)}
			}
		}
		for id, g := range s.groups {
			d := g.Data()
			if !sees(ctx, d.TenantID) || d.CommunityID != community || nobody(&d.CreatedBy) == 0 {
				continue
			}
			s.groups[id] = domain.RestoreGroup(d)
			if d.Kind == domain.ScopeTeam {
				done.Teams++
			} else {
				done.Communities++
			}
		}
	})
	return done, nil
}

func (m memoryTraces) Redact(ctx context.Context, post domain.Post) (err error) {
	m.use(ctx, func(s *state) {
		err = s.replacePost(ctx, post, func(domain.Post) uuid.UUID { return post.Data().CreatedBy })
	})
	return err
}

func (m memoryTraces) PurgePosts(ctx context.Context, author uuid.UUID) error {
	m.use(ctx, func(s *state) { s.purge(ctx, func(v storedPost) bool { return v.post.WrittenBy(author) }) })
	return nil
}

func (m memoryTraces) DiscardFiles(ctx context.Context, owner uuid.UUID, at time.Time) error {
	m.use(ctx, func(s *state) {
		s.discard(ctx, at, func(f domain.File) bool { return f.Data().OwnerID == owner && f.Data().DiscardedAt.IsZero() })
	})
	return nil
}

func (m memoryTraces) RemoveProfile(ctx context.Context, user uuid.UUID) error {
	m.use(ctx, func(s *state) { delete(s.profiles, ownKey{tenantOf(ctx), user}) })
	return nil
}
