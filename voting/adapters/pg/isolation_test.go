package pg_test

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/groups"
	"go.updspace.com/libs/groups/portalgroups"
	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/tools/devkit/testkit/service"
	"go.updspace.com/voting/adapters/pg"
	"go.updspace.com/voting/domain"
	"go.updspace.com/voting/ports/portstest"
)

// The second lock on a tenant's data: a query written without a tenant filter reads and changes no row of another tenant,
// and cannot insert one there.
func TestAQueryThatForgetsItsTenant(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t, pg.Migrations())
	owner := portstest.NewActor()
	ctx := portstest.As(t.Context(), owner)
	poll, questionnaire := storeActive(t, db, owner, 1)
	ballots := newBallots(db)
	selection, err := ballots.Selection(ctx, poll.ID(), questionnaire.Questions()[0].ID(), questionnaire.Options()[0].ID(), true)
	require.NoError(t, err)
	ballot, err := selection.NewBallot(owner, "r", portstest.Noon)
	require.NoError(t, err)
	cast, err := ballots.Cast(ctx, ballot, poll)
	require.NoError(t, err)
	require.True(t, cast)

	require.NoError(t, db.Do(ctx, func(ctx context.Context) error {
		if err := pg.NewParticipants(db).Put(ctx, domain.Creator(poll)); err != nil {
			return err
		}
		if err := pg.NewInvites(db).Put(ctx, domain.Participant{PollID: poll.ID(), UserID: uuid.New(), Role: domain.RoleObserver, InvitedBy: uuid.New(), AddedAt: portstest.Noon}.Invited()); err != nil {
			return err
		}
		if err := pg.NewImages(db).Add(ctx, domain.NewImage(poll, authz.Actor{User: uuid.New()}, portstest.Noon)); err != nil {
			return err
		}
		return portalgroups.NewStore(db).Put(ctx, groups.Group{Scope: authz.CommunityScope(uuid.New()), Community: uuid.New(), State: groups.Active})
	}))

	service.Isolation(t, db, owner.Tenant)
}

// Reading without a request context is a mistake, and not one that shows everything.
func TestWithoutATenantNothingIsRead(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t, pg.Migrations())
	_, err := pg.NewPolls(db).Find(context.Background(), portstest.NewActor().User)
	require.Error(t, err)
	require.NotErrorIs(t, err, domain.ErrPollNotFound)
}
