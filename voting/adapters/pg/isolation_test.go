package pg_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/testkit"
	"go.updspace.com/voting/adapters/pg"
	"go.updspace.com/voting/domain"
	"go.updspace.com/voting/ports/portstest"
)

var tables = []string{"polls", "questions", "options", "ballots"}

// The second lock on a tenant's data: a query that was written without its tenant finds nothing of another's, changes
// nothing of another's, and cannot plant anything there.
func TestAQueryThatForgetsItsTenant(t *testing.T) {
	db := testkit.DB(t, pg.Migrations())
	owner, intruder := portstest.Someone(), portstest.Someone()
	ctx, other := portstest.As(t.Context(), owner), portstest.As(t.Context(), intruder)
	poll := portstest.NewPoll(t, owner, portstest.Draft(owner, "secret"), portstest.Noon)
	paper := portstest.NewPaper(t, poll.ID(), 1)
	poll = portstest.Move(t, poll, domain.StatusActive, paper)
	polls, papers, ballots := pg.NewPolls(db), pg.NewPapers(db), pg.NewBallots(db)
	require.NoError(t, db.Do(ctx, func(ctx context.Context) error {
		require.NoError(t, polls.Add(ctx, poll))
		require.NoError(t, papers.AddQuestions(ctx, paper.Questions()...))
		return papers.AddOptions(ctx, paper.Options()...)
	}))
	choice, err := ballots.Choice(ctx, poll.ID(), paper.Questions()[0].ID(), paper.Options()[0].ID())
	require.NoError(t, err)
	ballot, err := choice.Fill(owner, "r", portstest.Noon)
	require.NoError(t, err)
	require.NoError(t, db.Do(ctx, func(ctx context.Context) error {
		cast, err := ballots.Cast(ctx, ballot, choice)
		require.True(t, cast)
		return err
	}))

	count := func(ctx context.Context, table string) (n int) {
		require.NoError(t, db.Read(ctx, func(ctx context.Context) error {
			return db.Conn(ctx).NewRaw(fmt.Sprintf("SELECT count(*) FROM %s", table)).Scan(ctx, &n)
		}))
		return n
	}
	for _, table := range tables {
		t.Run(table, func(t *testing.T) {
			require.Equal(t, 1, count(ctx, table))
			require.Zero(t, count(other, table))
			require.NoError(t, db.Do(other, func(ctx context.Context) error {
				for _, statement := range []string{"DELETE FROM %s", "UPDATE %s SET id = id"} {
					result, err := db.Conn(ctx).ExecContext(ctx, fmt.Sprintf(statement, table))
					require.NoError(t, err)
					n, err := result.RowsAffected()
					require.NoError(t, err)
					require.Zero(t, n)
				}
				return nil
			}))
			err := db.Do(other, func(ctx context.Context) error {
				_, err := db.Conn(ctx).ExecContext(ctx, fmt.Sprintf("INSERT INTO %s (tenant_id) VALUES (?)", table), owner.Tenant)
				return err
			})
			if table != "ballots" { // whose trigger does not find the poll, and skips the row
				require.ErrorContains(t, err, "row-level security")
			}
			require.Equal(t, 1, count(ctx, table))
		})
	}
}

// Every tenant table is protected; a migration that forgets to say so fails here.
func TestEveryTableOfATenantIsProtected(t *testing.T) {
	db := testkit.DB(t, pg.Migrations())
	var open []string
	require.NoError(t, db.Read(portstest.As(t.Context(), portstest.Someone()), func(ctx context.Context) error {
		return db.Conn(ctx).NewRaw(`
			SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'tenant_id'
			WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND NOT (c.relrowsecurity AND c.relforcerowsecurity)`).Scan(ctx, &open)
	}))
	require.Empty(t, open)
}

// Reading without a request context is a mistake, and not one that shows everything.
func TestWithoutATenantNothingIsRead(t *testing.T) {
	db := testkit.DB(t, pg.Migrations())
	_, err := pg.NewPolls(db).Find(context.Background(), portstest.Someone().User)
	require.Error(t, err)
	require.NotErrorIs(t, err, domain.ErrPollNotFound)
}
