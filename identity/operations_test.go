package identity_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/events"
	"go.updspace.com/api/identityapi"
	"go.updspace.com/api/identityevents"
	"go.updspace.com/identity"
	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
)

// What the document says about who may call is what happens.
func TestEveryOperationIsGuardedAsItsDocumentSays(t *testing.T) {
	t.Parallel()
	s := start(t)
	for id, op := range identityapi.Operations {
		t.Run(id, func(t *testing.T) {
			path := strings.NewReplacer("{slug}", "aef", "{session_id}", uuid.NewString(), "{provider}", "steam").Replace(op.Path)
			r, err := http.NewRequest(op.Method, s.url+path, http.NoBody)
			require.NoError(t, err)
			r.Header.Set("X-Tenant-Id", aef.String())
			r.Header.Set("X-Tenant-Slug", "aef")
			r.Header.Set("X-User-Id", member.String())
			client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
			defer client.CloseIdleConnections()
			resp, err := client.Do(r)
			require.NoError(t, err)
			defer resp.Body.Close()
			var body struct{ Error struct{ Code string } }
			_ = json.NewDecoder(resp.Body).Decode(&body)
			if op.Public {
				require.NotContains(t, body.Error.Code, "SIGNATURE")
				return
			}
			require.Equal(t, 401, resp.StatusCode, "unsigned headers do not count")
		})
	}
}

func TestTheGatewaysQuestions(t *testing.T) {
	t.Parallel()
	s := start(t)
	tenant, err := s.gateway(reqctx.Context{}).GetTenantWithResponse(ctx, "gaming")
	require.Equal(t, gaming, fine(t, tenant, err).JSON200.ID)
	for _, slug := range []string{"none", "NONE", "no ne", "a\x00b", strings.Repeat("a", 63)} {
		tenant, err = s.gateway(reqctx.Context{}).GetTenantWithResponse(ctx, slug)
		require.NoError(t, err)
		require.Equal(t, 404, tenant.StatusCode(), "%q", slug)
	}

	me, err := s.gateway(ofUser(member)).GetMeWithResponse(ctx)
	out := fine(t, me, err).JSON200
	require.Equal(t, "member@aef.test", out.User.Email)
	require.Equal(t, "Mika Member", out.User.DisplayName)
	require.Equal(t, identityapi.AccountStatusActive, out.User.Status)
	require.Len(t, out.Memberships, 1)
	require.Equal(t, aef, out.Memberships[0].TenantID)
	require.Equal(t, "member", out.Memberships[0].BaseRole)

	outside := reqctx.Context{TenantID: gaming, TenantSlug: "gaming", UserID: member}
	me, err = s.gateway(outside).GetMeWithResponse(ctx)
	refused(t, 403, "TENANT_FORBIDDEN", me, err)
	principal, err := s.gateway(outside).GetPrincipalWithResponse(ctx)
	require.True(t, fine(t, principal, err).JSON200.Membership.IsNull())

	nobody := ofUser(uuid.New())
	me, err = s.gateway(nobody).GetMeWithResponse(ctx)
	refused(t, 401, "UNAUTHORIZED", me, err)
	principal, err = s.gateway(nobody).GetPrincipalWithResponse(ctx)
	refused(t, 404, "USER_NOT_FOUND", principal, err)

	require.NoError(t, s.Tenants.SetMembership(ctx, "aef", "member@aef.test", domain.RoleMember, domain.MembershipDisabled))
	me, err = s.gateway(ofUser(member)).GetMeWithResponse(ctx)
	refused(t, 403, "TENANT_FORBIDDEN", me, err)
	principal, err = s.gateway(ofUser(member)).GetPrincipalWithResponse(ctx)
	m, err2 := fine(t, principal, err).JSON200.Membership.Get()
	require.NoError(t, err2)
	require.Equal(t, identityapi.MembershipStatusDisabled, m.Status)
}

func TestTextThatCannotBeStoredIsRefused(t *testing.T) {
	t.Parallel()
	s := start(t)
	c := s.client()
	b := s.browser()
	require.NotEmpty(t, c.arrived(b.signIn(b.get(c.authorizePath()), "member@aef.test", identity.DemoPassword)).Get("code"))
	for _, bad := range []string{"%00", "%ff", "%0a", "%c2%85"} {
		for _, name := range []string{"state", "nonce"} {
			path := strings.NewReplacer("/oauth/authorize", "/authorize", "state=the+state", "state="+bad, "nonce=the+nonce", "nonce="+bad).Replace(c.authorizePath())
			require.Equal(t, 400, b.get(path).StatusCode, "%s %s", name, bad)
		}
		require.Less(t, b.get("/authorize?client_id="+bad).StatusCode, 500)
		require.Less(t, b.get("/login?next="+bad).StatusCode, 500)
	}
	approve := func(id string) page {
		return b.send(http.MethodPost, "/oauth/authorize/approve", map[string]string{"request_id": id})
	}
	for _, id := range []string{"\x00", "\xff", "short"} {
		approve(id).refuses(t, 404, "REQUEST_NOT_FOUND")
	}
	approve("").refuses(t, 422, "VALIDATION_ERROR")
	odd := s.browser()
	require.Equal(t, 200, odd.tryLogin(odd.get("/login"), "member@aef.test", identity.DemoPassword, "User-Agent", "odd \xff\xfe agent").StatusCode)
}

