package domain_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/identity/domain"
)

func tenantOf(t *testing.T) domain.Tenant {
	t.Helper()
	tenant, err := domain.NewTenant(uuid.New(), "aef", "AEF", now)
	require.NoError(t, err)
	return tenant
}

func TestATenantShowsWhatItSays(t *testing.T) {
	t.Parallel()
	tenant := tenantOf(t)
	require.NoError(t, tenant.Edit(domain.TenantEdit{
		Name: new(" New "), Description: new("Two\nlines"), Hue: new(360), Chroma: new(0.1234), Languages: &[]string{"ru", "ru"},
		DefaultLanguage: new("ru"), Admission: new(domain.AdmissionOpen),
	}))
	require.Equal(t, "New", tenant.Name)
	require.Equal(t, "Two\nlines", tenant.Description)
	require.Equal(t, 360, tenant.Hue)
	require.InDelta(t, 0.123, tenant.Chroma, 1e-9)
	require.Equal(t, []string{"ru"}, tenant.Languages)
	require.Equal(t, domain.AdmissionOpen, tenant.Admission)
	before := tenant
	require.NoError(t, tenant.Edit(domain.TenantEdit{}))
	require.Equal(t, before, tenant)
}

func TestWhatATenantCannotShow(t *testing.T) {
	t.Parallel()
	for field, edits := range map[string][]domain.TenantEdit{
		"name":             {{Name: new("")}, {Name: new("a\u202eb")}},
		"description":      {{Description: new(strings.Repeat("a", 501))}},
		"hue":              {{Hue: new(-1)}, {Hue: new(361)}},
		"chroma":           {{Chroma: new(-0.001)}, {Chroma: new(0.1704)}, {Chroma: new(math.NaN())}, {Chroma: new(math.Inf(1))}},
		"languages":        {{Languages: &[]string{"de", "en"}}},
		"default_language": {{DefaultLanguage: new("de")}, {Languages: &[]string{"ru"}}},
		"membership":       {{Admission: new(domain.Admission("magic"))}},
	} {
		for _, edit := range edits {
			tenant := tenantOf(t)
			require.Equal(t, []string{field}, fieldsOf(t, tenant.Edit(edit)), "%s %+v", field, edit)
		}
	}
	tenant := tenantOf(t)
	require.ElementsMatch(t, []string{"languages", "default_language"}, fieldsOf(t, tenant.Edit(domain.TenantEdit{Languages: &[]string{}})))
}

func TestPicturesOfTenants(t *testing.T) {
	t.Parallel()
	tenant, first, second := tenantOf(t), uuid.New(), uuid.New()
	for _, kind := range []domain.ImageKind{domain.ImageLogo, domain.ImageCover} {
		require.Nil(t, tenant.SetImage(kind, &first))
		require.Equal(t, &first, tenant.Image(kind))
		require.Equal(t, &first, tenant.SetImage(kind, &second))
		require.Equal(t, &second, tenant.SetImage(kind, nil))
		require.Nil(t, tenant.Image(kind))
		require.True(t, kind.Accepts("image/webp"))
		require.False(t, kind.Accepts("image/svg+xml"), "it can hold scripts")
	}
	require.Less(t, domain.ImageLogo.MaxSize(), domain.ImageCover.MaxSize())
	one := domain.TenantImage{ID: first, TenantID: tenant.ID}
	require.Equal(t, "tenants/"+tenant.ID.String()+"/"+first.String(), one.Key())
}

func TestOwnersNameTheirAccounts(t *testing.T) {
	t.Parallel()
	u, err := domain.NewUser(uuid.New(), "anna@b.c", "Anna", true, now)
	require.NoError(t, err)
	require.Nil(t, u.UsernameKey, "no user has chosen it")
	require.NoError(t, u.Edit(domain.ProfileEdit{DisplayName: new(" Ann "), Username: new("Ann.1"), FirstName: new("A"), LastName: new("B")}))
	require.Equal(t, "Ann", u.DisplayName)
	require.Equal(t, "ann.1", u.Username)
	require.NotNil(t, u.UsernameKey)
	require.ElementsMatch(t, []string{"display_name", "username", "first_name", "last_name"}, fieldsOf(t, u.Edit(domain.ProfileEdit{
		DisplayName: new(strings.Repeat("a", 129)), Username: new("a..b"), FirstName: new("a\nb"), LastName: new("\x00"),
	})))
}

func TestPreferences(t *testing.T) {
	t.Parallel()
	u, err := domain.NewUser(uuid.New(), "anna@b.c", "Anna", true, now)
	require.NoError(t, err)
	zones := func(name string) bool { return name == "Europe/Berlin" }
	require.NoError(t, u.Prefer(domain.PreferencesEdit{Language: new("ru"), Timezone: new("Europe/Berlin"), Theme: new(domain.ThemeDark)}, zones))
	require.NoError(t, u.Prefer(domain.PreferencesEdit{}, zones))
	require.Equal(t, "ru Europe/Berlin dark", u.Language+" "+u.Timezone+" "+string(u.Theme))
	require.NoError(t, u.Prefer(domain.PreferencesEdit{Language: new(""), Timezone: new("")}, zones))
	require.ElementsMatch(t, []string{"language", "timezone", "theme"}, fieldsOf(t, u.Prefer(domain.PreferencesEdit{
		Language: new("de"), Timezone: new("Mars/Olympus"), Theme: new(domain.Theme("pink")),
	}, zones)))
}

func TestTheUseOfASessionIsKnownToTenMinutes(t *testing.T) {
	t.Parallel()
	s, _ := domain.NewSession(uuid.New(), uuid.New(), domain.MethodPassword, domain.Origin{}, now)
	require.Equal(t, now, s.LastUsed())
	require.False(t, s.UseIsNews(now.Add(10*time.Minute-1)))
	require.True(t, s.UseIsNews(now.Add(10*time.Minute)))
	s.UsedAt = new(now.Add(time.Hour))
	require.Equal(t, now.Add(time.Hour), s.LastUsed())
	require.False(t, s.UseIsNews(now.Add(time.Hour)))
	s.UsedAt = new(now.Add(-time.Hour))
	require.Equal(t, now, s.LastUsed(), "before the last sign-in")
}
