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

// The unique constraints alone, without the statement that casts: nobody has two ballots for an option or two in a slot,
// and no ballot is for an option of another question.
func TestTheDatabaseHoldsTheBallots(t *testing.T) {
	db := testkit.DB(t, pg.Migrations())
	by := portstest.Someone()
	ctx := portstest.As(t.Context(), by)
	poll := portstest.NewPoll(t, by, portstest.Draft(by, "title"), portstest.Noon)
	paper := portstest.NewPaper(t, poll.ID(), 2, 1)
	require.NoError(t, db.Do(ctx, func(ctx context.Context) error {
		require.NoError(t, pg.NewPolls(db).Add(ctx, poll))
		require.NoError(t, pg.NewPapers(db).AddQuestions(ctx, paper.Questions()...))
		return pg.NewPapers(db).AddOptions(ctx, paper.Options()...)
	}))
	first, second := paper.Questions()[0].ID(), paper.Questions()[1].ID()
	options := paper.Options()
	plant := func(question, option uuid.UUID, slot int) error {
		return db.Do(ctx, func(ctx context.Context) error {
			_, err := db.Conn(ctx).NewRaw(`INSERT INTO ballots (tenant_id, id, poll_id, question_id, option_id, user_id, slot, request_id, cast_at)
				VALUES (?, ?, ?, ?, ?, ?, ?, '', now())`, by.Tenant, uuid.New(), poll.ID(), question, option, by.User, slot).Exec(ctx)
			return err
		})
	}
	require.NoError(t, plant(first, options[0].ID(), 1))
	require.ErrorContains(t, plant(first, options[0].ID(), 2), "ballots_one_per_option")
	require.ErrorContains(t, plant(first, options[1].ID(), 1), "ballots_within_limit")
	require.ErrorContains(t, plant(second, options[1].ID(), 1), "ballots_option")
	require.ErrorContains(t, plant(first, options[1].ID(), 0), "ballots_slot_check")
	require.NoError(t, plant(first, options[1].ID(), 2))
}
