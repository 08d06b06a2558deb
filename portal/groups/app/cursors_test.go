package app_test

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/page"
	groupsapp "go.updspace.com/portal/groups/app"
)

// A cursor that no page of the list gave is refused: a list that began anew would show its first page for the next.
func TestCursorsOfOtherListsAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	owner, ctx, id := w.owner, w.as(w.owner), w.community.ID()
	other := page.Request{Cursor: page.Encode("other", uuid.New())}
	for name, list := range map[string]func() error{
		"communities":      func() error { return result(w.groups.Communities(ctx, owner, groupsapp.ListGroups{Request: other})) },
		"teams":            func() error { return result(w.groups.Teams(ctx, owner, id, groupsapp.ListGroups{Request: other})) },
		"one's own groups": func() error { return result(w.groups.Mine(ctx, owner, "", groupsapp.ListGroups{Request: other})) },
		"members":          func() error { return result(w.members.List(ctx, owner, id, groupsapp.ListMembers{Request: other})) },
		"bans":             func() error { return result(w.bans.List(ctx, owner, id, other)) },
		"links":            func() error { return result(w.links.List(ctx, owner, id, other)) },
		"join requests": func() error {
			return result(w.requests.List(ctx, owner, id, groupsapp.ListJoinRequests{Request: other}))
		},
		"one's own requests":    func() error { return result(w.requests.Mine(ctx, owner, groupsapp.ListJoinRequests{Request: other})) },
		"invitations":           func() error { return result(w.invites.List(ctx, owner, id, groupsapp.ListInvites{Request: other})) },
		"one's own invitations": func() error { return result(w.invites.Mine(ctx, owner, groupsapp.ListInvites{Request: other})) },
	} {
		require.Equal(t, errs.Invalid, errs.KindOf(list()), name)
	}
}

// awayTenants is storage of tenants that cannot be read.
type awayTenants struct{}

func (awayTenants) All(context.Context) ([]uuid.UUID, error) { return nil, errStorage }

func TestReconciliationNeedsTheTenants(t *testing.T) {
	t.Parallel()
	_, err := groupsapp.Reconciler{Tenants: awayTenants{}}.Reconcile(t.Context())
	require.ErrorIs(t, err, errStorage)
}
