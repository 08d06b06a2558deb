package app_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/identity/app"
	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/ratelimit"
	"go.updspace.com/tools/devkit/testkit/faults"
)

const passphrase = "four words and a fox"

type (
	storedTokens       struct{ *stored }
	storedHistory      struct{ *stored }
	storedUserConsents struct{ *stored }
	leaked             struct{}
)

func (leaked) Contains(password string) bool { return password == "letmeinplease123" }

func (p storedTokens) Insert(context.Context, domain.AccountToken) error { return p.Next() }

func (p storedTokens) ByToken(context.Context, domain.Hash) (domain.AccountToken, error) {
	return p.token, p.Next()
}

func (p storedTokens) Use(context.Context, uuid.UUID, time.Time) error { return p.Next() }

func (p storedTokens) Discard(context.Context, uuid.UUID, domain.AccountTokenKind, time.Time) error {
	return p.Next()
}

func (p storedTokens) Pending(context.Context, uuid.UUID, domain.AccountTokenKind, time.Time) (*domain.AccountToken, error) {
	return &p.token, p.Next()
}

func (p storedUserConsents) Of(context.Context, uuid.UUID, int) ([]domain.UserConsent, error) {
	return nil, p.Next()
}

func (p storedUserConsents) Grant(context.Context, domain.UserConsent) (bool, error) {
	return true, p.Next()
}

func (p storedUserConsents) Revoke(context.Context, uuid.UUID, domain.ConsentKind, time.Time) (bool, error) {
	return true, p.Next()
}

func (p storedUserConsents) Policies(context.Context, uuid.UUID) (domain.ScopePolicies, error) {
	return domain.ScopePolicies{"email": domain.PolicyDeny}, p.Next()
}

func (p storedUserConsents) SetPolicies(context.Context, uuid.UUID, domain.ScopePolicies) error {
	return p.Next()
}

func (p storedHistory) Add(context.Context, domain.LoginEvent) error { return p.Next() }

func (p storedHistory) Of(context.Context, uuid.UUID, int) ([]domain.LoginEvent, error) {
	return nil, p.Next()
}

func (p storedUsers) SetEmail(context.Context, uuid.UUID, string) error {
	return p.tell("store: email")
}

func (p storedUsers) SetEmailVerified(context.Context, uuid.UUID) error { return p.Next() }

func (p publisher) UserDeleted(context.Context, uuid.UUID) error { return p.Next() }

func (p publisher) NewDevice(context.Context, domain.Session) error {
	return p.tell("event: new device")
}

func (p publisher) PasswordChanged(_ context.Context, _ uuid.UUID, how string, _ time.Time) error {
	return p.tell("event: password changed by " + how)
}

func (p publisher) EmailChanged(_ context.Context, _ uuid.UUID, undone bool, _ time.Time) error {
	if undone {
		return p.tell("event: email restored")
	}
	return p.tell("event: email changed")
}

// with gives the scene a token of a kind.
func (s scene) with(kind domain.AccountTokenKind) scene {
	s.token, _ = domain.NewAccountToken(uuid.New(), kind, &s.user.ID, s.session.CreatedAt)
	s.token.Email = "new@example.test"
	return s
}

