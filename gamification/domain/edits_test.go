package domain_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/libs/authz"
)

// Every field of an edit changes the field that it is named after, and nothing else.
func TestAnEditChangesWhatItNames(t *testing.T) {
	t.Parallel()
	by, later := authz.Actor{Tenant: uuid.New(), User: uuid.New()}, noon.Add(time.Hour)
	events, err := domain.NewCategory(by, domain.CategoryDraft{Slug: "events", Names: domain.Texts{"en": "Events"}}, noon)
	require.NoError(t, err)
	before := newAchievement(t, by, func(d *domain.AchievementDraft) {
		d.Rules = domain.Rules{Kind: domain.KindLimited, MaxGrants: 3}
	})
	other := uuid.New()
	for field, c := range map[string]struct {
		edit domain.AchievementEdit
		want func(*domain.AchievementData)
	}{
		"Names":        {domain.AchievementEdit{Names: domain.Texts{"ru": "Знаток"}}, func(d *domain.AchievementData) { d.Names = domain.Texts{"ru": "Знаток"} }},
		"Description":  {domain.AchievementEdit{Description: new("Ten")}, func(d *domain.AchievementData) { d.Description = "Ten" }},
		"Descriptions": {domain.AchievementEdit{Descriptions: domain.Texts{"ru": "Десять"}}, func(d *domain.AchievementData) { d.Descriptions = domain.Texts{"ru": "Десять"} }},
		"Category":     {domain.AchievementEdit{Category: &events}, func(d *domain.AchievementData) { d.Category = domain.CategoryRef{ID: events.ID(), Slug: "events"} }},
		"Status":       {domain.AchievementEdit{Status: new(domain.StatusPublished)}, func(d *domain.AchievementData) { d.Status, d.PublishedAt = domain.StatusPublished, later }},
		"Images": {
			domain.AchievementEdit{Images: &domain.Images{Large: "https://example.com/l.png"}},
			func(d *domain.AchievementData) { d.Images = domain.Images{Large: "https://example.com/l.png"} },
		},
		"ImageAlt":         {domain.AchievementEdit{ImageAlt: new("A knight")}, func(d *domain.AchievementData) { d.ImageAlt = "A knight" }},
		"ImageAlts":        {domain.AchievementEdit{ImageAlts: domain.Texts{"ru": "Конь"}}, func(d *domain.AchievementData) { d.ImageAlts = domain.Texts{"ru": "Конь"} }},
		"Tier":             {domain.AchievementEdit{Tier: new(domain.TierGold)}, func(d *domain.AchievementData) { d.Rules.Tier = domain.TierGold }},
		"Rarity":           {domain.AchievementEdit{Rarity: new(domain.RarityRare)}, func(d *domain.AchievementData) { d.Rules.Rarity = domain.RarityRare }},
		"Secret":           {domain.AchievementEdit{Secret: new(true)}, func(d *domain.AchievementData) { d.Rules.Secret = true }},
		"Kind":             {domain.AchievementEdit{Kind: new(domain.KindOnce)}, func(d *domain.AchievementData) { d.Rules.Kind, d.Rules.MaxGrants = domain.KindOnce, 0 }},
		"MaxGrants":        {domain.AchievementEdit{MaxGrants: new(4)}, func(d *domain.AchievementData) { d.Rules.MaxGrants = 4 }},
		"IssuerDailyLimit": {domain.AchievementEdit{IssuerDailyLimit: new(5)}, func(d *domain.AchievementData) { d.Rules.IssuerDailyLimit = 5 }},
		"ExpiresAfterDays": {domain.AchievementEdit{ExpiresAfterDays: new(6)}, func(d *domain.AchievementData) { d.Rules.ExpiresAfterDays = 6 }},
		"Prerequisites":    {domain.AchievementEdit{Prerequisites: &[]uuid.UUID{other}}, func(d *domain.AchievementData) { d.Rules.Prerequisites = []uuid.UUID{other} }},
		"Points":           {domain.AchievementEdit{Points: new(7)}, func(d *domain.AchievementData) { d.Rules.Points = 7 }},
	} {
		want := before.Data()
		c.want(&want)
		want.UpdatedAt, want.Version = later, want.Version+1
		changed, err := before.Edit(c.edit, later)
		require.NoError(t, err, field)
		require.Equal(t, want, changed.Data(), field)
	}
	require.Equal(t, 17, reflect.TypeFor[domain.AchievementEdit]().NumField(), "every field is above")
	_, err = before.Edit(domain.AchievementEdit{Kind: new(domain.KindOnce), MaxGrants: new(4)}, later)
	require.Equal(t, []string{"max_grants"}, refused(err))
}