// Every event is published, as api/events/identity.yaml describes it.
func TestEventsMatchTheirDocument(t *testing.T) {
	t.Parallel()
	s := startLinking(t)
	b := s.user("member@aef.test")
	b.link("steam", gordon)
	b.send(http.MethodPost, "/api/v1/auth/oauth/unlink", map[string]string{"provider": "steam"})
	_, codes := s.withApp(b)
	read[identityapi.LoginResult](t, s.browser().password("member@aef.test", map[string]any{"recovery_code": codes[0]}))
	key := s.newPasskey(b, "Phone")
	require.Equal(t, 200, b.call("mfa/totp/disable", nil).StatusCode)
	require.Equal(t, 200, b.call("passkeys/delete", map[string]any{"ids": []any{key.listed.ID}}).StatusCode)
	s.clock.Advance(time.Second)
	s.changeEmail(s.login("second@aef.test"), "second@new.test")
	confirmed, err := s.confirmEmail(tokenIn(t, s.mailTo("second@new.test", "Confirm"), "/verify"))
	fine(t, confirmed, err)
	undone, err := s.undoEmail(tokenIn(t, s.mailTo("second@aef.test", "was changed"), "/verify"))
	fine(t, undone, err)
	set, err := s.reset(tokenIn(t, s.mailTo("second@aef.test", "new password"), "/reset"), passphrase)
	fine(t, set, err)
	s.setStatus("second@aef.test", domain.StatusBanned)
	s.setStatus("second@aef.test", domain.StatusActive)
	require.NoError(t, s.Accounts.Rename(ctx, "second@aef.test", "New", "Name"))
	require.NoError(t, s.Accounts.Rename(ctx, "second@aef.test", "New", "Name")) // changes nothing
	require.NoError(t, s.AccountAdmin.SetSystemAdmin(ctx, s.account("second@aef.test"), true, ""))
	require.NoError(t, s.AccountAdmin.SetSystemAdmin(ctx, s.account("second@aef.test"), true, ""))
	require.NoError(t, s.Tenants.Rename(ctx, "gaming", "Gaming again"))
	_, err = s.Tenants.Close(ctx, "gaming", "")
	require.NoError(t, err)

	for email, decide := range map[string]func(int64){
		"first@player.test": func(id int64) { s.approve(id) },
		"second@player.test": func(id int64) {
			r, err := s.reviewer(aef, "aef").RejectApplicationWithResponse(ctx, id, identityapi.ApplicationReject{})
			fine(t, r, err)
		},
		"third@player.test": func(int64) {
			r, err := s.guest().WithdrawApplicationWithResponse(ctx, identityapi.ApplicationToken{Token: s.mail("third@player.test", statusMark)})
			fine(t, r, err)
		},
	} {
		s.apply(email)
		decide(s.pending(email).ID)
	}
	asked, err := s.script("X-Session-Token", s.login(memberEmail)).DeleteAccountWithResponse(ctx, identityapi.AccountDelete{Password: new(identity.DemoPassword)})
	fine(t, asked, err)
	s.clock.Advance(domain.DeletionGrace)
	require.Nil(t, s.claim())
	s.clock.Advance(domain.DeletionSettles)
	require.Equal(t, 204, s.finish(s.claim().ID))

	document, err := events.Of("identity")
	require.NoError(t, err)

	db, err := pg.Open(ctx, s.cfg.Database)
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	across := pg.AcrossTenants(ctx, "test: look at every event")
	var published []string
	require.NoError(t, db.Read(across, func(ctx context.Context) error {
		return db.Conn(ctx).NewRaw("SELECT event FROM outbox ORDER BY seq").Scan(ctx, &published)
	}))
	seen := map[string]int{}
	for _, text := range published {
		var e struct {
			Type, Subject, Source string
			Data                  json.RawMessage
		}
		require.NoError(t, json.Unmarshal([]byte(text), &e))
		seen[e.Type]++
		if e.Type == identityevents.TypeUserUpdated {
			var updated identityevents.User
			require.NoError(t, json.Unmarshal(e.Data, &updated))
			require.Equal(t, "New Name", updated.FirstName+" "+updated.LastName)
		}
		require.Equal(t, "identity", e.Source)
		require.NoError(t, document.Validate(e.Type, e.Subject, e.Data))
		require.NotContains(t, text, "@aef.test", "events do not carry addresses")
		require.NotContains(t, text, "player.test")
	}
	for name := range document.Events {
		require.Positive(t, seen[name], "%s is in the document and is not published", name)
	}
	require.Equal(t, 2, seen[identityevents.TypeUserUpdated], "one for each change")
}
