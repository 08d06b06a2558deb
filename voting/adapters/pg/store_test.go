package pg_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/votingevents"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/groups/portalgroups"
	"go.updspace.com/libs/outbox"
	libpg "go.updspace.com/libs/pg"
	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/voting/adapters/pg"
	"go.updspace.com/voting/domain"
	"go.updspace.com/voting/ports"
	"go.updspace.com/voting/ports/portstest"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// encoder encodes every event the same way: what it holds is a matter of adapters/outbox.
type encoder struct{ *outbox.Publisher }

func (e encoder) Encode(ctx context.Context, _ domain.Event) (outbox.Row, error) {
	poll := uuid.New()
	return e.Publisher.Encode(ctx, outbox.Event{Type: votingevents.TypeVoteCast, Subject: "poll/" + poll.String(), Data: votingevents.Vote{
		PollID: poll, VoteID: uuid.New(), NominationID: uuid.New(), OptionID: uuid.New(), CreatedBy: uuid.New(), Title: "poll",
		ScopeType: votingevents.VoteScopeTypeTenant, ScopeID: uuid.New(), Visibility: votingevents.VoteVisibilityPublic, SourceRef: "poll:" + poll.String(),
	}})
}

func newBallots(db *libpg.DB) *pg.Ballots {
	return pg.NewBallots(db, encoder{outbox.NewPublisher(db, "voting").Validating()})
}

func TestPostgres(t *testing.T) {
	t.Parallel()
	portstest.Suite(t, func(t *testing.T) portstest.Store {
		db := testkit.DB(t, pg.Migrations())
		return portstest.Store{Polls: pg.NewPolls(db), Questionnaires: pg.NewQuestionnaires(db), Ballots: newBallots(db),
			Participants: pg.NewParticipants(db), Invites: pg.NewInvites(db), Groups: portalgroups.NewStore(db), Tx: db, Peers: []ports.Ballots{newBallots(db), newBallots(db)}}
	})
}

// One statement stores the ballot and its event, or neither.
func TestCastingStoresTheBallotWithItsEvent(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t, pg.Migrations())
	by := portstest.NewActor()
	ctx := portstest.As(t.Context(), by)
	poll, questionnaire := storeActive(t, db, by, 2)
	ballots := newBallots(db)
	selection, err := ballots.Selection(ctx, poll.ID(), questionnaire.Questions()[0].ID(), questionnaire.Options()[0].ID(), true)
	require.NoError(t, err)
	count := func() (rows [2]int) {
		require.NoError(t, db.Read(ctx, func(ctx context.Context) error {
			return db.Conn(ctx).NewRaw("SELECT (SELECT count(*) FROM ballots), (SELECT count(*) FROM outbox)").Scan(ctx, &rows[0], &rows[1])
		}))
		return rows
	}
	ballot, err := selection.NewBallot(by, "r", portstest.Noon)
	require.NoError(t, err)
	for range 2 { // the second finds the first in the way
		_, err = ballots.Cast(ctx, ballot, poll)
		require.NoError(t, err)
		require.Equal(t, [2]int{1, 1}, count())
	}
	_, err = ballots.Cast(context.Background(), ballot, poll)
	require.Error(t, err, "without a tenant")
	require.Error(t, db.Do(ctx, func(ctx context.Context) error {
		_, err := ballots.Cast(ctx, ballot, poll)
		return err
	}), "in a transaction that may be rolled back")
}

// A ballot that a constraint refuses fails alone: the others of its batch are stored.
func TestABallotOfABatchFailsAlone(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t, pg.Migrations())
	by := portstest.NewActor()
	ctx := portstest.As(t.Context(), by)
	poll, questionnaire := storeActive(t, db, by, 2)
	ballots := newBallots(db)
	selection, err := ballots.Selection(ctx, poll.ID(), questionnaire.Questions()[0].ID(), questionnaire.Options()[0].ID(), true)
	require.NoError(t, err)
	of := func(voter authz.Actor) domain.Ballot {
		ballot, err := selection.NewBallot(voter, "r", portstest.Noon)
		require.NoError(t, err)
		return ballot
	}
	mallory := of(portstest.SameTenantActor(by)).Data()
	mallory.OptionID = uuid.New()
	first, wrong, third := of(by), domain.RestoreBallot(mallory), of(portstest.SameTenantActor(by))
	outcomes, failures := pg.CastAll(ctx, ballots, poll, first, wrong, third)
	require.Equal(t, []string{"stored", "", "stored"}, outcomes)
	require.NoError(t, errors.Join(failures[0], failures[2]))
	require.ErrorContains(t, failures[1], "ballots_option")
	stored, err := ballots.Cast(ctx, wrong, poll)
	require.NoError(t, err)
	require.False(t, stored, "the caller reads the poll again and finds the option gone")
}