func TestEditsOfCategories(t *testing.T) {
	t.Parallel()
	by, later := authz.Actor{Tenant: uuid.New(), User: uuid.New()}, noon.Add(time.Hour)
	before, err := domain.NewCategory(by, domain.CategoryDraft{Slug: "skill", Names: domain.Texts{"en": " Skill "}, Order: 3}, noon)
	require.NoError(t, err)
	require.Equal(t, domain.Texts{"en": "Skill"}, before.Data().Names)
	for name, c := range map[string]struct {
		edit domain.CategoryEdit
		want func(*domain.CategoryData)
	}{
		"names":   {domain.CategoryEdit{Names: domain.Texts{"ru": " Мастерство "}}, func(d *domain.CategoryData) { d.Names = domain.Texts{"ru": "Мастерство"} }},
		"order":   {domain.CategoryEdit{Order: new(-1_000_000)}, func(d *domain.CategoryData) { d.Order = -1_000_000 }},
		"retired": {domain.CategoryEdit{Active: new(false)}, func(d *domain.CategoryData) { d.Active = false }},
		"nothing": {domain.CategoryEdit{}, func(*domain.CategoryData) {}},
	} {
		want := before.Data()
		c.want(&want)
		want.UpdatedAt, want.Version = later, 2
		changed, err := before.Edit(c.edit, later)
		require.NoError(t, err, name)
		require.Equal(t, want, changed.Data(), name)
	}
	for _, wrong := range []struct {
		field string
		edit  domain.CategoryEdit
	}{
		{"order", domain.CategoryEdit{Order: new(1_000_001)}}, {"order", domain.CategoryEdit{Order: new(-1_000_001)}}, {"name_i18n", domain.CategoryEdit{Names: domain.Texts{}}},
	} {
		changed, err := before.Edit(wrong.edit, later)
		require.Equal(t, []string{wrong.field}, refused(err))
		require.Zero(t, changed)
	}
}

func TestEditsOfSeasons(t *testing.T) {
	t.Parallel()
	by := authz.Actor{Tenant: uuid.New(), User: uuid.New()}
	before, err := domain.NewSeason(by, domain.SeasonDraft{Names: domain.Texts{"en": "Spring"}, StartsAt: noon, EndsAt: noon.Add(48 * time.Hour)}, noon)
	require.NoError(t, err)
	later := noon.Add(time.Hour)
	for name, c := range map[string]struct {
		edit domain.SeasonEdit
		want func(*domain.SeasonData)
	}{
		"names":   {domain.SeasonEdit{Names: domain.Texts{"ru": "Весна"}}, func(d *domain.SeasonData) { d.Names = domain.Texts{"ru": "Весна"} }},
		"start":   {domain.SeasonEdit{StartsAt: new(noon.Add(-time.Hour))}, func(d *domain.SeasonData) { d.StartsAt = noon.Add(-time.Hour) }},
		"end":     {domain.SeasonEdit{EndsAt: new(noon.Add(72 * time.Hour))}, func(d *domain.SeasonData) { d.EndsAt = noon.Add(72 * time.Hour) }},
		"nothing": {domain.SeasonEdit{}, func(*domain.SeasonData) {}},
	} {
		want := before.Data()
		c.want(&want)
		want.UpdatedAt, want.Version = later, 2
		changed, err := before.Edit(c.edit, later)
		require.NoError(t, err, name)
		require.Equal(t, want, changed.Data(), name)
	}
	over := noon.Add(48 * time.Hour)
	for name, edit := range map[string]domain.SeasonEdit{"start": {StartsAt: new(noon.Add(time.Hour))}, "end": {EndsAt: new(noon.Add(96 * time.Hour))}} {
		changed, err := before.Edit(edit, over)
		require.ErrorIs(t, err, domain.ErrSeasonOver, name)
		require.Zero(t, changed)
	}
	renamed, err := before.Edit(domain.SeasonEdit{Names: domain.Texts{"en": "Last spring"}, EndsAt: new(noon.Add(48 * time.Hour))}, over)
	require.NoError(t, err, "its names are changed as before")
	require.Equal(t, "Last spring", renamed.Data().Names["en"])
}

