package identity_test

import (
	"context"
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"go.updspace.com/api/commonapi"
	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity"
	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/audit"
	paging "go.updspace.com/libs/page"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/seal"
)

// stdout is replaced by one test at a time.
var stdout sync.Mutex

// operate runs a command beside the running service and returns what it printed.
func (s *service) operate(verb string, args ...string) (string, error) {
	s.t.Helper()
	for _, c := range identity.Commands() {
		if c.Name != verb {
			continue
		}
		read, write, err := os.Pipe()
		require.NoError(s.t, err)
		stdout.Lock()
		before := os.Stdout
		os.Stdout = write
		err = c.Run(ctx, s.cfg, args)
		os.Stdout = before
		stdout.Unlock()
		require.NoError(s.t, write.Close())
		out, readErr := io.ReadAll(read)
		require.NoError(s.t, readErr)
		return strings.TrimSpace(string(out)), err
	}
	s.t.Fatalf("there is no command %s", verb)
	return "", nil
}

// auditLog reads the audit log, newest first.
func (s *service) auditLog(f audit.Filter) (entries []audit.Entry) {
	s.t.Helper()
	db, err := pg.Open(ctx, s.cfg.Database)
	require.NoError(s.t, err)
	defer func() { require.NoError(s.t, db.Close()) }()
	require.NoError(s.t, db.Read(pg.AcrossTenants(ctx, "test: read the audit log"), func(ctx context.Context) error {
		p, err := audit.New(db).List(ctx, f, paging.Request{Limit: 100})
		entries = p.Items
		return err
	}))
	return entries
}

func TestOperatorsChangeAccounts(t *testing.T) {
	t.Parallel()
	s := start(t)
	in := s.signedIn("member@aef.test")
	do := func(verb string, args ...string) {
		t.Helper()
		s.clock.Advance(time.Second)
		_, err := s.operate(verb, args...)
		require.NoError(t, err)
	}
	principal := func() *identityapi.Principal {
		r, err := s.gateway(ofUser(member)).GetPrincipalWithResponse(ctx)
		return fine(t, r, err).JSON200
	}
	do("admin-grant", "member@aef.test")
	require.True(t, principal().MasterFlags.SystemAdmin)
	in.isAlive(s)
	do("admin-revoke", "member@aef.test")
	require.False(t, principal().MasterFlags.SystemAdmin)
	do("user-rename", "member@aef.test", "Михаил", "Member-Müller")
	me, err := s.gateway(ofUser(member)).GetMeWithResponse(ctx)
	require.Equal(t, "Михаил", fine(t, me, err).JSON200.User.FirstName)
	require.Equal(t, "Member-Müller", me.JSON200.User.LastName)
	_, err = s.operate("user-rename", "member@aef.test", "a\u202eb", "x")
	require.Error(t, err)

	before := principal().SessionsValidFrom
	do("sessions-end", "member@aef.test")
	require.True(t, principal().SessionsValidFrom.After(before))
	in.isOver(s)
	for _, verb := range []string{"sessions-end", "admin-grant", "admin-revoke", "user-suspend"} {
		_, err := s.operate(verb, "nobody@aef.test")
		require.ErrorIs(t, err, domain.ErrUserUnknown, verb)
		_, err = s.operate(verb)
		require.ErrorContains(t, err, "usage: "+verb+" EMAIL")
	}

	var actions []string
	for _, e := range s.auditLog(audit.Filter{TargetType: "user", TargetID: member.String()}) {
		require.Equal(t, member, e.About)
		if e.Actor.Type == audit.Operator {
			require.NotEmpty(t, e.Actor.Name, "an operator has a name")
			actions = append(actions, e.Action)
		}
	}
	require.Equal(t, []string{domain.ActionSessionsEnded, domain.ActionUserRenamed, domain.ActionSystemAdmin, domain.ActionSystemAdmin}, actions)
}

