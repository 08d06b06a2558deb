package app_test

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/gamification/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/tools/devkit/testkit/faults"
)

type faultyCategories struct {
	ports.Categories
	f *faults.Faults
}

func (p faultyCategories) List(ctx context.Context) ([]domain.Category, error) {
	return faults.Call(p.f, func() ([]domain.Category, error) { return p.Categories.List(ctx) })
}

func (p faultyCategories) Lock(ctx context.Context, slug string) (domain.Category, error) {
	return faults.Call(p.f, func() (domain.Category, error) { return p.Categories.Lock(ctx, slug) })
}

func (p faultyCategories) FindOpen(ctx context.Context, slug string) (domain.Category, error) {
	return faults.Call(p.f, func() (domain.Category, error) { return p.Categories.FindOpen(ctx, slug) })
}

func (p faultyCategories) LockAll(ctx context.Context) ([]domain.Category, error) {
	return faults.Call(p.f, func() ([]domain.Category, error) { return p.Categories.LockAll(ctx) })
}

func (p faultyCategories) Add(ctx context.Context, category domain.Category) error {
	return faults.Do(p.f, func() error { return p.Categories.Add(ctx, category) })
}

func (p faultyCategories) Update(ctx context.Context, categories ...domain.Category) error {
	return faults.Do(p.f, func() error { return p.Categories.Update(ctx, categories...) })
}

func (p faultyCategories) Delete(ctx context.Context, id uuid.UUID) error {
	return faults.Do(p.f, func() error { return p.Categories.Delete(ctx, id) })
}

func (p faultyCategories) MoveAchievements(ctx context.Context, from, into uuid.UUID) (int, error) {
	return faults.Call(p.f, func() (int, error) { return p.Categories.MoveAchievements(ctx, from, into) })
}

type faultyAchievements struct {
	ports.Achievements
	f *faults.Faults
}

func (p faultyAchievements) Find(ctx context.Context, id uuid.UUID) (domain.Achievement, error) {
	return faults.Call(p.f, func() (domain.Achievement, error) { return p.Achievements.Find(ctx, id) })
}

func (p faultyAchievements) Lock(ctx context.Context, id uuid.UUID) (domain.Achievement, error) {
	return faults.Call(p.f, func() (domain.Achievement, error) { return p.Achievements.Lock(ctx, id) })
}

func (p faultyAchievements) Audiences(ctx context.Context, filter ports.AchievementFilter) ([]authz.Audience, error) {
	return faults.Call(p.f, func() ([]authz.Audience, error) { return p.Achievements.Audiences(ctx, filter) })
}

func (p faultyAchievements) Page(ctx context.Context, filter ports.AchievementFilter, viewer authz.Viewer, after *ports.AchievementKey, limit int) ([]domain.Achievement, error) {
	return faults.Call(p.f, func() ([]domain.Achievement, error) { return p.Achievements.Page(ctx, filter, viewer, after, limit) })
}

func (p faultyAchievements) Missing(ctx context.Context, ids []uuid.UUID) ([]uuid.UUID, error) {
	return faults.Call(p.f, func() ([]uuid.UUID, error) { return p.Achievements.Missing(ctx, ids) })
}

func (p faultyAchievements) FindAll(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]domain.Achievement, error) {
	return faults.Call(p.f, func() (map[uuid.UUID]domain.Achievement, error) { return p.Achievements.FindAll(ctx, ids) })
}

func (p faultyAchievements) Add(ctx context.Context, achievement domain.Achievement) error {
	return faults.Do(p.f, func() error { return p.Achievements.Add(ctx, achievement) })
}

func (p faultyAchievements) Update(ctx context.Context, achievement domain.Achievement) error {
	return faults.Do(p.f, func() error { return p.Achievements.Update(ctx, achievement) })
}

func (p faultyAchievements) Delete(ctx context.Context, id uuid.UUID) error {
	return faults.Do(p.f, func() error { return p.Achievements.Delete(ctx, id) })
}

type faultyGrants struct {
	ports.Grants
	f *faults.Faults
}

func (p faultyGrants) Find(ctx context.Context, id uuid.UUID) (domain.Grant, error) {
	return faults.Call(p.f, func() (domain.Grant, error) { return p.Grants.Find(ctx, id) })
}

func (p faultyGrants) Lock(ctx context.Context, id uuid.UUID) (domain.Grant, error) {
	return faults.Call(p.f, func() (domain.Grant, error) { return p.Grants.Lock(ctx, id) })
}

func (p faultyGrants) Currents(ctx context.Context, achievement uuid.UUID, recipients []uuid.UUID) (map[uuid.UUID]domain.Grant, error) {
	return faults.Call(p.f, func() (map[uuid.UUID]domain.Grant, error) { return p.Grants.Currents(ctx, achievement, recipients) })
}