// accountUses are the use cases of passwords and addresses, and what each tells.
var accountUses = map[string]struct {
	use  func(s scene) error
	want []string
}{
	"change a password": {func(s scene) error {
		s.session.ID = uuid.New() // another one
		return s.PasswordChanges.Change(s.ctx, s.who, "secret", passphrase, domain.Origin{})
	}, []string{
		domain.ActionSignedOut, "store: password", "mail: queued", domain.ActionPasswordChanged, "event: password changed by change", "post: https://portal.test/logout", "notice: done",
	}},
	"ask to reset a password": {func(s scene) error {
		return s.PasswordChanges.RequestReset(s.ctx, "alice@example.test", domain.Origin{})
	}, []string{
		"mail: queued", domain.ActionPasswordResetRequested,
	}},
	"reset a password": {func(s scene) error {
		return s.with(domain.TokenPasswordReset).PasswordChanges.Reset(s.ctx, "token", passphrase, domain.Origin{})
	}, []string{
		domain.ActionSignedOut, "store: password", "mail: queued", domain.ActionPasswordChanged, "event: password changed by reset", "post: https://portal.test/logout", "notice: done",
	}},
	"ask to change an address": {func(s scene) error { return s.EmailChanges.Request(s.ctx, s.who, "new@example.test", domain.Origin{}) }, []string{
		"mail: queued", domain.ActionEmailChangeRequested,
	}},
	"ask once more": {func(s scene) error {
		return s.with(domain.TokenEmailChange).EmailChanges.Resend(s.ctx, s.who, domain.Origin{})
	}, []string{
		"mail: queued", domain.ActionEmailChangeRequested,
	}},
	"take it back":        {func(s scene) error { return s.EmailChanges.Request(s.ctx, s.who, s.user.Email, domain.Origin{}) }, nil},
	"list one's consents": {func(s scene) error { return result(s.PersonalConsents.List(s.ctx, s.user.ID)) }, nil},
	"see one's policies":  {func(s scene) error { return result(s.PersonalConsents.Policies(s.ctx, s.user.ID)) }, nil},
	"end a consent": {func(s scene) error { return s.PersonalConsents.Revoke(s.ctx, s.user.ID, domain.ConsentMarketing, "") }, []string{
		domain.ActionConsentRevoked,
	}},
	"give a consent": {func(s scene) error {
		return s.PersonalConsents.Choose(s.ctx, s.user.ID, app.ConsentChoices{Marketing: new(true)}, "")
	}, []string{domain.ActionConsentGranted}},
	"take it back again": {func(s scene) error {
		return s.PersonalConsents.Choose(s.ctx, s.user.ID, app.ConsentChoices{Marketing: new(false), Policies: domain.ScopePolicies{"email": domain.PolicyDeny}}, "")
	}, []string{domain.ActionConsentRevoked}},
	"see what waits":      {func(s scene) error { return result(s.EmailChanges.Pending(s.ctx, s.who)) }, nil},
	"list one's sign-ins": {func(s scene) error { return result(s.Own.ListLogins(s.ctx, s.who)) }, nil},
	"confirm a new address": {func(s scene) error {
		return result(s.with(domain.TokenEmailChange).EmailChanges.Confirm(s.ctx, "token", domain.Origin{}))
	}, []string{
		"mail: queued", domain.ActionSignedOut, "store: email", domain.ActionEmailChanged, "event: email changed", "post: https://portal.test/logout", "notice: done",
	}},
	"undo a new address": {func(s scene) error {
		return result(s.with(domain.TokenEmailUndo).EmailChanges.Undo(s.ctx, "token", domain.Origin{}))
	}, []string{
		"store: password", domain.ActionSignedOut, "store: email", domain.ActionEmailChanged, "event: email restored", "mail: queued", "post: https://portal.test/logout", "notice: done",
	}},
}

func TestWhatChangesOfAccountsTell(t *testing.T) {
	t.Parallel()
	for name, c := range accountUses {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t, &faults.Faults{})
			s.session.Method = domain.MethodPassword
			require.NoError(t, c.use(s))
			require.ElementsMatch(t, c.want, s.told)
		})
	}
}

// An address that has no account takes the same steps, and a mail that is never sent.
func TestAnUnknownAddressTakesTheSameSteps(t *testing.T) {
	t.Parallel()
	calls := func(known bool, status domain.Status) (int, []string) {
		f := &faults.Faults{}
		s := newScene(t, f)
		s.stored.known, s.user.Status = known, status
		require.NoError(t, s.PasswordChanges.RequestReset(s.ctx, "alice@example.test", domain.Origin{}))
		return f.Calls(), s.told
	}
	want, told := calls(true, domain.StatusActive)
	require.Contains(t, told, "mail: queued")
	_, told = calls(true, domain.StatusMigrated) // its owner claims it by the link
	require.Contains(t, told, "mail: queued")
	for name, c := range map[string]struct {
		known  bool
		status domain.Status
	}{"unknown": {false, domain.StatusActive}, "banned": {true, domain.StatusBanned}, "suspended": {true, domain.StatusSuspended}} {
		got, told := calls(c.known, c.status)
		require.Equal(t, want, got, name)
		require.Contains(t, told, "mail: discarded", name)
	}
}

