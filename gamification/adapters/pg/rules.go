package pg

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/gamification/ports"
	"go.updspace.com/gamification/rule"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/valid"
)

// Rules is ports.Rules.
type Rules struct{ db *pg.DB }

// NewRules stores rules in db.
func NewRules(db *pg.DB) *Rules { return &Rules{db} }

type ruleRow struct {
	bun.BaseModel `bun:"table:rules,alias:r"`
	pg.Tenanted

	AchievementID uuid.UUID       `bun:"achievement_id,pk,type:uuid"`
	Rule          json.RawMessage `bun:"rule,type:jsonb"`
	Kinds         []string        `bun:"kinds,array"`
	Revision      uuid.UUID       `bun:"revision,type:uuid"`
	Generation    int             `bun:"generation"`
	CountedTo     uuid.UUID       `bun:"counted_to,type:uuid,nullzero"`
	CountedAt     time.Time       `bun:"counted_at,nullzero"`
	UpdatedAt     time.Time       `bun:"updated_at"`
	Version       int             `bun:"version"`
}

func (r *ruleRow) toDomain() (ports.Rule, error) {
	stored := ports.Rule{
		Achievement: r.AchievementID, Revision: r.Revision, Generation: r.Generation, CountedTo: r.CountedTo,
		CountedAt: valid.Instant(r.CountedAt), UpdatedAt: valid.Instant(r.UpdatedAt), Version: r.Version,
	}
	return stored, json.Unmarshal(r.Rule, &stored.Rule)
}

func (r *Rules) list(ctx context.Context, query func(*bun.SelectQuery) *bun.SelectQuery) ([]ports.Rule, error) {
	rows, err := pg.Many(ctx, r.db, func(row *ruleRow) *ruleRow { return row }, query)
	rules := make([]ports.Rule, len(rows))
	for i, row := range rows {
		var broken error
		rules[i], broken = row.toDomain()
		err = errors.Join(err, broken)
	}
	return rules, err
}

// Find returns the rule of an achievement.
func (r *Rules) Find(ctx context.Context, achievement uuid.UUID) (ports.Rule, error) {
	found, err := r.list(ctx, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("r.achievement_id = ?", achievement) })
	if err == nil && len(found) == 0 {
		err = domain.ErrRuleNotFound
	}
	if err != nil {
		return ports.Rule{}, err
	}
	return found[0], nil
}

// running keeps the rules of achievements that members can get.
const running = `EXISTS (
	SELECT FROM achievements AS a WHERE a.tenant_id = r.tenant_id AND a.id = r.achievement_id AND a.status = 'published' AND NOT a.removed)`

// Running lists the rules that count one of some kinds.
func (r *Rules) Running(ctx context.Context, kinds ...rule.Kind) ([]ports.Rule, error) {
	return r.list(ctx, func(q *bun.SelectQuery) *bun.SelectQuery {
		if len(kinds) > 0 {
			q = q.Where("r.kinds && ?", pgdialect.Array(kinds))
		}
		return q.Where(running).OrderExpr("r.achievement_id")
	})
}

// Count counts the rules of the tenant, one transaction at a time.
func (r *Rules) Count(ctx context.Context) (int, error) {
	lock := "SELECT pg_advisory_xact_lock(hashtextextended('rules of ' || ?::text, 0))"
	if _, err := r.db.Conn(ctx).NewRaw(lock, reqctx.From(ctx).TenantID.String()).Exec(ctx); err != nil {
		return 0, pg.Error(err)
	}
	n, err := r.db.Conn(ctx).NewSelect().Model((*ruleRow)(nil)).Count(ctx)
	return int(n), pg.Error(err)
}

// Put stores a rule in place of the one that there was.
func (r *Rules) Put(ctx context.Context, stored ports.Rule, kinds []rule.Kind) error {
	row := &ruleRow{
		AchievementID: stored.Achievement, Rule: stored.Rule.Canonical(), Kinds: make([]string, len(kinds)), Revision: stored.Revision,
		Generation: stored.Generation, UpdatedAt: stored.UpdatedAt, Version: stored.Version,
	}
	for i, kind := range kinds {
		row.Kinds[i] = string(kind)
	}
	_, err := r.db.Conn(ctx).NewInsert().Model(row).On("CONFLICT (tenant_id, achievement_id) DO UPDATE").
		Set("rule = EXCLUDED.rule, kinds = EXCLUDED.kinds, revision = EXCLUDED.revision, generation = r.generation + 1").
		Set("counted_to = NULL, counted_at = NULL, updated_at = EXCLUDED.updated_at, version = EXCLUDED.version").Exec(ctx)
	return pg.Error(err)
}

