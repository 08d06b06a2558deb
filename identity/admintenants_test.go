package identity_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/commonapi"
	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity/app"
	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
	"go.updspace.com/libs/audit"
	paging "go.updspace.com/libs/page"
	"go.updspace.com/libs/reqctx"
)

func TestAnAdministratorMakesAndChangesACommunity(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin := s.admin()
	r, err := admin.CreateTenantWithResponse(ctx, identityapi.TenantCreation{
		Slug: "chess", Name: "Chess", Owner: new("Member@AEF.test"), Membership: new(identityapi.TenantAdmissionApplication), DefaultLanguage: new(commonapi.LanguageRu),
	})
	made := fine(t, r, err).JSON201
	card, err := s.gateway(reqctx.Context{}).GetTenantWithResponse(ctx, "chess")
	require.Equal(t, made.Hue, fine(t, card, err).JSON200.Hue)
	require.Equal(t, identityapi.AdminTenant{
		ID: made.ID, Slug: "chess", Name: "Chess", Hue: made.Hue, Chroma: 0.12, Languages: []commonapi.Language{"en", "ru"}, DefaultLanguage: "ru",
		Membership: identityapi.TenantAdmissionApplication, Version: 1, URL: "http://chess.localhost:8080", Members: 1, CreatedAt: made.CreatedAt,
		ClosedAt: nullable.NewNullNullable[time.Time](),
	}, *made)
	me, err := s.gateway(reqctx.Context{TenantID: made.ID, TenantSlug: "chess", UserID: member}).GetMeWithResponse(ctx)
	require.Equal(t, domain.RoleOwner, fine(t, me, err).JSON200.Memberships[0].BaseRole)
	again, err := admin.CreateTenantWithResponse(ctx, identityapi.TenantCreation{Slug: "chess", Name: "Another"})
	refused(t, 409, "TENANT_ALREADY_EXISTS", again, err)

	changed, err := admin.ChangeTenantWithResponse(ctx, "chess", identityapi.TenantChange{
		Version: 1, Name: new("Chess club"), Description: new("We play."), Hue: new(120), Chroma: new(0.1), Languages: []commonapi.Language{"ru"},
		Membership: new(identityapi.TenantAdmissionOpen),
	})
	want := *made
	want.Name, want.Description, want.Hue, want.Chroma, want.Version = "Chess club", "We play.", 120, 0.1, 2
	want.Languages, want.Membership = []commonapi.Language{"ru"}, identityapi.TenantAdmissionOpen
	require.Equal(t, want, *fine(t, changed, err).JSON200)
	late, err := admin.ChangeTenantWithResponse(ctx, "chess", identityapi.TenantChange{Version: 1, Name: new("Late")})
	refused(t, 409, "TENANT_CHANGED", late, err)
	got, err := admin.GetAdminTenantWithResponse(ctx, "chess")
	require.Equal(t, want, *fine(t, got, err).JSON200)

	entries := s.auditLog(audit.Filter{TargetType: "tenant", TargetID: made.ID.String()})
	require.Equal(t, []string{domain.ActionTenantChanged, domain.ActionTenantCreated}, []string{entries[0].Action, entries[1].Action})
	for _, e := range entries {
		require.Equal(t, made.ID, e.Tenant, "the entry belongs to the community")
		require.Equal(t, s.account(adminEmail), e.Actor.ID)
	}
}