func (p faultyGrants) OfBatch(ctx context.Context, batch uuid.UUID) (map[uuid.UUID]domain.Grant, error) {
	return faults.Call(p.f, func() (map[uuid.UUID]domain.Grant, error) { return p.Grants.OfBatch(ctx, batch) })
}

func (p faultyGrants) Holds(ctx context.Context, achievement, user uuid.UUID) (bool, error) {
	return faults.Call(p.f, func() (bool, error) { return p.Grants.Holds(ctx, achievement, user) })
}

func (p faultyGrants) Standings(ctx context.Context, achievement domain.Achievement, recipients []uuid.UUID, issuer uuid.UUID, since time.Time) (map[uuid.UUID]domain.Standing, error) {
	return faults.Call(p.f, func() (map[uuid.UUID]domain.Standing, error) {
		return p.Grants.Standings(ctx, achievement, recipients, issuer, since)
	})
}

func (p faultyGrants) Page(ctx context.Context, filter ports.GrantFilter, after *ports.GrantKey, limit int) ([]domain.Grant, error) {
	return faults.Call(p.f, func() ([]domain.Grant, error) { return p.Grants.Page(ctx, filter, after, limit) })
}

func (p faultyGrants) PageOf(ctx context.Context, recipient uuid.UUID, viewer authz.Viewer, after *ports.GrantKey, limit int) ([]domain.Grant, error) {
	return faults.Call(p.f, func() ([]domain.Grant, error) { return p.Grants.PageOf(ctx, recipient, viewer, after, limit) })
}

func (p faultyGrants) FindAll(ctx context.Context, ids []uuid.UUID) (map[uuid.UUID]domain.Grant, error) {
	return faults.Call(p.f, func() (map[uuid.UUID]domain.Grant, error) { return p.Grants.FindAll(ctx, ids) })
}

func (p faultyGrants) Pinned(ctx context.Context, recipient uuid.UUID, viewer authz.Viewer) ([]domain.Grant, error) {
	return faults.Call(p.f, func() ([]domain.Grant, error) { return p.Grants.Pinned(ctx, recipient, viewer) })
}

func (p faultyGrants) Pin(ctx context.Context, recipient uuid.UUID, grants []uuid.UUID) error {
	return faults.Do(p.f, func() error { return p.Grants.Pin(ctx, recipient, grants) })
}

func (p faultyGrants) Add(ctx context.Context, grants ...domain.Grant) error {
	return faults.Do(p.f, func() error { return p.Grants.Add(ctx, grants...) })
}

func (p faultyGrants) Update(ctx context.Context, grant domain.Grant) error {
	return faults.Do(p.f, func() error { return p.Grants.Update(ctx, grant) })
}

type faultyMembers struct {
	ports.Members
	f *faults.Faults
}

func (p faultyMembers) IsActive(ctx context.Context, user uuid.UUID) (bool, error) {
	return faults.Call(p.f, func() (bool, error) { return p.Members.IsActive(ctx, user) })
}

type faultyNominations struct {
	ports.Nominations
	f *faults.Faults
}

func (p faultyNominations) Find(ctx context.Context, id uuid.UUID) (domain.Nomination, error) {
	return faults.Call(p.f, func() (domain.Nomination, error) { return p.Nominations.Find(ctx, id) })
}

func (p faultyNominations) Lock(ctx context.Context, id uuid.UUID) (domain.Nomination, error) {
	return faults.Call(p.f, func() (domain.Nomination, error) { return p.Nominations.Lock(ctx, id) })
}

func (p faultyNominations) CountOpen(ctx context.Context, nominator uuid.UUID) (int, error) {
	return faults.Call(p.f, func() (int, error) { return p.Nominations.CountOpen(ctx, nominator) })
}

func (p faultyNominations) Page(ctx context.Context, filter ports.NominationFilter, before uuid.UUID, limit int) ([]domain.Nomination, error) {
	return faults.Call(p.f, func() ([]domain.Nomination, error) { return p.Nominations.Page(ctx, filter, before, limit) })
}

func (p faultyNominations) Add(ctx context.Context, nomination domain.Nomination) error {
	return faults.Do(p.f, func() error { return p.Nominations.Add(ctx, nomination) })
}

func (p faultyNominations) Delete(ctx context.Context, id uuid.UUID) error {
	return faults.Do(p.f, func() error { return p.Nominations.Delete(ctx, id) })
}

func (p faultyNominations) Update(ctx context.Context, nomination domain.Nomination) error {
	return faults.Do(p.f, func() error { return p.Nominations.Update(ctx, nomination) })
}
