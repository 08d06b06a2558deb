package pg_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/testkit"
	"go.updspace.com/voting/adapters/pg"
	"go.updspace.com/voting/domain"
	"go.updspace.com/voting/ports/portstest"
)

// What the domain refuses, the database refuses as well, should it come by another way.
func TestTheDatabaseHoldsTheRules(t *testing.T) {
	db := testkit.DB(t, pg.Migrations())
	by := portstest.Someone()
	ctx := portstest.As(t.Context(), by)
	polls := pg.NewPolls(db)
	good := portstest.NewPoll(t, by, portstest.Draft(by, "title"), portstest.Noon).Data()
	for name, spoil := range map[string]func(*domain.PollData){
		"an empty title":             func(d *domain.PollData) { d.Title = "" },
		"an unknown status":          func(d *domain.PollData) { d.Status = "open" },
		"an unknown scope":           func(d *domain.PollData) { d.Scope.Type = "PLANET" },
		"another tenant for a scope": func(d *domain.PollData) { d.Scope = domain.TenantScope(uuid.New()) },
		"a visibility out of scope":  func(d *domain.PollData) { d.Visibility = domain.VisibilityTeam },
		"an unknown results rule":    func(d *domain.PollData) { d.Rules.Results = "never" },
		"an end before the start": func(d *domain.PollData) {
			d.Schedule = domain.Schedule{Starts: portstest.Noon, Ends: portstest.Noon.Add(-time.Second)}
		},
	} {
		t.Run(name, func(t *testing.T) {
			bad := good
			bad.ID = uuid.New()
			spoil(&bad)
			err := db.Do(ctx, func(ctx context.Context) error { return polls.Add(ctx, domain.RestorePoll(bad)) })
			require.ErrorContains(t, err, "polls_") // the constraint's name
		})
	}
	require.NoError(t, db.Do(ctx, func(ctx context.Context) error { return polls.Add(ctx, domain.RestorePoll(good)) }))
}

// Without the repository in between: nobody has two ballots for an option or two in a slot, slots end at the limit of
// the question, no ballot is for an option of another question, and none gets into a poll that is not open or not the
// one that was decided on.
func TestTheDatabaseHoldsTheBallots(t *testing.T) {
	db := testkit.DB(t, pg.Migrations())
	by := portstest.Someone()
	ctx := portstest.As(t.Context(), by)
	poll := portstest.NewPoll(t, by, portstest.Draft(by, "title"), portstest.Noon)
	paper := portstest.NewPaper(t, poll.ID(), 3, 1) // two votes in the first question
	poll = portstest.Move(t, poll, domain.StatusActive, paper)
	require.NoError(t, db.Do(ctx, func(ctx context.Context) error {
		require.NoError(t, pg.NewPolls(db).Add(ctx, poll))
		require.NoError(t, pg.NewPapers(db).AddQuestions(ctx, paper.Questions()...))
		return pg.NewPapers(db).AddOptions(ctx, paper.Options()...)
	}))
	first, second := paper.Questions()[0].ID(), paper.Questions()[1].ID()
	options := paper.Options()
	plant := func(question, option uuid.UUID, slot, version int) (planted int64, err error) {
		err = db.Do(ctx, func(ctx context.Context) error {
			result, err := db.Conn(ctx).NewRaw(`INSERT INTO ballots (tenant_id, id, poll_id, question_id, option_id, user_id, slot, request_id, cast_at, poll_version)
				VALUES (?, ?, ?, ?, ?, ?, ?, '', now(), ?)`, by.Tenant, uuid.New(), poll.ID(), question, option, by.User, slot, version).Exec(ctx)
			if err != nil {
				return err
			}
			planted, err = result.RowsAffected()
			return err
		})
		return planted, err
	}
	skipped := func(n int64, err error) {
		t.Helper()
		require.NoError(t, err)
		require.Zero(t, n)
	}
	refused := func(constraint string) func(int64, error) {
		return func(_ int64, err error) { t.Helper(); require.ErrorContains(t, err, constraint) }
	}
	version := poll.Version()
	skipped(plant(first, options[0].ID(), 1, version-1))
	skipped(plant(first, options[0].ID(), 3, version))
	skipped(plant(uuid.New(), options[0].ID(), 1, version))
	n, err := plant(first, options[0].ID(), 1, version)
	require.NoError(t, err)
	require.EqualValues(t, 1, n)
	refused("ballots_one_per_option")(plant(first, options[0].ID(), 2, version))
	refused("ballots_within_limit")(plant(first, options[1].ID(), 1, version))
	refused("ballots_option")(plant(second, options[1].ID(), 1, version))
	refused("ballots_slot_check")(plant(first, options[1].ID(), 0, version))

	closed := portstest.Move(t, poll, domain.StatusClosed, paper)
	require.NoError(t, db.Do(ctx, func(ctx context.Context) error { return pg.NewPolls(db).Update(ctx, closed) }))
	skipped(plant(first, options[1].ID(), 2, version))
	skipped(plant(first, options[1].ID(), 2, closed.Version()))
}