func TestOperatorsChangeTenants(t *testing.T) {
	t.Parallel()
	s := start(t)
	find := func(slug string) *identityapi.GetTenantResponse {
		r, err := s.gateway(reqctx.Context{}).GetTenantWithResponse(ctx, slug)
		require.NoError(t, err)
		return r
	}
	for _, slug := range []string{"id", "api", "www", "xn--e1afmkfd"} {
		_, err := s.operate("tenant-create", slug, "Never")
		require.ErrorContains(t, err, "slug", slug)
		require.Equal(t, 404, find(slug).StatusCode())
	}
	_, err := s.operate("tenant-create", "new", "New")
	require.NoError(t, err)
	_, err = s.operate("tenant-create", "new", "Another")
	require.ErrorIs(t, err, domain.ErrTenantTaken)
	_, err = s.operate("tenant-rename", "new", "Newer")
	require.NoError(t, err)
	require.Equal(t, "Newer", find("new").JSON200.Name)
	for setting, value := range map[string]string{"description": "Chess.", "hue": "210", "chroma": "0.1", "languages": "ru", "membership": "application"} {
		if setting == "languages" {
			_, err = s.operate("tenant-set", "new", "default-language", "ru")
			require.NoError(t, err)
		}
		_, err = s.operate("tenant-set", "new", setting, value)
		require.NoError(t, err, setting)
	}
	card := find("new").JSON200
	require.Equal(t, []any{"Chess.", 210, 0.1, "application", []commonapi.Language{"ru"}}, []any{card.Description, card.Hue, card.Chroma, string(card.Membership), card.Languages})
	for _, wrong := range [][2]string{{"hue", "red"}, {"hue", "361"}, {"chroma", "x"}, {"membership", "none"}, {"colour", "red"}} {
		_, err = s.operate("tenant-set", "new", wrong[0], wrong[1])
		require.Error(t, err, wrong)
	}
	_, err = s.operate("tenant-close", "new", "Nobody is there.")
	require.NoError(t, err)
	require.Equal(t, 410, find("new").StatusCode())
	listed, err := s.operate("tenant-list", "NEWER")
	require.NoError(t, err)
	require.Regexp(t, `new +Newer +0 +application +closed`, listed)
	require.Equal(t, "Nobody is there.", s.auditLog(audit.Filter{Action: domain.ActionTenantClosed})[0].Reason)
	_, err = s.operate("tenant-create", "new", "Again")
	require.ErrorIs(t, err, domain.ErrTenantTaken, "its slug is kept")
	for _, verb := range [][]string{{"tenant-rename", "new", "x"}, {"tenant-set", "new", "hue", "1"}, {"tenant-close", "new", "x"}} {
		_, err := s.operate(verb[0], verb[1:]...)
		require.ErrorIs(t, err, domain.ErrTenantClosed, verb[0])
	}
	_, err = s.operate("member-set", "new", "member@aef.test", "member")
	require.ErrorIs(t, err, domain.ErrTenantUnknown)
	_, err = s.operate("tenant-reopen", "new", "They are back.")
	require.NoError(t, err)
	require.Equal(t, "Newer", find("new").JSON200.Name)
	_, err = s.operate("tenant-reopen", "new", "They are back.")
	require.ErrorIs(t, err, domain.ErrTenantOpen)

	_, err = s.operate("member-disable", "gaming", "member@aef.test")
	require.ErrorIs(t, err, domain.ErrMembershipUnknown)
	r, err := s.gateway(reqctx.Context{TenantID: gaming, TenantSlug: "gaming", UserID: member}).GetPrincipalWithResponse(ctx)
	require.True(t, fine(t, r, err).JSON200.Membership.IsNull(), "and makes no row")
	_, err = s.operate("member-set", "aef", "second@aef.test", "admin")
	require.NoError(t, err)
	_, err = s.operate("member-disable", "aef", "second@aef.test")
	require.NoError(t, err)
	second := member
	second[15] = 3
	p, err := s.gateway(ofUser(second)).GetPrincipalWithResponse(ctx)
	m, err2 := fine(t, p, err).JSON200.Membership.Get()
	require.NoError(t, err2)
	require.Equal(t, identityapi.MembershipStatusDisabled, m.Status)
	require.Equal(t, "admin", m.BaseRole, "disabling keeps the role")
}

