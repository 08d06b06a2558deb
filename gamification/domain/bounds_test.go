package domain_test

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
)

// refused are the fields that an error refuses.
func refused(err error) (fields []string) {
	var refusal *errs.Error
	if errors.As(err, &refusal) {
		for _, reason := range refusal.Reasons {
			fields = append(fields, reason.Field)
		}
	}
	return fields
}

// A bound itself is allowed, and what is one beyond it is refused by its field.
func TestBoundsOfAchievements(t *testing.T) {
	t.Parallel()
	by := authz.Actor{Tenant: uuid.New(), User: uuid.New()}
	limited := func(n int) domain.Rules { return domain.Rules{Kind: domain.KindLimited, MaxGrants: n} }
	requires := func(n, times int) domain.Rules {
		ids := make([]uuid.UUID, n)
		for i := range ids {
			ids[i] = uuid.New()
		}
		return domain.Rules{Prerequisites: slices.Repeat(ids, times)}
	}
	category, err := domain.NewCategory(by, domain.CategoryDraft{Slug: "skill", Names: domain.Texts{"en": "Skill"}}, noon)
	require.NoError(t, err)
	for field, bounds := range map[string]struct{ allowed, refused []domain.Rules }{
		"max_grants":         {[]domain.Rules{limited(1), limited(1_000_000)}, []domain.Rules{limited(0), limited(-1), limited(1_000_001), {MaxGrants: 1}}},
		"issuer_daily_limit": {[]domain.Rules{{}, {IssuerDailyLimit: 10_000}}, []domain.Rules{{IssuerDailyLimit: -1}, {IssuerDailyLimit: 10_001}}},
		"expires_after_days": {[]domain.Rules{{}, {ExpiresAfterDays: 36_500}}, []domain.Rules{{ExpiresAfterDays: -1}, {ExpiresAfterDays: 36_501}}},
		"prerequisites":      {[]domain.Rules{requires(10, 1), requires(10, 2)}, []domain.Rules{requires(11, 1)}},
		"points":             {[]domain.Rules{{}, {Points: 10_000}}, []domain.Rules{{Points: -1}, {Points: 10_001}}},
		"tier":               {[]domain.Rules{{Tier: domain.TierPlatinum}}, []domain.Rules{{Tier: "tin"}}},
		"rarity":             {[]domain.Rules{{Rarity: domain.RarityEpic}}, []domain.Rules{{Rarity: "odd"}}},
		"kind":               {[]domain.Rules{{Kind: domain.KindRepeatable}}, []domain.Rules{{Kind: "twice"}}},
	} {
		draft := domain.AchievementDraft{Names: domain.Texts{"en": "Expert"}, Scope: authz.TenantScope(by.Tenant)}
		for _, draft.Rules = range bounds.allowed {
			made, err := domain.NewAchievement(by, draft, category, noon)
			require.NoError(t, err, "%s %+v", field, draft.Rules)
			require.LessOrEqual(t, len(made.Data().Rules.Prerequisites), 10, "each once")
		}
		for _, draft.Rules = range bounds.refused {
			_, err := domain.NewAchievement(by, draft, category, noon)
			require.Equal(t, []string{field}, refused(err), "%+v", draft.Rules)
		}
	}
}

// The address of a picture is the one of a host that the world knows by one name, or of an uploaded picture.
func TestAddressesOfPictures(t *testing.T) {
	t.Parallel()
	uploaded := domain.NewImage(authz.Actor{Tenant: uuid.New(), User: uuid.New()}, noon).Addresses()
	for address, allowed := range map[string]bool{
		"": true, uploaded.Small: true, "https://cdn.example.com/a.png?size=2#top": true, "https://xn--80a1acny.xn--p1ai/a.png": true, "https://cdn.example.com:8443/a.png": true,
		"https://" + strings.Repeat("a.", 100) + "example.com/a.png": true,
		"http://example.com/a.png":                                   false, "//example.com/a.png": false, "javascript:alert(1)": false, "data:image/png;base64,AA": false, "https:a.png": false,
		"https:///a.png": false, "https://:443/a.png": false, "https://user@example.com/a.png": false, "https://user:word@example.com/": false,
		"https://*.example.com/a.png": false, "https://*/a.png": false, "https://exa mple.com/a.png": false, "https://example..com/a.png": false,
		"https://localhost/a.png": false, "https://printer/a.png": false, "https://127.0.0.1/a.png": false, "https://[::1]/a.png": false, "https://2130706433/a.png": false,
		"https://0x7f.1/a.png": false,
		uploaded.Small + "/":   false, strings.Replace(uploaded.Small, "small", "huge", 1): false, "/api/v1/gamification/images/none/small": false,
		"https://example.com/" + strings.Repeat("a", 2048): false,
	} {
		a := newAchievement(t, authz.Actor{Tenant: uuid.New(), User: uuid.New()}, func(*domain.AchievementDraft) {})
		_, err := a.Edit(domain.AchievementEdit{Images: &domain.Images{Medium: address}}, noon)
		if allowed {
			require.NoError(t, err, address)
		} else {
			require.Equal(t, []string{"images.medium"}, refused(err), address)
		}
	}
}

func TestHolders(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		holders, members int
		share            float64
	}{{0, 0, 0}, {3, 0, 0}, {0, 4, 0}, {1, 4, 0.25}, {4, 4, 1}, {5, 4, 1}} {
		require.InDelta(t, c.share, domain.RestoreAchievement(domain.AchievementData{Holders: c.holders, Members: c.members}).HeldBy(), 1e-9, "%+v", c)
	}
}

