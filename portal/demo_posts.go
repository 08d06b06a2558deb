package portal

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/portal/app"
	"go.updspace.com/portal/domain"
)

// demoPost is a post of the demo data.
type demoPost struct {
	By    uuid.UUID
	Draft domain.PostDraft
}

// demoPosts are one of each kind.
func demoPosts() []demoPost {
	id := func(last string) uuid.UUID { return uuid.MustParse("00000000-0000-4000-8000-0000000000" + last) }
	return []demoPost{
		{demoAdmin, domain.PostDraft{
			ID: id("e1"), Title: "Welcome", Visibility: domain.VisibilityPublic,
			Body: "This is the **feed**: what everybody may read, and what your communities and teams write.\n\n- join one\n- write something\n",
		}},
		{demoMember, domain.PostDraft{
			ID: id("e2"), Title: "Club night on Saturday", Visibility: domain.VisibilityCommunity, Place: domain.PostPlace{CommunityID: demoChess},
			Body: "We start at *eight*.\n\n| Board | Who |\n|-|-|\n| 1 | Admin |\n| 2 | Member |\n",
		}},
		{demoMember, domain.PostDraft{
			ID: id("e3"), Title: "The Italian Game", Visibility: domain.VisibilityTeam, Place: domain.PostPlace{CommunityID: demoChess, TeamID: demoOpenings},
			Body: "`1. e4 e5 2. Nf3 Nc6 3. Bc4` and then? See https://en.wikipedia.org/wiki/Italian_Game.",
		}},
		{demoMember, domain.PostDraft{
			ID: id("e4"), Title: "Note to myself", Visibility: domain.VisibilityPrivate, Body: "Bring the clocks.",
		}},
	}
}

// seed writes a post unless it is there, or was.
func (p demoPost) seed(ctx context.Context, o operator) error {
	by := domain.Actor{Tenant: demoAEF, User: p.By}
	ctx = reqctx.With(ctx, reqctx.Context{TenantID: by.Tenant, UserID: by.User})
	_, err := o.Posts.Get(ctx, by, p.Draft.ID)
	if !errors.Is(err, domain.ErrPostNotFound) {
		return err
	}
	_, err = o.Posts.Create(ctx, by, app.CreatePost{Draft: p.Draft})
	if errs.KindOf(err) == errs.Conflict { // somebody has deleted it
		return nil
	}
	return err
}