// Delete removes a rule and what it counted.
func (r *Rules) Delete(ctx context.Context, achievement uuid.UUID) error {
	result, err := r.db.Conn(ctx).NewDelete().Model((*ruleRow)(nil)).Where("achievement_id = ?", achievement).Exec(ctx)
	return pg.ChangedOne(result, err, domain.ErrRuleNotFound)
}

// ToCount lists running rules whose back-fill is not done.
func (r *Rules) ToCount(ctx context.Context, limit int) ([]ports.OfTenant, error) {
	return pg.Many(pg.AcrossTenants(ctx, "back-fill of rules"), r.db, func(row *ruleRow) ports.OfTenant {
		return ports.OfTenant{Tenant: row.TenantID, Achievement: row.AchievementID}
	}, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("r.counted_at IS NULL").Where(running).OrderExpr("r.tenant_id, r.achievement_id").Limit(int64(limit))
	})
}

// CountedTo stores the place of a back-fill. That of a rule which was changed meanwhile is not stored.
func (r *Rules) CountedTo(ctx context.Context, stored ports.Rule, person uuid.UUID, at time.Time) error {
	_, err := r.db.Conn(ctx).NewUpdate().Model(&ruleRow{CountedTo: person, CountedAt: at}).Column("counted_to", "counted_at").
		Where("achievement_id = ?", stored.Achievement).Where("generation = ?", stored.Generation).Exec(ctx)
	return pg.Error(err)
}

type stateRow struct {
	bun.BaseModel `bun:"table:rule_states,alias:s"`
	pg.Tenanted

	AchievementID uuid.UUID `bun:"achievement_id,pk,type:uuid"`
	PersonID      uuid.UUID `bun:"person_id,pk,type:uuid"`
	Generation    int       `bun:"generation"`
	State         []byte    `bun:"state,type:bytea"`
	Times         int       `bun:"times"`
	DueAt         time.Time `bun:"due_at,nullzero"`
	RefusedSince  time.Time `bun:"refused_since,nullzero"`
}

func (r *stateRow) toDomain() ports.RuleState {
	return ports.RuleState{
		Achievement: r.AchievementID, Person: r.PersonID, Generation: r.Generation, State: r.State, Times: r.Times,
		DueAt: valid.Instant(r.DueAt), RefusedSince: valid.Instant(r.RefusedSince),
	}
}

// States returns what has been counted for persons.
func (r *Rules) States(ctx context.Context, achievement uuid.UUID, persons ...uuid.UUID) (map[uuid.UUID]ports.RuleState, error) {
	return r.states(ctx, achievement, persons, func(q *bun.SelectQuery) *bun.SelectQuery { return q })
}

// Outcomes reads states without what has been counted.
func (r *Rules) Outcomes(ctx context.Context, achievement uuid.UUID, persons []uuid.UUID) (map[uuid.UUID]ports.RuleState, error) {
	return r.states(ctx, achievement, persons, func(q *bun.SelectQuery) *bun.SelectQuery { return q.ExcludeColumn("state") })
}

func (r *Rules) states(
	ctx context.Context, achievement uuid.UUID, persons []uuid.UUID, columns func(*bun.SelectQuery) *bun.SelectQuery,
) (map[uuid.UUID]ports.RuleState, error) {
	found, err := pg.Many(ctx, r.db, (*stateRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return columns(q).Where("s.achievement_id = ?", achievement).Where("s.person_id = ANY (?)", pgdialect.Array(persons))
	})
	states := make(map[uuid.UUID]ports.RuleState, len(found))
	for _, state := range found {
		states[state.Person] = state
	}
	return states, err
}

// StatesOf lists what has been counted for a person.
func (r *Rules) StatesOf(ctx context.Context, person uuid.UUID) ([]ports.RuleState, error) {
	return pg.Many(ctx, r.db, (*stateRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("s.person_id = ?", person) })
}

