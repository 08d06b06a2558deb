package pg_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/authz"
	libpg "go.updspace.com/libs/pg"
	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/voting/adapters/pg"
	"go.updspace.com/voting/domain"
	"go.updspace.com/voting/ports/portstest"
)

// What the domain refuses, the database refuses as well, should it come by another way.
func TestTheDatabaseHoldsTheRules(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t, pg.Migrations())
	by := portstest.NewActor()
	ctx := portstest.As(t.Context(), by)
	polls := pg.NewPolls(db)
	good := portstest.NewPoll(t, by, portstest.Draft(by, "title"), portstest.Noon).Data()
	for name, spoil := range map[string]func(*domain.PollData){
		"an empty title":             func(d *domain.PollData) { d.Title = "" },
		"an unknown status":          func(d *domain.PollData) { d.Status = "open" },
		"an unknown scope":           func(d *domain.PollData) { d.Scope.Type = "PLANET" },
		"another tenant for a scope": func(d *domain.PollData) { d.Scope = authz.TenantScope(uuid.New()) },
		"a visibility out of scope":  func(d *domain.PollData) { d.Visibility = authz.VisibilityTeam },
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

// storeActive stores a published poll.
func storeActive(t *testing.T, db *libpg.DB, by authz.Actor, options ...int) (domain.Poll, domain.Questionnaire) {
	t.Helper()
	ctx := portstest.As(t.Context(), by)
	poll := portstest.NewPoll(t, by, portstest.Draft(by, "title"), portstest.Noon)
	questionnaire := portstest.NewQuestionnaire(t, poll.ID(), options...)
	poll = portstest.Move(t, poll, domain.StatusActive, questionnaire)
	require.NoError(t, db.Do(ctx, func(ctx context.Context) error {
		require.NoError(t, pg.NewPolls(db).Add(ctx, poll))
		require.NoError(t, pg.NewQuestionnaires(db).AddQuestions(ctx, questionnaire.Questions()...))
		return pg.NewQuestionnaires(db).AddOptions(ctx, questionnaire.Options()...)
	}))
	return poll, questionnaire
}

// Without the repository in between: a user has one ballot for an option and one in a slot, slots end at the limit of the
// question, a ballot is for an option of its question, and its poll is active and unchanged.
func TestTheDatabaseHoldsTheBallots(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t, pg.Migrations())
	by := portstest.NewActor()
	ctx := portstest.As(t.Context(), by)
	poll, questionnaire := storeActive(t, db, by, 3, 1) // two votes in the first question
	first, second := questionnaire.Questions()[0].ID(), questionnaire.Questions()[1].ID()
	options := questionnaire.Options()
	call := func(question, option uuid.UUID, slot, version int) (string, error) {
		outcomes, err := libpg.CallAll[string](ctx, db, "SELECT cast_ballot($1, $2, $3, $4, $5, $6, $7, '', now(), $8, $9, 't', 's', '{}')",
			[]any{by.Tenant, uuid.New(), poll.ID(), question, option, by.User, slot, version, uuid.New()})
		return strings.Join(outcomes, ","), err
	}
	cast := func(question, option uuid.UUID, slot, version int) string {
		outcome, err := call(question, option, slot, version)
		require.NoError(t, err)
		return outcome
	}
	insert := func(question, option uuid.UUID, slot int) error {
		return db.Do(ctx, func(ctx context.Context) error {
			_, err := db.Conn(ctx).NewRaw(`INSERT INTO ballots (tenant_id, id, poll_id, question_id, option_id, user_id, slot, request_id, cast_at)
				VALUES (?, ?, ?, ?, ?, ?, ?, '', now())`, by.Tenant, uuid.New(), poll.ID(), question, option, by.User, slot).Exec(ctx)
			return err
		})
	}
	version := poll.Version()
	require.Equal(t, "stale", cast(first, options[0].ID(), 1, version-1))
	require.Equal(t, "stale", cast(first, options[0].ID(), 3, version))
	require.Equal(t, "stale", cast(uuid.New(), options[0].ID(), 2, version))
	_, err := call(uuid.New(), options[0].ID(), 1, version)
	require.ErrorContains(t, err, "ballots_option")
	require.Equal(t, "stored", cast(first, options[0].ID(), 1, version))
	require.Equal(t, "conflict", cast(first, options[0].ID(), 2, version), "the same option")
	require.Equal(t, "conflict", cast(first, options[1].ID(), 1, version), "the same slot")
	require.ErrorContains(t, insert(first, options[0].ID(), 2), "ballots_one_per_option")
	require.ErrorContains(t, insert(first, options[1].ID(), 1), "ballots_within_limit")
	require.ErrorContains(t, insert(second, options[1].ID(), 1), "ballots_option")
	require.ErrorContains(t, insert(first, options[1].ID(), 0), "ballots_slot_check")

	closed := portstest.Move(t, poll, domain.StatusClosed, questionnaire)
	require.NoError(t, db.Do(ctx, func(ctx context.Context) error { return pg.NewPolls(db).Update(ctx, closed) }))
	require.Equal(t, "stale", cast(first, options[1].ID(), 2, version))
	require.Equal(t, "stale", cast(first, options[1].ID(), 2, closed.Version()))
}