func TestClientsAreRegisteredAndTheirSecretsReplacedInSteps(t *testing.T) {
	t.Parallel()
	s := start(t)
	first, err := s.operate("client-register", "wiki", "Wiki", callback, "-", "-")
	require.NoError(t, err)
	works := func(secret string) bool {
		_, err := s.Clients.Authenticate(ctx, "wiki", secret)
		if err != nil {
			require.ErrorIs(t, err, domain.ErrInvalidClient)
		}
		s.clock.Advance(time.Minute) // the service remembers clients for a while
		return err == nil
	}
	require.True(t, works(first))
	require.False(t, works(""))
	second, err := s.operate("client-secret-add", "wiki")
	require.NoError(t, err)
	require.True(t, works(first) && works(second))
	_, err = s.operate("client-secret-add", "wiki")
	require.ErrorIs(t, err, domain.ErrTwoSecrets)
	_, err = s.operate("client-secret-drop", "wiki")
	require.NoError(t, err)
	require.False(t, works(first))
	require.True(t, works(second))
	_, err = s.operate("client-secret-drop", "wiki")
	require.ErrorIs(t, err, domain.ErrNoOldSecret)
	_, err = s.operate("client-secret-add", "nobody")
	require.ErrorIs(t, err, domain.ErrClientUnknown)
	_, err = s.operate("client-register", "wiki!", "Wiki", "not a URI", "-", "-")
	require.ErrorContains(t, err, "redirect_uris")
	_, err = s.operate("client-register", "wiki", "Wiki", callback, "-", "-")
	require.ErrorIs(t, err, domain.ErrClientTaken, "and is not changed")
	require.True(t, works(second))

	_, err = s.operate("client-disable", "wiki", "It was broken into.")
	require.NoError(t, err)
	require.False(t, works(second))
	listed, err := s.operate("client-list", "wik")
	require.NoError(t, err)
	require.Regexp(t, `wiki +Wiki +client_secret +1 +disabled`, listed)
	require.NotContains(t, listed, "portal")
	_, err = s.operate("client-enable", "wiki", "It is repaired.")
	require.NoError(t, err)
	require.True(t, works(second))
	_, err = s.operate("client-delete", "wiki", "It is gone.")
	require.NoError(t, err)
	_, err = s.operate("client-set", "wiki", "name", "New")
	require.ErrorIs(t, err, domain.ErrClientUnknown)
	require.Equal(t, "It is gone.", s.auditLog(audit.Filter{Action: domain.ActionClientDeleted})[0].Reason)
	for _, verb := range [][]string{{"client-disable", "portal", "x"}, {"client-delete", "portal", "x"}, {"client-set", "portal", "name", "x"}, {"client-secret-add", "portal"}} {
		_, err = s.operate(verb[0], verb[1:]...)
		require.ErrorIs(t, err, domain.ErrClientProtected, "the gateway's is that of the settings")
	}

	// the gateway's comes from the configuration
	both := s.cfg
	both.Portal.Secret = strings.Repeat("n", 32) + "," + portalSecret
	twin := config(t, s.cfg.Database)
	twin.PublicURL, twin.Portal = s.cfg.PublicURL, both.Portal
	run(t, twin, s.clock)
	s.clock.Advance(time.Minute)
	for _, secret := range []string{strings.Repeat("n", 32), portalSecret} {
		_, err := s.Clients.Authenticate(ctx, "portal", secret)
		require.NoError(t, err)
	}
}

func TestSealKeysAreReplacedInSteps(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := s.user("member@aef.test")
	s.withApp(b)
	s.newPasskey(b, "Phone")
	next := seal.NewKey("next")
	s.cfg.SealKeys = next + "," + sealed
	_, err := s.operate("seal-rotate")
	require.NoError(t, err)
	db, err := pg.Open(ctx, pg.Config{URL: s.cfg.Database.MigrateURL})
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	require.NoError(t, db.Do(pg.AcrossTenants(ctx, "test"), func(ctx context.Context) error {
		for _, table := range []string{"signing_keys", "totp", "passkeys"} {
			var keys []string
			if err := db.Conn(ctx).NewRaw("SELECT DISTINCT seal_key FROM ?", bun.Ident(table)).Scan(ctx, &keys); err != nil {
				return err
			}
			require.Equal(t, []string{"next"}, keys, table)
		}
		return nil
	}))
	s.cfg.SealKeys = next
	_, err = s.operate("seal-rotate")
	require.NoError(t, err, "the old key is needed no more")
	s.cfg.SealKeys = sealed
	_, err = s.operate("seal-rotate")
	require.Error(t, err)
}

func TestPublicOriginAndHostSuffixAgree(t *testing.T) {
	t.Parallel()
	cfg := config(t, pg.Config{URL: "postgres://x"})
	for suffix, ok := range map[string]bool{"": true, "localhost": true, "updspace.com": false, "host": false} {
		cfg.Portal.HostSuffix = suffix
		require.Equal(t, ok, cfg.Validate() == nil, suffix)
	}
}
