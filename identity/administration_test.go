package identity_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity"
	"go.updspace.com/identity/domain"
)

const adminEmail = "root@updspace.test"

// admin is the client of a system administrator who has just signed in.
func (s *service) admin() *identityapi.ClientWithResponses {
	s.t.Helper()
	return s.script("X-Session-Token", s.login(adminEmail))
}

// adminOperations are the operations for system administrators.
func adminOperations() map[string]string {
	out := map[string]string{}
	for _, op := range identityapi.Operations {
		if strings.HasPrefix(op.Path, "/api/v1/admin/") {
			path := strings.NewReplacer("{user_id}", member.String(), "{slug}", "aef").Replace(op.Path)
			out[op.Method+" "+path] = op.Method
		}
	}
	return out
}

func TestOnlySystemAdministratorsAdministrate(t *testing.T) {
	t.Parallel()
	s := start(t)
	stranger, admin := s.user("member@aef.test"), s.user(adminEmail)
	s.clock.Advance(domain.ReauthenticationWindow)
	require.NotEmpty(t, adminOperations())
	for call, method := range adminOperations() {
		_, path, _ := strings.Cut(call, " ")
		s.browser().send(method, path, map[string]any{}).refuses(t, 401, "UNAUTHORIZED")
		stranger.send(method, path, map[string]any{}).refuses(t, 403, "FORBIDDEN")
		if method != http.MethodGet {
			admin.send(method, path, map[string]any{}).refuses(t, 403, "REAUTHENTICATION_REQUIRED")
			admin.send(method, path, map[string]any{}, "Sec-Fetch-Site", "cross-site").refuses(t, 403, "CSRF_FAILED")
		}
	}
	require.Equal(t, 403, stranger.get("/api/v1/admin/nothing").StatusCode)
	require.Equal(t, 404, admin.get("/api/v1/admin/nothing").StatusCode)
}

func TestTheAdministrationIsNoPageForOthers(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, path := range []string{"/admin", "/admin/accounts"} {
		require.Equal(t, "/login", s.browser().get(path).at())
		require.Equal(t, 404, s.user("member@aef.test").get(path).StatusCode)
		shown := s.user(adminEmail).get(path)
		require.Equal(t, 200, shown.StatusCode)
		require.True(t, shown.boot(t).Account.IsSuperuser)
	}
}

func TestASecondFactorIsDemandedOfSystemAdministratorsWhereConfigured(t *testing.T) {
	t.Parallel()
	s := start(t, func(c *identity.Config) { c.AdminSecondFactor = true })
	b := s.user(adminEmail)
	b.send(http.MethodGet, "/api/v1/admin/accounts", nil).refuses(t, 403, "SECOND_FACTOR_REQUIRED")
	phone, _ := s.withApp(b)
	require.Equal(t, 200, b.call("reauth", map[string]any{"mfa_code": phone.fresh()}).StatusCode)
	require.Equal(t, 200, b.send(http.MethodGet, "/api/v1/admin/accounts", nil).StatusCode)
}

func TestAccountsAreFound(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.withApp(s.user("player1@aef.test"))
	admin := s.admin()
	list := func(p identityapi.ListAccountsParams) *identityapi.AccountPage {
		r, err := admin.ListAccountsWithResponse(ctx, &p)
		return fine(t, r, err).JSON200
	}
	emails := func(p identityapi.ListAccountsParams) (found []string) {
		for _, a := range list(p).Items {
			found = append(found, a.Email)
		}
		return found
	}
	for _, q := range []string{"MEMBER@aef", "Mika Mem", member.String()} {
		require.Equal(t, []string{"member@aef.test"}, emails(identityapi.ListAccountsParams{Q: &q}), q)
	}
	for _, q := range []string{"%", "_", `\`, "nobody at all", uuid.NewString()} {
		require.Empty(t, emails(identityapi.ListAccountsParams{Q: &q}), q)
	}
	require.Equal(t, []string{"player1@aef.test"}, emails(identityapi.ListAccountsParams{SecondFactor: new(true)}))
	require.NotContains(t, emails(identityapi.ListAccountsParams{SecondFactor: new(false)}), "player1@aef.test")
	require.Equal(t, []string{adminEmail}, emails(identityapi.ListAccountsParams{SystemAdmin: new(true)}))
	require.NotContains(t, emails(identityapi.ListAccountsParams{SystemAdmin: new(false)}), adminEmail)
	s.setStatus("second@aef.test", domain.StatusBanned)
	require.Equal(t, []string{"second@aef.test"}, emails(identityapi.ListAccountsParams{Status: new(identityapi.AccountStatusBanned)}))

	all := emails(identityapi.ListAccountsParams{Limit: new(100)})
	require.Greater(t, len(all), 20)
	var paged []string
	p := identityapi.ListAccountsParams{Limit: new(7)}
	for {
		r := list(p)
		require.LessOrEqual(t, len(r.Items), 7)
		for _, a := range r.Items {
			paged = append(paged, a.Email)
		}
		next, err := r.NextCursor.Get()
		if err != nil {
			break
		}
		p.Cursor = &next
	}
	require.Equal(t, all, paged)
	r, err := admin.ListAccountsWithResponse(ctx, &identityapi.ListAccountsParams{Cursor: new("nonsense")})
	refused(t, 422, "VALIDATION_ERROR", r, err)
}