// A badge that says something else is signed anew; its page is switched on while the grant is valid, each time at another address.
func TestEditsOfBadges(t *testing.T) {
	t.Parallel()
	by := authz.Actor{Tenant: uuid.New(), User: uuid.New()}
	a := newAchievement(t, by, func(d *domain.AchievementDraft) {
		d.Status, d.Names, d.Rules.ExpiresAfterDays = domain.StatusPublished, domain.Texts{"en": "Expert", "ru": "Знаток"}, 1
	})
	grant, err := domain.NewGrant(a, by, domain.GrantDraft{Recipient: uuid.New()}, domain.Standing{Member: true}, noon)
	require.NoError(t, err)
	badge := domain.NewBadge(grant, noon).Issued("token", []byte{1}, "key", noon)
	edit := func(b domain.Badge, e domain.BadgeEdit, at time.Time) domain.Badge {
		t.Helper()
		changed, err := b.Edit(e, grant, a, at)
		require.NoError(t, err)
		return changed
	}
	require.Equal(t, badge, edit(badge, domain.BadgeEdit{}, noon))
	require.Equal(t, badge, edit(badge, domain.BadgeEdit{Name: new(""), Language: new(""), Shared: new(false)}, noon))
	for _, e := range []domain.BadgeEdit{{Name: new("Mika")}, {Language: new("ru")}} {
		d := edit(badge, e, noon).Data()
		require.Equal(t, []any{"", []byte(nil), "", time.Time{}}, []any{d.Credential, d.Digest, d.KeyID, d.IssuedAt})
	}
	_, err = badge.Edit(domain.BadgeEdit{Name: new("\u202e"), Language: new("de")}, grant, a, noon)
	require.ElementsMatch(t, []string{"name", "language"}, refused(err))

	shared := edit(badge, domain.BadgeEdit{Shared: new(true)}, noon)
	require.True(t, shared.Data().Shared())
	require.Equal(t, noon, shared.Data().SharedAt)
	require.Equal(t, "token", shared.Data().Credential)
	require.Equal(t, shared, edit(shared, domain.BadgeEdit{Shared: new(true)}, noon.Add(time.Hour)), "it is on")
	off := edit(shared, domain.BadgeEdit{Shared: new(false)}, noon.Add(48*time.Hour))
	require.False(t, off.Data().Shared())
	require.Zero(t, off.Data().SharedAt)
	require.NotEqual(t, shared.Data().Token, edit(off, domain.BadgeEdit{Shared: new(true)}, noon).Data().Token)
	_, err = off.Edit(domain.BadgeEdit{Shared: new(true)}, grant, a, noon.Add(24*time.Hour))
	require.ErrorIs(t, err, domain.ErrGrantEnded)
	require.Len(t, shared.Data().Token, 43)
	require.Len(t, shared.Data().Token.Hash(), 32)
}

func TestTheLanguageOfATextIsTheNearestToTheWish(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		texts domain.Texts
		wish  string
		want  [2]string
	}{
		{domain.Texts{"en": "Expert", "ru": "Знаток", "de": "Kenner"}, "de", [2]string{"de", "Kenner"}},
		{domain.Texts{"en": "Expert", "ru": "Знаток", "de": "Kenner"}, "fr", [2]string{"ru", "Знаток"}},
		{domain.Texts{"en": "Expert", "de": "Kenner"}, "", [2]string{"en", "Expert"}},
		{domain.Texts{"fr": "Expert", "de": "Kenner"}, "", [2]string{"de", "Kenner"}},
		{nil, "en", [2]string{}},
	} {
		language, text := c.texts.In(c.wish)
		require.Equal(t, c.want, [2]string{language, text})
	}
}

// What a grant and a nomination depend on beside the achievement, at its bounds.
func TestStandingsAtTheirBounds(t *testing.T) {
	t.Parallel()
	by := authz.Actor{Tenant: uuid.New(), User: uuid.New()}
	a := newAchievement(t, by, func(d *domain.AchievementDraft) {
		d.Status, d.Rules = domain.StatusPublished, domain.Rules{Kind: domain.KindLimited, MaxGrants: 3, IssuerDailyLimit: 2, ExpiresAfterDays: 1}
	})
	grant := func(s domain.Standing) (domain.Grant, error) {
		s.Member = true
		return domain.NewGrant(a, by, domain.GrantDraft{Recipient: uuid.New()}, s, noon)
	}
	made, err := grant(domain.Standing{Granted: 2, IssuedLately: 1})
	require.NoError(t, err)
	require.Equal(t, []any{domain.GrantPublic, true, noon.Add(24 * time.Hour)}, []any{made.Data().Visibility, made.Data().Single, made.Data().ExpiresAt})
	_, err = grant(domain.Standing{Granted: 3})
	require.ErrorIs(t, err, domain.ErrNoGrantsLeft)
	_, err = grant(domain.Standing{IssuedLately: 2})
	require.ErrorIs(t, err, domain.ErrIssuerLimit)
	_, err = grant(domain.Standing{MissingPrerequisites: []uuid.UUID{uuid.New()}})
	require.ErrorIs(t, err, domain.ErrPrerequisitesMissing)

	_, over := made.Expire(noon.Add(24*time.Hour - 1))
	require.False(t, over)
	ended, over := made.Expire(noon.Add(25 * time.Hour))
	require.True(t, over)
	require.Equal(t, noon.Add(24*time.Hour), ended.Data().EndedAt)
	_, over = ended.Expire(noon.Add(26 * time.Hour))
	require.False(t, over)
	_, changed, err := ended.Revoke(by.User, "", noon)
	require.NoError(t, err)
	require.False(t, changed)

	nominate := func(s domain.NominationStanding) error {
		s.Member = true
		_, err := domain.NewNomination(a, by, domain.NominationDraft{Nominee: uuid.New(), Text: "Helps"}, s, noon)
		return err
	}
	require.NoError(t, nominate(domain.NominationStanding{Open: domain.MaxOpenNominations - 1}))
	require.ErrorIs(t, nominate(domain.NominationStanding{Open: domain.MaxOpenNominations}), domain.ErrTooManyNominations)
	require.ErrorIs(t, nominate(domain.NominationStanding{Holds: true}), domain.ErrAlreadyHeld)
}
