package gamification_test

import (
	"context"
	"database/sql"
	"net/http"
	"testing"

	"github.com/google/uuid"
	_ "github.com/jackc/pgx/v5/stdlib" // for the owner's connection
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/gamificationapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/tools/devkit/testkit/service"
)

// faults lets the nth row that the service writes fail, whatever the table: what is stored, the event in the outbox, the entry in the audit
// log, the claim of a repeated request.
type faults struct {
	t  *testing.T
	db *sql.DB // of the role that owns the tables
}

func newFaults(t *testing.T, s *fixture) faults {
	t.Helper()
	db, err := sql.Open("pgx", s.Database.MigrateURL)
	require.NoError(t, err)
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	f := faults{t, db}
	f.exec(`SET updspace.across = 'on'`)
	f.exec(`CREATE SEQUENCE fault_rows`)
	f.exec(`CREATE TABLE fault_at (row bigint NOT NULL)`)
	f.exec(`INSERT INTO fault_at VALUES (0)`)
	f.exec(`CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
		BEGIN
			IF nextval('fault_rows') = (SELECT row FROM fault_at) THEN RAISE EXCEPTION 'a fault of the test in %', TG_TABLE_NAME; END IF;
			RETURN coalesce(NEW, OLD);
		END $$`)
	for _, table := range f.tables() {
		f.exec(`CREATE TRIGGER a_fault BEFORE INSERT OR UPDATE OR DELETE ON "` + table + `" FOR EACH ROW EXECUTE FUNCTION fault()`)
	}
	return f
}

func (f faults) exec(statement string) {
	f.t.Helper()
	_, err := f.db.ExecContext(context.Background(), statement)
	require.NoError(f.t, err, statement)
}

// tables are those that the service writes.
func (f faults) tables() (names []string) {
	f.t.Helper()
	rows, err := f.db.QueryContext(context.Background(), `
		SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tablename <> 'fault_at' AND tablename NOT LIKE 'goose%' ORDER BY tablename`)
	require.NoError(f.t, err)
	defer rows.Close()
	for rows.Next() {
		var name string
		require.NoError(f.t, rows.Scan(&name))
		names = append(names, name)
	}
	require.NoError(f.t, rows.Err())
	return names
}

// stored is everything that is stored.
func (f faults) stored() map[string]string {
	f.t.Helper()
	all := map[string]string{}
	for _, table := range f.tables() {
		var content string
		err := f.db.QueryRowContext(context.Background(), `SELECT coalesce(string_agg(t::text, E'\n' ORDER BY t::text), '') FROM "`+table+`" AS t`).Scan(&content)
		require.NoError(f.t, err)
		all[table] = content
	}
	return all
}

// arm lets the nth row from now on fail; 0 for none.
func (f faults) arm(n int) {
	f.t.Helper()
	f.exec(`ALTER SEQUENCE fault_rows RESTART`)
	_, err := f.db.ExecContext(context.Background(), `UPDATE fault_at SET row = $1`, n)
	require.NoError(f.t, err)
}

// each lets one row after another of do fail. do must fail with it and leave everything as it was, until no row is left.
func (f faults) each(do func() (failed bool)) {
	f.t.Helper()
	for n := 1; ; n++ {
		require.Less(f.t, n, 100)
		before := f.stored()
		f.arm(n)
		failed := do()
		f.arm(0)
		if !failed {
			require.Greater(f.t, n, 1, "nothing was written")
			f.t.Logf("%d rows", n-1)
			return
		}
		require.Equal(f.t, before, f.stored(), "row %d", n)
	}
}

