package badgepicture_test

import (
	"bytes"
	"image/color"
	"image/png"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/gamification/adapters/badgepicture"
	"go.updspace.com/gamification/domain"
	"go.updspace.com/libs/authz"
)

func achievement(t testing.TB, name string, tier domain.Tier) domain.Achievement {
	t.Helper()
	by := authz.Actor{Tenant: uuid.New(), User: uuid.New()}
	category, err := domain.NewCategory(by, domain.CategoryDraft{Slug: "skill", Names: domain.Texts{"en": "Skill"}}, time.Now())
	require.NoError(t, err)
	a, err := domain.NewAchievement(by, domain.AchievementDraft{Names: domain.Texts{"en": name}, Rules: domain.Rules{Tier: tier}, Scope: authz.TenantScope(by.Tenant)}, category, time.Now())
	require.NoError(t, err)
	return a
}

// A picture shows the tier and the initials, and is transparent around.
func TestPicturesDependOnTierAndInitials(t *testing.T) {
	t.Parallel()
	pictures, err := badgepicture.New()
	require.NoError(t, err)
	draw := func(name string, tier domain.Tier) []byte {
		picture, err := pictures.Draw(t.Context(), achievement(t, name, tier))
		require.NoError(t, err)
		return picture
	}
	gold := draw("Первый ход", domain.TierGold)
	require.Equal(t, gold, draw("Первый ход", domain.TierGold))
	require.Equal(t, gold, draw("П. ход конём", domain.TierGold), "the same initials")
	require.NotEqual(t, gold, draw("Первый ход", domain.TierSilver))
	require.NotEqual(t, gold, draw("Второй ход", domain.TierGold))
	picture, err := png.Decode(bytes.NewReader(gold))
	require.NoError(t, err)
	require.Equal(t, 512, picture.Bounds().Dx())
	require.Equal(t, color.NRGBA{}, color.NRGBAModel.Convert(picture.At(0, 0)))
	require.Equal(t, color.NRGBA{0xe9, 0xb9, 0x49, 0xff}, color.NRGBAModel.Convert(picture.At(256, 20)), "the ring")
	white := 0
	for x := range 512 {
		for y := range 512 {
			if color.NRGBAModel.Convert(picture.At(x, y)) == (color.NRGBA{0xff, 0xff, 0xff, 0xff}) {
				white++
			}
		}
	}
	require.Greater(t, white, 2000, "the initials")
}

func TestInitials(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"Душа компании": "ДК", "opening expert of all": "OE", "«Ход»": "Х", "7 days": "7D", "★": "", "": ""} {
		require.Equal(t, want, badgepicture.Initials(name), name)
	}
}