func TestBoundsOfLevels(t *testing.T) {
	t.Parallel()
	levels := func(points ...int64) []domain.Level {
		list := make([]domain.Level, len(points))
		for i, p := range points {
			list[i] = domain.Level{Points: p, Titles: domain.Texts{"en": "Level " + strconv.Itoa(i)}}
		}
		return list
	}
	upTo := func(n int64) (points []int64) {
		for i := range n {
			points = append(points, i)
		}
		return points
	}
	for _, c := range []struct {
		points  []int64
		refused []string
	}{
		{nil, nil}, {[]int64{0, 1}, nil}, {[]int64{1_000_000_000}, nil}, {upTo(100), nil},
		{upTo(101), []string{"levels"}}, {[]int64{-1}, []string{"levels.0.points"}}, {[]int64{1_000_000_001}, []string{"levels.0.points"}},
		{[]int64{5, 5}, []string{"levels.1.points"}}, {[]int64{5, 6, 4}, []string{"levels.2.points"}},
	} {
		_, err := domain.NewLevels(levels(c.points...))
		require.Equal(t, c.refused, refused(err), "%v", c.points)
		require.Equal(t, c.refused == nil, err == nil, "%v", c.points)
	}
	made, err := domain.NewLevels(levels(10, 50))
	require.NoError(t, err)
	for points, number := range map[int64]int{0: 0, 9: 0, 10: 1, 49: 1, 50: 2, 1_000: 2} {
		require.Equal(t, number, made.Number(points), points)
	}
}

func TestKeysOfBadges(t *testing.T) {
	t.Parallel()
	first := domain.NewBadgeKey("first", []byte{1}, noon)
	require.True(t, first.Signs() && first.Published())
	retired := first.Retire(noon.Add(time.Hour))
	require.False(t, retired.Signs())
	require.True(t, retired.Published())
	require.Equal(t, noon.Add(time.Hour), retired.RetiredAt)

	for _, reason := range []string{"", " ", strings.Repeat("x", 1001)} {
		same, _, changed, err := first.Withdraw(reason, noon)
		require.Equal(t, []string{"reason"}, refused(err), reason)
		require.False(t, changed)
		require.Equal(t, first, same)
	}
	withdrawn, cleaned, changed, err := first.Withdraw(" Stolen ", noon)
	require.NoError(t, err)
	require.True(t, changed)
	require.Equal(t, "Stolen", cleaned)
	require.False(t, withdrawn.Signs() || withdrawn.Published())
	same, cleaned, changed, err := withdrawn.Withdraw("Again", noon.Add(time.Hour))
	require.NoError(t, err)
	require.False(t, changed)
	require.Equal(t, "Again", cleaned)
	require.Equal(t, withdrawn, same)
	_, _, _, err = withdrawn.Withdraw("", noon)
	require.Error(t, err, "a reason is needed at any time")

	second := domain.NewBadgeKey("second", []byte{2}, noon)
	keys := domain.BadgeKeys{second, retired, withdrawn}
	signing, found := keys.Signing()
	require.True(t, found)
	require.Equal(t, second, signing)
	require.Equal(t, domain.BadgeKeys{second, retired}, keys.Published())
	require.Len(t, keys, 3)
	_, found = domain.BadgeKeys{retired, withdrawn}.Signing()
	require.False(t, found)
	key, found := keys.Find("first")
	require.True(t, found)
	require.Equal(t, retired, key)
	_, found = keys.Find("third")
	require.False(t, found)
}

func TestBoundsOfSeasons(t *testing.T) {
	t.Parallel()
	by := authz.Actor{Tenant: uuid.New(), User: uuid.New()}
	season := func(from, until time.Duration) (domain.Season, error) {
		return domain.NewSeason(by, domain.SeasonDraft{Names: domain.Texts{"en": "Spring"}, StartsAt: noon.Add(from), EndsAt: noon.Add(until)}, noon)
	}
	const day, longest = 24 * time.Hour, 1_100 * 24 * time.Hour
	for _, c := range []struct {
		from, until time.Duration
		refused     []string
	}{
		{0, time.Hour, nil}, {0, longest, nil}, {-day, time.Microsecond, nil},
		{0, time.Hour - time.Microsecond, []string{"ends_at"}}, {0, longest + time.Microsecond, []string{"ends_at"}}, {-day, 0, []string{"ends_at"}}, {day, 0, []string{"ends_at"}},
	} {
		_, err := season(c.from, c.until)
		got := refused(err)
		slices.Sort(got)
		require.Equal(t, c.refused, slices.Compact(got), "%v to %v", c.from, c.until)
	}
	made, err := season(day, 2*day)
	require.NoError(t, err)
	for at, runs := range map[time.Duration]bool{day - 1: false, day: true, 2*day - 1: true, 2 * day: false} {
		require.Equal(t, runs, made.Runs(noon.Add(at)), at)
	}
	require.False(t, made.Over(noon.Add(2*day-1)))
	require.True(t, made.Over(noon.Add(2*day)))
	for span, overlaps := range map[[2]time.Duration]bool{
		{0, day}: false, {0, day + time.Second}: true, {2 * day, 3 * day}: false, {2*day - time.Second, 3 * day}: true, {0, 3 * day}: true, {day, 2 * day}: true,
	} {
		other, err := season(span[0], span[1])
		require.NoError(t, err)
		require.Equal(t, overlaps, made.Overlaps(other), span)
		require.Equal(t, overlaps, other.Overlaps(made), span)
		require.Equal(t, span == [2]time.Duration{day, 2 * day}, made.SameTime(other), span)
	}
}