// A write that fails leaves nothing half done: neither of the change nor of its events and its entries in the audit log.
func TestAFailedWriteLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	wrong := func(answer service.Answer, err error) bool {
		require.NoError(t, err)
		if answer.StatusCode() < http.StatusInternalServerError {
			require.Less(t, answer.StatusCode(), http.StatusMultipleChoices)
			return false
		}
		return true
	}
	for name, prepare := range map[string]func(s *fixture) func() bool{
		"create an achievement": func(s *fixture) func() bool {
			body := s.draft(published)
			return func() bool { return wrong(s.As(s.admin).CreateAchievementWithResponse(t.Context(), body)) }
		},
		"change an achievement": func(s *fixture) func() bool {
			id := s.achievement(func(b *gamificationapi.AchievementCreate) { b.Images = picture }).ID
			return func() bool { return wrong(s.move(s.admin, id, gamificationapi.AchievementUpdateStatusPublished), nil) }
		},
		"delete a draft": func(s *fixture) func() bool {
			id := s.ruledDraft()
			return func() bool { return wrong(s.As(s.admin).DeleteAchievementWithResponse(t.Context(), id, nil)) }
		},
		"merge categories": func(s *fixture) func() bool {
			s.category("events", 0)
			s.achievement()
			return func() bool {
				return wrong(s.As(s.admin).MergeCategoryWithResponse(t.Context(), "skill", gamificationapi.CategoryMerge{Into: "events"}))
			}
		},
		"order categories": func(s *fixture) func() bool {
			s.category("events", 0)
			s.category("skill", 1)
			return func() bool {
				return wrong(s.As(s.admin).OrderCategoriesWithResponse(t.Context(), gamificationapi.CategoryOrder{Ids: []string{"skill", "events"}}))
			}
		},
		"grant with a reward": func(s *fixture) func() bool {
			chief, a := s.rewarded()
			return func() bool { return wrong(s.try(chief, a, s.member), nil) }
		},
		"grant to many": func(s *fixture) func() bool {
			chief, a := s.rewarded()
			people := s.people(2)
			return func() bool {
				return wrong(s.As(chief).CreateGrantsWithResponse(t.Context(), a, gamificationapi.GrantsCreate{RecipientIds: []uuid.UUID{people[0].User, people[1].User}}))
			}
		},
		"revoke with a reward": func(s *fixture) func() bool {
			chief, a := s.rewarded()
			grant := service.OK(t, s.try(chief, a, s.member), nil).JSON201.ID
			return func() bool { return wrong(s.revoke(s.admin, grant, "By mistake"), nil) }
		},
		"nominate": func(s *fixture) func() bool {
			a := s.achievement(published).ID
			return func() bool { return wrong(s.nominate(s.member, a, s.maker), nil) }
		},
		"approve a nomination": func(s *fixture) func() bool {
			chief, a := s.rewarded()
			nomination := s.nominated(s.member, a, s.maker).ID
			return func() bool { return wrong(s.approve(chief, nomination), nil) }
		},
		"set a rule": func(s *fixture) func() bool {
			a := s.achievement(published).ID
			return func() bool { return wrong(s.putRule(s.admin, a, nil, attendances(2)), nil) }
		},
		"set a reward": func(s *fixture) func() bool {
			chief, a := s.chief(), s.achievement(published).ID
			role := s.helpers("helpers")
			return func() bool { return wrong(s.putReward(chief, a, role), nil) }
		},
		"a fact by which a rule grants": func(s *fixture) func() bool {
			s.rewardedRule()
			fact := attended(s.member, uuid.New(), s.Clock.Now(), false)
			return func() bool { return s.record(fact) != nil }
		},
		"a fact by which a rule takes back": func(s *fixture) func() bool {
			s.rewardedRule()
			event := uuid.New()
			s.tell(attended(s.member, event, s.Clock.Now(), false))
			fact := attended(s.member, event, s.Clock.Now().Add(1), true)
			fact.At = fact.At.Add(1000)
			return func() bool { return s.record(fact) != nil }
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			do := prepare(s)
			s.backFill()
			s.settleRewards()
			newFaults(t, s).each(do)
		})
	}
}

// rewarded is a published achievement with points and a reward, and who grants it.
func (s *fixture) rewarded() (chief authz.Actor, achievement uuid.UUID) {
	s.T.Helper()
	chief, achievement = s.chief(), s.achievement(published, worth(5)).ID
	service.OK(s.T, s.putReward(chief, achievement, s.helpers("helpers")), nil)
	return chief, achievement
}

// rewardedRule is a rule that grants an achievement with a reward for one attendance.
func (s *fixture) rewardedRule() {
	s.T.Helper()
	service.OK(s.T, s.putReward(s.chief(), s.ruled(attendances(1, takesBack), worth(5)).ID, s.helpers("helpers")), nil)
	s.backFill()
	s.settleRewards()
}

// ruledDraft is a draft with a rule.
func (s *fixture) ruledDraft() uuid.UUID {
	s.T.Helper()
	id := s.achievement().ID
	service.OK(s.T, s.putRule(s.admin, id, nil, attendances(2)), nil)
	return id
}
