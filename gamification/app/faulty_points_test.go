package app_test

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/gamification/ports"
	"go.updspace.com/gamification/rule"
	"go.updspace.com/libs/authz"
	"go.updspace.com/tools/devkit/testkit/faults"
)

type faultyRewards struct {
	ports.Rewards
	f *faults.Faults
}

func (p faultyRewards) Find(ctx context.Context, achievement uuid.UUID) (domain.Reward, error) {
	return faults.Call(p.f, func() (domain.Reward, error) { return p.Rewards.Find(ctx, achievement) })
}

func (p faultyRewards) Put(ctx context.Context, reward domain.Reward) error {
	return faults.Do(p.f, func() error { return p.Rewards.Put(ctx, reward) })
}

func (p faultyRewards) Delete(ctx context.Context, achievement uuid.UUID) error {
	return faults.Do(p.f, func() error { return p.Rewards.Delete(ctx, achievement) })
}

func (p faultyRewards) ToSettle(ctx context.Context, limit int) ([]ports.OfTenant, error) {
	return faults.Call(p.f, func() ([]ports.OfTenant, error) { return p.Rewards.ToSettle(ctx, limit) })
}

func (p faultyRewards) Holdings(ctx context.Context, achievement, after uuid.UUID, limit int) ([]ports.Holding, error) {
	return faults.Call(p.f, func() ([]ports.Holding, error) { return p.Rewards.Holdings(ctx, achievement, after, limit) })
}

func (p faultyRewards) Given(ctx context.Context, grant uuid.UUID) (domain.GivenReward, error) {
	return faults.Call(p.f, func() (domain.GivenReward, error) { return p.Rewards.Given(ctx, grant) })
}

func (p faultyRewards) PutGiven(ctx context.Context, given ...domain.GivenReward) error {
	return faults.Do(p.f, func() error { return p.Rewards.PutGiven(ctx, given...) })
}

type faultyRules struct {
	ports.Rules
	f *faults.Faults
}

func (p faultyRules) Find(ctx context.Context, achievement uuid.UUID) (ports.Rule, error) {
	return faults.Call(p.f, func() (ports.Rule, error) { return p.Rules.Find(ctx, achievement) })
}

func (p faultyRules) Running(ctx context.Context, kinds ...rule.Kind) ([]ports.Rule, error) {
	return faults.Call(p.f, func() ([]ports.Rule, error) { return p.Rules.Running(ctx, kinds...) })
}

func (p faultyRules) Count(ctx context.Context) (int, error) {
	return faults.Call(p.f, func() (int, error) { return p.Rules.Count(ctx) })
}

func (p faultyRules) Put(ctx context.Context, rule_ ports.Rule, kinds []rule.Kind) error {
	return faults.Do(p.f, func() error { return p.Rules.Put(ctx, rule_, kinds) })
}

func (p faultyRules) Delete(ctx context.Context, achievement uuid.UUID) error {
	return faults.Do(p.f, func() error { return p.Rules.Delete(ctx, achievement) })
}

func (p faultyRules) StatesOf(ctx context.Context, person uuid.UUID) ([]ports.RuleState, error) {
	return faults.Call(p.f, func() ([]ports.RuleState, error) { return p.Rules.StatesOf(ctx, person) })
}

func (p faultyRules) Evidence(ctx context.Context, grant uuid.UUID, limit int) (r0 []rule.Fact, r1 int, err error) {
	err = faults.Do(p.f, func() error {
		r0, r1, err = p.Rules.Evidence(ctx, grant, limit)
		return err
	})
	return r0, r1, err
}

type faultyFacts struct {
	ports.Facts
	f *faults.Faults
}

func (p faultyFacts) LockTenant(ctx context.Context, alone bool) error {
	return faults.Do(p.f, func() error { return p.Facts.LockTenant(ctx, alone) })
}

func (p faultyFacts) LockPersons(ctx context.Context, persons ...uuid.UUID) error {
	return faults.Do(p.f, func() error { return p.Facts.LockPersons(ctx, persons...) })
}

type faultyPoints struct {
	ports.Points
	f *faults.Faults
}

func (p faultyPoints) Add(ctx context.Context, entries ...domain.PointEntry) ([]ports.PointsChange, error) {
	return faults.Call(p.f, func() ([]ports.PointsChange, error) { return p.Points.Add(ctx, entries...) })
}

func (p faultyPoints) Entry(ctx context.Context, grant uuid.UUID) (r0 domain.PointEntry, r1 bool, err error) {
	err = faults.Do(p.f, func() error {
		r0, r1, err = p.Points.Entry(ctx, grant)
		return err
	})
	return r0, r1, err
}

func (p faultyPoints) CountSeason(ctx context.Context, season domain.Season) error {
	return faults.Do(p.f, func() error { return p.Points.CountSeason(ctx, season) })
}

func (p faultyPoints) DropSeason(ctx context.Context, season uuid.UUID) error {
	return faults.Do(p.f, func() error { return p.Points.DropSeason(ctx, season) })
}

func (p faultyPoints) CloseSeason(ctx context.Context, season uuid.UUID) error {
	return faults.Do(p.f, func() error { return p.Points.CloseSeason(ctx, season) })
}

func (p faultyPoints) PageClosed(ctx context.Context, board ports.Board, after domain.Place, limit int) ([]domain.Place, error) {
	return faults.Call(p.f, func() ([]domain.Place, error) { return p.Points.PageClosed(ctx, board, after, limit) })
}

type faultyLevels struct {
	ports.Levels
	f *faults.Faults
}

func (p faultyLevels) Get(ctx context.Context) (ports.StoredLevels, error) {
	return faults.Call(p.f, func() (ports.StoredLevels, error) { return p.Levels.Get(ctx) })
}

func (p faultyLevels) Put(ctx context.Context, levels ports.StoredLevels) error {
	return faults.Do(p.f, func() error { return p.Levels.Put(ctx, levels) })
}

type faultySeasons struct {
	ports.Seasons
	f *faults.Faults
}

func (p faultySeasons) List(ctx context.Context) ([]domain.Season, error) {
	return faults.Call(p.f, func() ([]domain.Season, error) { return p.Seasons.List(ctx) })
}

func (p faultySeasons) Find(ctx context.Context, id uuid.UUID) (domain.Season, error) {
	return faults.Call(p.f, func() (domain.Season, error) { return p.Seasons.Find(ctx, id) })
}

func (p faultySeasons) ToClose(ctx context.Context, now time.Time, limit int) ([]domain.Season, error) {
	return faults.Call(p.f, func() ([]domain.Season, error) { return p.Seasons.ToClose(ctx, now, limit) })
}

func (p faultySeasons) Add(ctx context.Context, season domain.Season) error {
	return faults.Do(p.f, func() error { return p.Seasons.Add(ctx, season) })
}

func (p faultySeasons) Update(ctx context.Context, season domain.Season) error {
	return faults.Do(p.f, func() error { return p.Seasons.Update(ctx, season) })
}

func (p faultySeasons) Delete(ctx context.Context, id uuid.UUID) error {
	return faults.Do(p.f, func() error { return p.Seasons.Delete(ctx, id) })
}

type faultyRoles struct {
	ports.Roles
	f *faults.Faults
}

func (p faultyRoles) CheckReward(ctx context.Context, role int64, scope authz.Scope) (authz.RewardDecision, error) {
	return faults.Call(p.f, func() (authz.RewardDecision, error) { return p.Roles.CheckReward(ctx, role, scope) })
}
