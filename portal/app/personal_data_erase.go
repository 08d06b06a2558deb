package app

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports"
)

// eraseBatch is how many communities or posts are looked at together.
const eraseBatch = 100

// Erasure says what was taken away of a person.
type Erasure struct {
	At                   time.Time
	Profiles             int
	CommunityMemberships int
	TeamMemberships      int
	Communities          int // made by nobody now
	Teams                int
	Posts                int
}

// Erase takes away what there is of a person in the tenant: all of it, or nothing.
func (s *PersonalData) Erase(ctx context.Context, by domain.Actor, of DataSubject) (Erasure, error) {
	if err := of.allow(by); err != nil {
		return Erasure{}, err
	}
	e := &erasing{PersonalData: s, by: by, user: of.User, done: Erasure{At: domain.Instant(s.clock.Now())}}
	if err := s.tx.Do(ctx, e.run); err != nil {
		return Erasure{}, err
	}
	s.tell(ctx, e.moves)
	// Not the tenant's to be decided with the rest. If it fails, the caller repeats the whole, which does no harm.
	return e.done, s.accounts.Forget(ctx, of.User)
}

// erasing is one erasure on its way.
type erasing struct {
	*PersonalData
	by    domain.Actor
	user  uuid.UUID
	moves []domain.Move // to be told to Access, those of heirs among them
	done  Erasure
}

// run takes the locks of communities before all others, as everybody does.
func (e *erasing) run(ctx context.Context) error {
	for _, step := range []func(context.Context) error{e.leave, e.dropProfile, e.redact, e.dropFiles, e.note} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// leave goes through the communities in the order of their ids, so that two erasures do not wait for each other, until
// there is none left: he may have come into another meanwhile.
func (e *erasing) leave(ctx context.Context) error {
	left := map[uuid.UUID]bool{}
	for {
		communities, err := e.traces.Communities(ctx, e.user, eraseBatch)
		if err != nil || len(communities) == 0 {
			return err
		}
		for _, community := range communities {
			if left[community] {
				return errs.Internalf("portal: something of user %s stays in community %s", e.user, community)
			}
			left[community] = true
			if err := e.leaveCommunity(ctx, community); err != nil {
				return err
			}
		}
	}
}

func (e *erasing) leaveCommunity(ctx context.Context, community uuid.UUID) error {
	place, err := e.groups.Lock(ctx, domain.CommunityScope(community))
	if errors.Is(err, domain.ErrCommunityNotFound) {
		return nil // deleted meanwhile, and everything in it
	}
	if err != nil {
		return err
	}
	b, err := e.members.Belonging(ctx, place, e.user)
	if err != nil {
		return err
	}
	for _, group := range b.SoleOwned() {
		if err := e.bequeath(ctx, domain.Place{Community: place.Group, Group: group}); err != nil {
			return err
		}
	}
	if b, err = e.members.Belonging(ctx, place, e.user); err != nil { // as it is now that there are heirs
		return err
	}
	moves, err := b.Withdraw(e.done.At)
	if err != nil {
		return err
	}
	if err := e.move(ctx, moves); err != nil {
		return err
	}
	for _, m := range moves {
		if m.Membership.Data().Scope.Type == domain.ScopeTeam {
			e.done.TeamMemberships++
		} else {
			e.done.CommunityMemberships++
		}
	}
	anonymized, err := e.traces.Leave(ctx, community, e.user)
	e.done.Communities += anonymized.Communities
	e.done.Teams += anonymized.Teams
	return err
}

// bequeath gives a group that has no other owner to the moderator who has been there longest, else to the member; one
// that nobody else is in is archived.
func (e *erasing) bequeath(ctx context.Context, place domain.Place) error {
	heir, err := e.heir(ctx, place.Group.Scope())
	if err != nil {
		return err
	}
	if heir == uuid.Nil {
		return e.archive(ctx, place)
	}
	b, err := e.members.Belonging(ctx, place, heir)
	if err != nil {
		return err
	}
	moves, err := b.Become(place.Group.Scope(), domain.RoleOwner, domain.RoleOwner, e.done.At)
	if err != nil {
		return err
	}
	return e.move(ctx, moves)
}

func (e *erasing) heir(ctx context.Context, scope domain.Scope) (uuid.UUID, error) {
	for _, role := range []domain.Role{domain.RoleModerator, domain.RoleMember} {
		found, err := e.members.List(ctx, ports.MemberSearch{Scope: scope, Role: role}, ports.MemberKey{}, 1)
		if err != nil {
			return uuid.Nil, err
		}
		if len(found) > 0 {
			return found[0].Data().UserID, nil
		}
	}
	return uuid.Nil, nil
}

func (e *erasing) archive(ctx context.Context, place domain.Place) error {
	group, changed, err := place.Put(domain.StatusArchived, e.done.At)
	if err != nil || !changed {
		return err
	}
	if err := e.groups.Update(ctx, group); err != nil {
		return err
	}
	return e.said(ctx, e.by, group, "archived", domain.GroupArchived{GroupEvent: domain.GroupEvent{Group: group, By: e.by.User}}, nil)
}

func (e *erasing) move(ctx context.Context, moves []domain.Move) error {
	e.moves = append(e.moves, moves...)
	return e.apply(ctx, e.by, moves)
}

func (e *erasing) dropProfile(ctx context.Context) error {
	profile, err := e.profiles.Lock(ctx, e.user)
	if errors.Is(err, domain.ErrProfileNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := e.traces.RemoveProfile(ctx, e.user); err != nil {
		return err
	}
	e.done.Profiles++
	erased, changed := profile.Erased()
	return e.events.Publish(ctx, domain.ProfileUpdated{Profile: erased, By: e.by.User, Changed: changed})
}

func (e *erasing) redact(ctx context.Context) error {
	if err := e.traces.PurgePosts(ctx, e.user); err != nil {
		return err
	}
	rendered := e.markdown.Render(domain.ErasedBody)
	for {
		posts, err := e.traces.LockPosts(ctx, e.user, eraseBatch)
		if err != nil || len(posts) == 0 {
			return err
		}
		for _, post := range posts {
			if err := e.redactPost(ctx, post, rendered); err != nil {
				return err
			}
		}
		e.done.Posts += len(posts)
	}
}

func (e *erasing) redactPost(ctx context.Context, post domain.Post, rendered domain.Rendered) error {
	if len(post.Data().Attachments) > 0 { // whoever uploaded them
		if _, err := e.files.Attach(ctx, post.ID(), nil, e.done.At); err != nil {
			return err
		}
	}
	post = post.Redacted(e.done.At).WithRendered(rendered)
	if err := e.traces.Redact(ctx, post); err != nil {
		return err
	}
	return e.events.Publish(ctx, domain.PostUpdated{PostEvent: domain.PostEvent{Post: post, By: e.by.User}})
}

// dropFiles gives up the avatar, what waits to be attached, and what he attached to the posts of others.
func (e *erasing) dropFiles(ctx context.Context) error {
	return e.traces.DiscardFiles(ctx, e.user, e.done.At)
}

func (e *erasing) note(ctx context.Context) error {
	d := e.done
	return e.journal.Write(ctx, domain.NewDataEntry(e.by.User, e.user, "erased", map[string]any{
		"profiles": d.Profiles, "community_memberships": d.CommunityMemberships, "team_memberships": d.TeamMemberships,
		"communities": d.Communities, "teams": d.Teams, "posts": d.Posts,
	}, d.At))
}