func TestTokensOfAccountsThatDoNotCount(t *testing.T) {
	t.Parallel()
	s := newScene(t, &faults.Faults{})
	use := func(token domain.Secret) []error {
		_, confirmed := s.EmailChanges.Confirm(s.ctx, token, domain.Origin{})
		_, undone := s.EmailChanges.Undo(s.ctx, token, domain.Origin{})
		return []error{s.PasswordChanges.Reset(s.ctx, token, passphrase, domain.Origin{}), confirmed, undone}
	}
	kinds := []domain.AccountTokenKind{domain.TokenPasswordReset, domain.TokenEmailChange, domain.TokenEmailUndo}
	for i := range kinds {
		s.stored.token = s.with(kinds[(i+1)%len(kinds)]).token
		require.ErrorIs(t, use("token")[i], domain.ErrLinkUnknown, "of another kind")
		token := s.with(kinds[i]).token
		token.UserID = nil
		s.stored.token = token
		require.ErrorIs(t, use("token")[i], domain.ErrLinkUnknown)
		token.UserID, token.ExpiresAt = &s.user.ID, s.session.CreatedAt
		s.stored.token = token
		require.ErrorIs(t, use("token")[i], domain.ErrLinkExpired)
		token.UsedAt = &token.CreatedAt
		s.stored.token = token
		require.ErrorIs(t, use("token")[i], domain.ErrLinkUsed)
		s.stored.token = s.with(kinds[i]).token
		s.stored.user.Status = domain.StatusBanned
		require.ErrorIs(t, use("token")[i], domain.ErrLinkUnknown)
		s.stored.user.Status = domain.StatusActive
	}
}

func TestNewPasswordsAreChecked(t *testing.T) {
	t.Parallel()
	s := newScene(t, &faults.Faults{}).with(domain.TokenPasswordReset)
	for password, code := range map[string]string{
		"short": "TOO_SHORT", "letmeinplease123": "TOO_COMMON", "alice@example!!": "TOO_COMMON", strings.Repeat("ab c", 251): "TOO_LONG", "the current password": "DUPLICATE",
	} {
		refused := []error{s.PasswordChanges.Change(s.ctx, s.who, "the current password", password, domain.Origin{})}
		if code != "DUPLICATE" {
			refused = append(refused, s.PasswordChanges.Reset(s.ctx, "token", password, domain.Origin{}))
		}
		for _, err := range refused {
			var invalid *errs.Error
			require.ErrorAs(t, err, &invalid, password)
			require.EqualValues(t, code, invalid.Reasons[0].Reason.Code(), password)
			require.Equal(t, "new_password", invalid.Reasons[0].Field)
		}
	}
	require.NotContains(t, s.told, "store: password")
}

// The limits are asked before anything is looked up.
func TestChangesOfAccountsAreLimited(t *testing.T) {
	t.Parallel()
	f := &faults.Faults{}
	s := newScene(t, f)
	calls := f.Calls()
	s.PasswordChanges.Limiter = refusing{}
	require.ErrorIs(t, s.PasswordChanges.Change(s.ctx, s.who, "secret", passphrase, domain.Origin{}), domain.ErrRateLimited)
	require.ErrorIs(t, s.PasswordChanges.RequestReset(s.ctx, "alice@example.test", domain.Origin{}), domain.ErrRateLimited)
	require.ErrorIs(t, s.EmailChanges.Request(s.ctx, s.who, "new@example.test", domain.Origin{}), domain.ErrRateLimited)
	require.ErrorIs(t, s.EmailChanges.Resend(s.ctx, s.who, domain.Origin{}), domain.ErrRateLimited)
	require.Equal(t, calls, f.Calls())
}

// refusing is a limiter that lets nothing pass.
type refusing struct{ unlimited }

func (refusing) Take(context.Context, string, string, int) ratelimit.Verdict {
	return ratelimit.Verdict{}
}
