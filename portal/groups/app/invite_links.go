package app

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/page"
	"go.updspace.com/portal/groups/domain"
)

// InviteLinks are the use cases of invite links.
type InviteLinks struct{ Deps }

// NewInviteLink is a link with its token, which no later answer contains.
type NewInviteLink struct {
	Link  domain.InviteLink
	Token string
}

// Create creates a link. A repeated request returns the same link with a new token; only the hash is stored.
func (s InviteLinks) Create(
	ctx context.Context, by authz.Actor, group uuid.UUID, in domain.InviteLinkDraft,
) (made NewInviteLink, err error) {
	if _, err := s.authorize(ctx, by, group); err != nil {
		return NewInviteLink{}, err
	}
	add := func(ctx context.Context, g domain.GroupInCommunity, now time.Time) (uuid.UUID, error) {
		if made.Link, made.Token, err = domain.NewInviteLink(g, in, maker(ctx, by), now); err != nil {
			return uuid.Nil, err
		}
		if err := s.Links.Add(ctx, made.Link); err != nil {
			return uuid.Nil, err
		}
		return made.Link.ID(), s.record(ctx, "invite_link.created", g.Group.Scope(), map[string]any{"max_uses": in.MaxUses})
	}
	id, err := s.create(ctx, "createInviteLink", group, in, add)
	if err != nil || made.Token != "" {
		return made, err
	}
	return made, s.update(ctx, by, group, id, func(link domain.InviteLink, _ time.Time) domain.InviteLink {
		made.Link, made.Token = link.Renew()
		return made.Link
	}, "")
}

// List returns the links into a group, oldest first.
func (s InviteLinks) List(ctx context.Context, by authz.Actor, group uuid.UUID, in page.Request) (page.Page[domain.InviteLink], error) {
	if err := s.require(ctx, by, group, domain.PermissionManageMembers); err != nil {
		return page.Page[domain.InviteLink]{}, err
	}
	return listByID("invite links", in, domain.InviteLink.ID, func(after uuid.UUID, limit int) ([]domain.InviteLink, error) {
		return s.Links.List(ctx, group, after, limit)
	})
}

// Revoke ends a link. A second time changes nothing.
func (s InviteLinks) Revoke(ctx context.Context, by authz.Actor, group, id uuid.UUID) error {
	if _, err := s.authorize(ctx, by, group); err != nil {
		return err
	}
	return s.update(ctx, by, group, id, domain.InviteLink.Revoke, "invite_link.revoked")
}

// update changes a link and enters the action into the audit log, if there is one.
func (s InviteLinks) update(
	ctx context.Context, by authz.Actor, group, id uuid.UUID, edit func(domain.InviteLink, time.Time) domain.InviteLink, action string,
) error {
	return s.change(ctx, by, group, func(ctx context.Context, g domain.GroupInCommunity, now time.Time) (changes, error) {
		link, err := s.Links.Find(ctx, group, id)
		if err != nil {
			return nil, err
		}
		if err := s.Links.Update(ctx, edit(link, now)); err != nil || action == "" {
			return nil, err
		}
		return nil, s.record(ctx, action, g.Group.Scope(), nil)
	})
}

// InviteLinkView is the group of a link, as shown to a user who has the token.
type InviteLinkView struct {
	Link  domain.InviteLink
	Group domain.GroupInCommunity
	Role  domain.Role // of the user
}

// Preview shows the group of a link that can be used, and to members in any case.
func (s InviteLinks) Preview(ctx context.Context, by authz.Actor, token string) (InviteLinkView, error) {
	view, _, err := s.usable(ctx, by, token)
	if err != nil || view.Role != domain.RoleNone {
		return view, err
	}
	return view, view.Group.RequireActive()
}

// Accept makes the caller a member by a link, whose maker must still manage the members of the group. A member stays one
// and does not use the link up.
func (s InviteLinks) Accept(ctx context.Context, by authz.Actor, token string) (InviteLinkView, error) {
	view, intoCommunity, err := s.usable(ctx, by, token)
	if err != nil || view.Role != domain.RoleNone {
		return view, err
	}
	_, err = s.changeUser(ctx, by, view.Link.Data().Scope.ID, by.User, func(ctx context.Context, u userIn) (changes, error) {
		link, err := s.Links.ByToken(ctx, domain.HashToken(token))
		if err != nil {
			return nil, err
		}
		if err := s.requireStillTenantMember(ctx, by.User); err != nil {
			return nil, err
		}
		used, changes, err := u.Use(link, intoCommunity, u.now)
		if err != nil || len(changes) == 0 {
			return nil, err
		}
		if err := s.Links.Update(ctx, used); err != nil {
			return nil, err
		}
		return changes, s.record(ctx, "invite_link.used", u.scope, map[string]any{"link_id": link.ID().String()})
	})
	if err != nil {
		return InviteLinkView{}, err
	}
	return s.view(ctx, by, view.Link)
}

// usable finds the link of a token, for callers who may read the community. For callers who are not members, it must be
// possible to use it: the second result is the maker's authority.
func (s InviteLinks) usable(ctx context.Context, by authz.Actor, token string) (view InviteLinkView, intoCommunity bool, err error) {
	link, err := s.Links.ByToken(ctx, domain.HashToken(token))
	if err != nil {
		return InviteLinkView{}, false, err
	}
	if err := s.requireInCommunity(ctx, link.Data().CommunityID, domain.PermissionCommunitiesRead); err != nil {
		return InviteLinkView{}, false, err
	}
	view, err = s.view(ctx, by, link)
	if err != nil || view.Role != domain.RoleNone {
		return view, false, err
	}
	if err := link.RequireUsable(s.Clock.Now()); err != nil {
		return InviteLinkView{}, false, err
	}
	intoCommunity, err = s.makerAuthority(ctx, view.Group, link.Data().Maker)
	return view, intoCommunity, err
}

func (s InviteLinks) view(ctx context.Context, by authz.Actor, link domain.InviteLink) (InviteLinkView, error) {
	group := link.Data().Scope.ID
	found, err := s.Groups.Find(ctx, group)
	if err != nil {
		return InviteLinkView{}, err
	}
	roles, err := s.Members.Roles(ctx, by.User, group)
	return InviteLinkView{Link: link, Group: found, Role: roles[group]}, err
}
