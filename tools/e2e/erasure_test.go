package e2e

import (
	"bytes"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/bff"
	"go.updspace.com/identity"
	"go.updspace.com/libs/config"
	"go.updspace.com/tools/journey"
)

// A former member is erased by an operator: what others wrote stays, without the name that portal knew and the one that the operator added.
func TestAnErasedMemberIsNotNamedByOthers(t *testing.T) {
	const gamification, said = "/api/v1/gamification", "Carried the tables with Zemfira Kovrigina and zemfira's brother."
	ctx, admin := t.Context(), signedIn(t, journey.Admin)
	cfg, err := config.Parse[identity.Config](world.Env("identity"))
	require.NoError(t, err)
	u := identity.DefaultDemo().Users[1]
	u.ID, u.Email, u.DisplayName, u.Password = uuid.New(), "zemfira-"+uuid.NewString()+"@aef.test", "Zemfira Kovrigina", ""
	var demo identity.Demo
	demo.Users = append(demo.Users, u)
	require.NoError(t, identity.SeedDemo(ctx, cfg, demo))

	var made struct{ ID string }
	require.NoError(t, admin.Send(ctx, http.MethodPost, gamification+"/achievements", map[string]any{
		"name_i18n": map[string]string{"en": "Helper " + uuid.NewString()}, "category": "community", "status": "published",
		"images": map[string]any{"small": "https://example.com/s.png"},
	}).JSON(http.StatusCreated, &made))
	grants := gamification + "/achievements/" + made.ID + "/grants"
	grant := func(to string) int {
		return admin.Send(ctx, http.MethodPost, grants, map[string]any{"recipient_id": to, "reason": said}).Status
	}
	soon := func(holds func() bool) { t.Helper(); require.Eventually(t, holds, 30*time.Second, 50*time.Millisecond) }
	second := "00000000-0000-4000-8000-000000000003"
	require.Equal(t, http.StatusCreated, grant(second))
	soon(func() bool { return grant(u.ID.String()) == http.StatusCreated }) // gamification knows the new member
	reasons := func() map[string]string {
		var page struct {
			Items []struct {
				RecipientID string `json:"recipient_id"`
				Reason      string
			}
		}
		require.NoError(t, admin.Get(ctx, grants).JSON(http.StatusOK, &page))
		found := map[string]string{}
		for _, g := range page.Items {
			found[g.RecipientID] = g.Reason
		}
		return found
	}
	require.Equal(t, map[string]string{second: said, u.ID.String(): said}, reasons())

	gateway, err := config.Parse[bff.Config](world.Env("bff"))
	require.NoError(t, err)
	var out bytes.Buffer
	require.ErrorContains(t, bff.ErasePerson(ctx, gateway, &out, "aef", u.ID.String()), "active member")
	operator(t, "member-disable", "aef", u.Email)
	require.NoError(t, bff.ErasePerson(ctx, gateway, &out, "aef", u.ID.String(), "Zemfira"))
	require.Equal(t, map[string]string{second: "Carried the tables with … and …'s brother."}, reasons())
	require.Regexp(t, `(?m)^gamification +reasons_of_others +1$`, out.String())
}