func TestCommunitiesAreFound(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin := s.admin()
	slugs := func(p identityapi.ListTenantsParams) (found []string) {
		r, err := admin.ListTenantsWithResponse(ctx, &p)
		for _, tenant := range fine(t, r, err).JSON200.Items {
			found = append(found, tenant.Slug)
		}
		return found
	}
	require.Equal(t, []string{"aef"}, slugs(identityapi.ListTenantsParams{Q: new("AEF")}))
	require.Empty(t, slugs(identityapi.ListTenantsParams{Q: new("%")}))
	require.Len(t, slugs(identityapi.ListTenantsParams{Closed: new(false)}), 2)
	require.Empty(t, slugs(identityapi.ListTenantsParams{Closed: new(true)}))
	first, err := admin.ListTenantsWithResponse(ctx, &identityapi.ListTenantsParams{Limit: new(1)})
	next := fine(t, first, err).JSON200.NextCursor.MustGet()
	require.NotEqual(t, first.JSON200.Items[0].Slug, slugs(identityapi.ListTenantsParams{Limit: new(1), Cursor: &next})[0])
	none, err := admin.GetAdminTenantWithResponse(ctx, "nothing")
	refused(t, 404, "TENANT_NOT_FOUND", none, err)
	wrong, err := admin.ListTenantsWithResponse(ctx, &identityapi.ListTenantsParams{Cursor: new("nonsense")})
	refused(t, 422, "VALIDATION_ERROR", wrong, err)
}

func TestCommunitiesNameTheFieldThatIsWrong(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin := s.admin()
	fields := func(r answer, err error, body []byte) []string {
		t.Helper()
		refused(t, 422, "VALIDATION_ERROR", r, err)
		var refusal struct {
			Error struct {
				Details struct{ Fields map[string]any }
			}
		}
		require.NoError(t, json.Unmarshal(body, &refusal))
		return slices.Sorted(maps.Keys(refusal.Error.Details.Fields))
	}
	for field, in := range map[string][]identityapi.TenantCreation{
		"slug":  {{Slug: "id", Name: "A reserved name"}, {Slug: "Chess", Name: "Chess"}, {Slug: "a b", Name: "Chess"}, {Slug: "-a", Name: "Chess"}},
		"name":  {{Slug: "chess", Name: "a\nb"}, {Slug: "chess", Name: " "}},
		"owner": {{Slug: "chess", Name: "Chess", Owner: new("nobody@aef.test")}, {Slug: "chess", Name: "Chess", Owner: new("no address")}},
	} {
		for _, c := range in {
			r, err := admin.CreateTenantWithResponse(ctx, c)
			require.Equal(t, []string{field}, fields(r, err, r.Body), "%+v", c)
		}
	}
	nothing, err := admin.GetAdminTenantWithResponse(ctx, "chess")
	refused(t, 404, "TENANT_NOT_FOUND", nothing, err)
	for field, in := range map[string]identityapi.TenantChange{
		"description":      {Version: 1, Description: new("\u202e")},
		"default_language": {Version: 1, Languages: []commonapi.Language{"en"}, DefaultLanguage: new(commonapi.LanguageRu)},
	} {
		r, err := admin.ChangeTenantWithResponse(ctx, "gaming", in)
		require.Equal(t, []string{field}, fields(r, err, r.Body))
	}
	closed, err := admin.CloseTenantWithResponse(ctx, "gaming", identityapi.AdminReason{Reason: "    "})
	require.Equal(t, []string{"reason"}, fields(closed, err, closed.Body))
}

