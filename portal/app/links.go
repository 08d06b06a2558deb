package app

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports"
)

// Links are the use cases around inviting whoever has a link.
type Links struct {
	*Desk
	links ports.Links
}

// NewLinks works at a desk.
func NewLinks(desk *Desk, links ports.Links) *Links { return &Links{desk, links} }

// NewLink is a link with its token, which is shown this once.
type NewLink struct {
	Link  domain.Link
	Token string
}

// Create makes a link. The same request again makes no other, but a new token of it: of the first one only the hash is
// left, and whoever asks again has not got it.
func (s *Links) Create(ctx context.Context, by domain.Actor, scope domain.Scope, in domain.LinkDraft) (NewLink, error) {
	_, admits, err := s.receive(ctx, scope)
	if err != nil {
		return NewLink{}, err
	}
	input := struct {
		Scope domain.Scope
		In    domain.LinkDraft
	}{scope, in}
	var made NewLink
	id, err := s.create(ctx, "createLink", input, scope, func(ctx context.Context, place domain.Place, now time.Time) (uuid.UUID, error) {
		if made.Link, made.Token, err = domain.NewLink(place, in, admits, by, now); err != nil {
			return uuid.Nil, err
		}
		if err := s.links.Add(ctx, made.Link); err != nil {
			return uuid.Nil, err
		}
		return made.Link.ID(), s.journal.Write(ctx, domain.NewEntry(by.User, "link.created", scope, map[string]any{"max_uses": in.MaxUses}, now))
	})
	if err != nil || made.Token != "" {
		return made, err
	}
	err = s.change(ctx, by, scope, func(ctx context.Context, _ domain.Place, _ time.Time) ([]domain.Move, error) {
		link, err := s.links.Find(ctx, scope, id)
		if err != nil {
			return nil, err
		}
		made.Link, made.Token = link.Renew()
		return nil, s.links.Update(ctx, made.Link)
	})
	return made, err
}

// List returns the links into a group, oldest first.
func (s *Links) List(ctx context.Context, scope domain.Scope, in Paging) (Page[domain.Link], error) {
	if err := s.gate.require(ctx, scope.Type.ToManageMembers(), scope); err != nil {
		return Page[domain.Link]{}, err
	}
	after, err := idKey(in.Cursor)
	if err != nil {
		return Page[domain.Link]{}, err
	}
	if _, err := s.groups.Find(ctx, scope); err != nil {
		return Page[domain.Link]{}, err
	}
	last := func(l domain.Link) string { return idCursor(l.ID()) }
	return page(in, last, func(limit int) ([]domain.Link, error) { return s.links.List(ctx, scope, after, limit) })
}

// Revoke withdraws a link. Again does no harm.
func (s *Links) Revoke(ctx context.Context, by domain.Actor, scope domain.Scope, id uuid.UUID) error {
	if _, err := s.gate.hand(ctx, scope); err != nil {
		return err
	}
	return s.change(ctx, by, scope, func(ctx context.Context, _ domain.Place, now time.Time) ([]domain.Move, error) {
		link, err := s.links.Find(ctx, scope, id)
		if err != nil {
			return nil, err
		}
		if err := s.links.Update(ctx, link.Revoke(now)); err != nil {
			return nil, err
		}
		return nil, s.journal.Write(ctx, domain.NewEntry(by.User, "link.revoked", scope, nil, now))
	})
}

// LinkView is what a link leads to, as shown to whoever has it.
type LinkView struct {
	Link  domain.Link
	Place domain.Place
	Role  domain.Role // what the viewer is there already
}

// Preview shows what a token leads to, while it leads anywhere.
func (s *Links) Preview(ctx context.Context, by domain.Actor, token string) (LinkView, error) {
	view, err := s.open(ctx, by, token)
	if err != nil || view.Role != domain.Nobody {
		return view, err
	}
	if err := view.Link.Opens(s.clock.Now()); err != nil {
		return LinkView{}, err
	}
	return view, view.Place.InUse()
}

// Accept makes the caller a member by a token. Who is one already stays one, and the link has as many uses left as before.
func (s *Links) Accept(ctx context.Context, by domain.Actor, token string) (LinkView, error) {
	view, err := s.open(ctx, by, token)
	if err != nil {
		return LinkView{}, err
	}
	scope, id := view.Link.Data().Scope, view.Link.ID()
	err = s.change(ctx, by, scope, func(ctx context.Context, place domain.Place, now time.Time) ([]domain.Move, error) {
		link, err := s.links.ByToken(ctx, domain.HashToken(token))
		if err != nil {
			return nil, err
		}
		b, err := s.members.Belonging(ctx, place, by.User)
		if err != nil {
			return nil, err
		}
		used, moves, err := b.Use(link, now)
		if err != nil || len(moves) == 0 {
			return nil, err
		}
		if err := s.links.Update(ctx, used); err != nil {
			return nil, err
		}
		return moves, s.journal.Write(ctx, domain.NewEntry(by.User, "link.used", scope, map[string]any{"link_id": id.String()}, now))
	})
	if err != nil {
		return LinkView{}, err
	}
	return s.view(ctx, by, view.Link)
}

// open finds what a token leads to, for those who may see it.
func (s *Links) open(ctx context.Context, by domain.Actor, token string) (LinkView, error) {
	link, err := s.links.ByToken(ctx, domain.HashToken(token))
	if err != nil {
		return LinkView{}, err
	}
	if err := s.gate.require(ctx, domain.PermissionCommunitiesRead, domain.CommunityScope(link.Data().CommunityID)); err != nil {
		return LinkView{}, err
	}
	return s.view(ctx, by, link)
}

func (s *Links) view(ctx context.Context, by domain.Actor, link domain.Link) (LinkView, error) {
	scope := link.Data().Scope
	place, err := s.groups.Find(ctx, scope)
	if err != nil {
		return LinkView{}, err
	}
	roles, err := s.members.Roles(ctx, by.User, scope.ID)
	return LinkView{Link: link, Place: place, Role: roles[scope.ID]}, err
}