// PutStates stores states in place of those that there were.
func (r *Rules) PutStates(ctx context.Context, states []ports.RuleState) error {
	if len(states) == 0 {
		return nil
	}
	rows := make([]*stateRow, len(states))
	for i, s := range states {
		rows[i] = &stateRow{
			AchievementID: s.Achievement, PersonID: s.Person, Generation: s.Generation, State: s.State, Times: s.Times, DueAt: s.DueAt, RefusedSince: s.RefusedSince,
		}
	}
	_, err := r.db.Conn(ctx).NewInsert().Model(&rows).On("CONFLICT (tenant_id, achievement_id, person_id) DO UPDATE").
		Set("generation = EXCLUDED.generation, state = EXCLUDED.state, times = EXCLUDED.times").
		Set("due_at = EXCLUDED.due_at, refused_since = EXCLUDED.refused_since").Exec(ctx)
	return pg.Error(err)
}

// Due lists states whose time has come.
func (r *Rules) Due(ctx context.Context, now time.Time, limit int) ([]ports.OfTenant, error) {
	return pg.Many(pg.AcrossTenants(ctx, "rules by time"), r.db, func(row *stateRow) ports.OfTenant {
		return ports.OfTenant{Tenant: row.TenantID, Achievement: row.AchievementID, Person: row.PersonID}
	}, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Column("tenant_id", "achievement_id", "person_id").Where("s.due_at <= ?", now).OrderExpr("s.due_at").Limit(int64(limit))
	})
}

type ruleGrantRow struct {
	bun.BaseModel `bun:"table:rule_grants,alias:g"`
	pg.Tenanted

	GrantID       uuid.UUID   `bun:"grant_id,pk,type:uuid"`
	AchievementID uuid.UUID   `bun:"achievement_id,type:uuid"`
	PersonID      uuid.UUID   `bun:"person_id,type:uuid"`
	Nth           int         `bun:"nth"`
	Revision      uuid.UUID   `bun:"revision,type:uuid"`
	Evidence      []uuid.UUID `bun:"evidence,array,type:uuid[]"`
	TakenBack     bool        `bun:"taken_back"`
}

func (r *ruleGrantRow) toDomain() ports.RuleGrant {
	return ports.RuleGrant{Grant: r.GrantID, Achievement: r.AchievementID, Person: r.PersonID, Nth: r.Nth, Revision: r.Revision, Evidence: r.Evidence}
}

// Grants lists the grants that rules made.
func (r *Rules) Grants(ctx context.Context, achievement, person uuid.UUID) ([]ports.RuleGrant, error) {
	return pg.Many(ctx, r.db, (*ruleGrantRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("g.achievement_id = ?", achievement).Where("g.person_id = ?", person).Where("NOT g.taken_back").OrderExpr("g.nth")
	})
}

// Evidence lists the facts for which a rule made a grant.
func (r *Rules) Evidence(ctx context.Context, grant uuid.UUID, limit int) (facts []rule.Fact, total int, err error) {
	made, err := pg.Many(ctx, r.db, (*ruleGrantRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("g.grant_id = ?", grant) })
	if err != nil || len(made) == 0 {
		return nil, 0, err
	}
	facts, err = pg.Many(ctx, r.db, (*factRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("f.event_id = ANY (?)", pgdialect.Array(made[0].Evidence)).Where("f.person_id = ?", made[0].Person).
			OrderExpr("f.happened_at, f.event_id").Limit(int64(limit))
	})
	return facts, len(made[0].Evidence), err
}

// AddGrant stores that a rule made a grant. The database refuses a second one for the same time.
func (r *Rules) AddGrant(ctx context.Context, g ports.RuleGrant) error {
	_, err := r.db.Conn(ctx).NewInsert().Model(&ruleGrantRow{
		GrantID: g.Grant, AchievementID: g.Achievement, PersonID: g.Person, Nth: g.Nth, Revision: g.Revision, Evidence: g.Evidence,
	}).Exec(ctx)
	return pg.Error(err)
}

// TakeBack stores that a rule took a grant back.
func (r *Rules) TakeBack(ctx context.Context, grant uuid.UUID) error {
	result, err := r.db.Conn(ctx).NewUpdate().Model((*ruleGrantRow)(nil)).Set("taken_back = true").Where("grant_id = ?", grant).Exec(ctx)
	return pg.ChangedOne(result, err, errs.Internalf("gamification: grant %s is by no rule", grant))
}