// A closed community answers that it is closed, tells its members why, and opens again with everything that it had.
func TestAnAdministratorClosesACommunityAndOpensItAgain(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin := s.admin()
	portal := s.client()
	because := identityapi.AdminReason{Reason: "The members have moved."}
	open, err := admin.ReopenTenantWithResponse(ctx, "aef", because)
	refused(t, 409, "TENANT_OPEN", open, err)
	for _, away := range []string{"player1@aef.test", "player2@aef.test"} {
		require.NoError(t, s.Tenants.SetMembership(ctx, "aef", away, domain.RoleMember, domain.MembershipDisabled))
	}

	closed, err := admin.CloseTenantWithResponse(ctx, "aef", because)
	require.WithinDuration(t, s.clock.Now(), fine(t, closed, err).JSON200.ClosedAt.MustGet(), time.Millisecond)
	asked, err := s.gateway(reqctx.Context{}).GetTenantWithResponse(ctx, "aef")
	refused(t, 410, "TENANT_CLOSED", asked, err)
	require.Equal(t, http.StatusGone, s.browser().get(portal.authorizePath()).StatusCode, "no member is signed in there")
	again, err := admin.CloseTenantWithResponse(ctx, "aef", because)
	refused(t, 410, "TENANT_CLOSED", again, err)
	late, err := admin.ChangeTenantWithResponse(ctx, "aef", identityapi.TenantChange{Version: closed.JSON200.Version, Name: new("New")})
	refused(t, 410, "TENANT_CLOSED", late, err)
	listed, err := admin.ListTenantsWithResponse(ctx, &identityapi.ListTenantsParams{Closed: new(true)})
	require.Equal(t, "aef", fine(t, listed, err).JSON200.Items[0].Slug)

	require.NoError(t, s.Tenants.TellClosings(ctx))
	require.Contains(t, s.mailTo("member@aef.test", "Сообщество закрыто: Маяк").Text, because.Reason)
	require.NoError(t, s.Mails.Send(ctx))
	require.Zero(t, s.mails("player1@aef.test", "Сообщество закрыто"), "is no member any more")

	reopened, err := admin.ReopenTenantWithResponse(ctx, "aef", identityapi.AdminReason{Reason: "The members are back."})
	require.True(t, fine(t, reopened, err).JSON200.ClosedAt.IsNull())
	me, err := s.gateway(ofUser(member)).GetMeWithResponse(ctx)
	require.Len(t, fine(t, me, err).JSON200.Memberships, 1, "the members are members still")
	require.NotEmpty(t, s.code(portal, "member@aef.test"))
	for action, reason := range map[string]string{domain.ActionTenantClosed: because.Reason, domain.ActionTenantReopened: "The members are back."} {
		require.Equal(t, reason, s.auditLog(audit.Filter{Action: action})[0].Reason)
	}
}

// Each member of a large community is told once, whatever the size of a batch, and the members of one that is open again are not.
func TestEveryMemberIsToldOfAClosingOnce(t *testing.T) {
	t.Parallel()
	s := start(t)
	const members = 130 // more than a batch, and fewer than the mailbox keeps
	_, err := s.Tenants.Create(ctx, uuid.Nil, "large", "Large")
	require.NoError(t, err)
	for i := range members {
		email := fmt.Sprintf("large%d@aef.test", i)
		_, err := s.Accounts.Create(ctx, app.NewAccount{Email: email, DisplayName: email})
		require.NoError(t, err)
		require.NoError(t, s.Tenants.SetMembership(ctx, "large", email, domain.RoleMember, domain.MembershipActive))
	}
	_, err = s.Tenants.Close(ctx, "large", "")
	require.NoError(t, err)
	_, err = s.Tenants.Reopen(ctx, "large", "")
	require.NoError(t, err)
	require.NoError(t, s.Tenants.TellClosings(ctx))
	require.NoError(t, s.Mails.Send(ctx))
	told := func() (all []string) {
		for _, m := range s.Mailbox.All() {
			if strings.HasPrefix(m.Subject, "Large is closed") {
				all = append(all, m.To)
			}
		}
		return all
	}
	require.Empty(t, told())
	_, err = s.Tenants.Close(ctx, "large", "")
	require.NoError(t, err)
	require.NoError(t, s.Tenants.TellClosings(ctx))
	require.NoError(t, s.Tenants.TellClosings(ctx))
	require.Eventually(t, func() bool { return len(told()) >= members }, time.Minute, time.Millisecond)
	require.NoError(t, s.Mails.Send(ctx))
	all := told()
	require.Len(t, all, members)
	slices.Sort(all)
	require.Len(t, slices.Compact(all), members)
}

func TestOthersThanAdministratorsReadAndFoundNoCommunity(t *testing.T) {
	t.Parallel()
	s := start(t)
	user := audit.As(ctx, audit.Actor{Type: audit.User, ID: member}, "")
	_, err := s.Tenants.List(user, ports.TenantFilter{}, paging.Request{})
	require.ErrorIs(t, err, domain.ErrNotSystemAdmin)
	_, err = s.Tenants.Get(user, "aef")
	require.ErrorIs(t, err, domain.ErrNotSystemAdmin)
	require.ErrorIs(t, s.Tenants.Found(user, "chess", "Chess", "", domain.TenantEdit{}), domain.ErrNotSystemAdmin)
}
