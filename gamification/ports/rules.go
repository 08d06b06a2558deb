package ports

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/gamification/rule"
	"go.updspace.com/libs/authz"
)

// StatusActive selects, among the statuses of AchievementFilter, published achievements with a rule.
const StatusActive domain.Status = "active"

// Rule is the rule of an achievement as it is stored.
type Rule struct {
	Achievement uuid.UUID
	Rule        rule.Rule
	Revision    uuid.UUID // names this text of the rule
	Generation  int       // of the states that count for it
	CountedTo   uuid.UUID // the last person that the back-fill has counted
	CountedAt   time.Time // when the back-fill was done; zero while it runs
	UpdatedAt   time.Time
	Version     int
}

// OfTenant names the rule of an achievement across tenants.
type OfTenant struct{ Tenant, Achievement, Person uuid.UUID }

// RuleState is what has been counted for a rule and a person.
type RuleState struct {
	Achievement, Person uuid.UUID
	Generation          int
	State               []byte    // as rule.State.Marshal gives it
	Times               int       // how often the rule was met at last
	DueAt               time.Time // when the person must be looked at without a new fact; zero: never
	RefusedSince        time.Time // the rule is met since then and the achievement cannot be granted
}

// RuleGrant is a grant that a rule made.
type RuleGrant struct {
	Grant, Achievement, Person uuid.UUID
	Nth                        int // for the nth time that the rule is met
	Revision                   uuid.UUID
	Evidence                   []uuid.UUID // domain events
}

// Rules stores the rules of achievements, and what they count and grant.
type Rules interface {
	// Find returns the rule of an achievement, or domain.ErrRuleNotFound.
	Find(ctx context.Context, achievement uuid.UUID) (Rule, error)
	// Running lists the rules of published achievements that count one of some kinds, or all rules for none, in the order of achievements.
	Running(ctx context.Context, kinds ...rule.Kind) ([]Rule, error)
	// Count returns how many rules the tenant has. Another transaction that counts waits until Tx.Do ends.
	Count(ctx context.Context) (int, error)
	// Put stores a rule. All that its predecessor counted is counted anew.
	Put(ctx context.Context, rule Rule, kinds []rule.Kind) error
	Delete(ctx context.Context, achievement uuid.UUID) error

	// ToCount lists the running rules of all tenants that have not counted the recorded facts yet.
	ToCount(ctx context.Context, limit int) ([]OfTenant, error)
	// CountedTo stores how far the back-fill of a generation of a rule is; at is zero unless it is done.
	CountedTo(ctx context.Context, rule Rule, person uuid.UUID, at time.Time) error

	// States returns what has been counted for persons. Those for whom nothing has been are left out.
	States(ctx context.Context, achievement uuid.UUID, persons ...uuid.UUID) (map[uuid.UUID]RuleState, error)
	// Outcomes are the states of persons without what has been counted.
	Outcomes(ctx context.Context, achievement uuid.UUID, persons []uuid.UUID) (map[uuid.UUID]RuleState, error)
	// StatesOf lists what has been counted for a person.
	StatesOf(ctx context.Context, person uuid.UUID) ([]RuleState, error)
	PutStates(ctx context.Context, states []RuleState) error
	// Due lists the states of all tenants whose time has come.
	Due(ctx context.Context, now time.Time, limit int) ([]OfTenant, error)

	// Grants lists the grants that rules made of an achievement to a person, without those that were taken back.
	Grants(ctx context.Context, achievement, person uuid.UUID) ([]RuleGrant, error)
	// Evidence lists the facts for which a rule made a grant, by their time, and says how many events there were. A grant by no rule has none.
	Evidence(ctx context.Context, grant uuid.UUID, limit int) (facts []rule.Fact, total int, err error)
	AddGrant(ctx context.Context, grant RuleGrant) error
	TakeBack(ctx context.Context, grant uuid.UUID) error
}

// Facts stores what rules count.
type Facts interface {
	// LockTenant lets the transaction add facts. With alone it waits for all that do, and makes others wait.
	LockTenant(ctx context.Context, alone bool) error
	// LockPersons makes other transactions that count for one of the persons wait until Tx.Do ends.
	LockPersons(ctx context.Context, persons ...uuid.UUID) error
	// Add stores facts, and returns those whose events were not known.
	Add(ctx context.Context, told []Told) (added []Told, err error)
	// List lists facts of some kinds in the order of persons, after a place.
	List(ctx context.Context, q FactQuery) ([]rule.Fact, error)
	// Attendees lists who was present at an event, on one of its dates or, if that is zero, on any.
	Attendees(ctx context.Context, event, occurrence uuid.UUID, limit int) ([]Attendee, error)
	// Persons lists persons that have facts of some kinds, in their order, after one.
	Persons(ctx context.Context, kinds []rule.Kind, after uuid.UUID, limit int) ([]uuid.UUID, error)
	// Forget deletes the facts of all tenants that were told of before a time, except those of who joined.
	Forget(ctx context.Context, before time.Time) error
}

// Told is a fact with the source of its event and the request that caused it.
type Told struct {
	Source, Request string
	Fact            rule.Fact
}

// Attendee is a person who was present at an event, which belongs to a scope.
type Attendee struct {
	Person uuid.UUID
	Scope  authz.Scope
}

// FactQuery selects facts.
type FactQuery struct {
	Kinds       []rule.Kind
	Persons     []uuid.UUID // nil for all
	Scope       uuid.UUID   // facts that have another scope are left out; zero for all
	AfterPerson uuid.UUID
	AfterEvent  uuid.UUID // of AfterPerson; the greatest UUID for none of that person
	Limit       int
}
