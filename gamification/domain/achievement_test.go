package domain_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/libs/authz"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

var statuses = []domain.Status{domain.StatusDraft, domain.StatusPublished, domain.StatusHidden, domain.StatusArchived}

func newAchievement(t require.TestingT, by authz.Actor, change func(*domain.AchievementDraft)) domain.Achievement {
	category, err := domain.NewCategory(by, domain.CategoryDraft{Slug: "skill", Names: domain.Texts{"en": "Skill"}}, noon)
	require.NoError(t, err)
	draft := domain.AchievementDraft{
		Names: domain.Texts{"en": "Expert"}, Images: domain.Images{Small: "https://example.com/s.png"}, Scope: authz.TenantScope(by.Tenant),
	}
	change(&draft)
	achievement, err := domain.NewAchievement(by, draft, category, noon)
	require.NoError(t, err)
	return achievement
}

// Whatever statuses an achievement is given, what was published never becomes a draft again, and its time of publication stays.
func TestWhatWasPublishedIsNoDraftAgain(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := newAchievement(t, authz.Actor{Tenant: uuid.New(), User: uuid.New()}, func(*domain.AchievementDraft) {})
		for i, status := range rapid.SliceOf(rapid.SampledFrom(statuses)).Draw(t, "statuses") {
			changed, err := a.Edit(domain.AchievementEdit{Status: &status}, noon.Add(time.Duration(i)*time.Hour))
			if err != nil {
				require.ErrorIs(t, err, domain.ErrStatusNotAllowed)
				continue
			}
			was, is := a.Data(), changed.Data()
			require.Equal(t, was.Version+1, is.Version)
			if !was.PublishedAt.IsZero() {
				require.NotEqual(t, domain.StatusDraft, is.Status)
				require.Equal(t, was.PublishedAt, is.PublishedAt)
			}
			require.Equal(t, is.Status == domain.StatusDraft, is.PublishedAt.IsZero())
			a = changed
		}
	})
}

// Reading needs the permission to read and one reason to see the achievement.
func TestWhoSeesAnAchievement(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		author := authz.Actor{Tenant: uuid.New(), User: uuid.New()}
		status, secret := rapid.SampledFrom(statuses).Draw(t, "status"), rapid.Bool().Draw(t, "secret")
		a := newAchievement(t, author, func(d *domain.AchievementDraft) { d.Status, d.Rules.Secret = status, secret })
		held := domain.Held{
			Read: rapid.Bool().Draw(t, "read"), ViewPrivate: rapid.Bool().Draw(t, "private"), Audience: rapid.Bool().Draw(t, "audience"),
			Edit: rapid.Bool().Draw(t, "edit"), Publish: rapid.Bool().Draw(t, "publish"), Hide: rapid.Bool().Draw(t, "hide"),
		}
		own := rapid.Bool().Draw(t, "own")
		caller := authz.Actor{Tenant: author.Tenant, User: uuid.New()}
		if own {
			caller = author
		}
		got := domain.NewAchievementAccess(a, caller, held)
		require.Equal(t, held.Read && (own || held.ViewPrivate || held.Audience && status == domain.StatusPublished && !secret), got.CanRead)
		require.Equal(t, held.Read && held.Edit && (held.Publish || held.Hide || own && status == domain.StatusDraft), got.CanEdit)
		require.Zero(t, domain.NewAchievementAccess(a, authz.Actor{Tenant: uuid.New(), User: author.User}, held), "another tenant's")
	})
}
