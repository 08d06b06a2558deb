package app_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/identity/app"
	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
	"go.updspace.com/tools/devkit/testkit"
)

// users finds every user.
type users struct{ ports.Users }

func (users) ByID(_ context.Context, id uuid.UUID) (domain.User, error) {
	return domain.User{ID: id}, nil
}

// away is storage of memberships that fails.
type away struct{ ports.Memberships }

var errAway = errors.New("away")

func (away) Of(context.Context, uuid.UUID) (*domain.Membership, error) { return nil, errAway }

func TestWhatIsRefusedBeforeAnythingIsStored(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.Tokens.Redeem(t.Context(), domain.Client{}, app.CodeExchange{Code: "c"})
	require.ErrorIs(t, err, domain.ErrClientGrantType)
	_, err = w.Tokens.Refresh(t.Context(), domain.Client{}, "r", "")
	require.ErrorIs(t, err, domain.ErrClientGrantType)
	_, err = w.Accounts.Create(t.Context(), app.NewAccount{Email: "a@b.c", FirstName: strings.Repeat("a", 151)})
	require.Error(t, err)
}

func TestAMembershipThatCannotBeReadIsNotMissing(t *testing.T) {
	t.Parallel()
	accounts := app.New(app.Deps{Users: users{}, Memberships: away{}}).Accounts
	_, _, err := accounts.Principal(t.Context())
	require.ErrorIs(t, err, errAway)
	_, _, err = accounts.Me(t.Context())
	require.ErrorIs(t, err, errAway)
}

// direct runs without a transaction.
type direct struct{}

func (direct) Do(ctx context.Context, fn func(ctx context.Context) error) error { return fn(ctx) }
func (direct) Across(ctx context.Context) context.Context                       { return ctx }

func (direct) Platform(ctx context.Context, fn func(ctx context.Context) error) error {
	return fn(ctx)
}

// stuckUsers finds every user and changes none.
type stuckUsers struct{ ports.Users }

func (stuckUsers) Lock(context.Context, uuid.UUID) (domain.User, error) {
	return domain.User{ID: uuid.New()}, nil
}

func (stuckUsers) SetSystemAdmin(context.Context, uuid.UUID, bool) error { return errAway }

// stuckGrants finds a used code of the client "portal" and revokes nothing.
type stuckGrants struct{ ports.Grants }

func (stuckGrants) Code(context.Context, domain.Hash) (domain.Code, error) {
	return domain.Code{UsedAt: &time.Time{}, Authorization: domain.Authorization{ClientID: "portal"}}, nil
}

func (stuckGrants) Revoke(context.Context, uuid.UUID, time.Time) error { return errAway }

func TestWhatCannotBeStoredIsNotDone(t *testing.T) {
	t.Parallel()
	a := app.New(app.Deps{Tx: direct{}, Users: stuckUsers{}, Grants: stuckGrants{}, Clock: testkit.NewClock()})
	require.ErrorIs(t, a.AccountAdmin.SetSystemAdmin(t.Context(), uuid.New(), true, ""), errAway)
	client := domain.Client{ID: "portal", GrantTypes: []string{domain.GrantCode}}
	_, err := a.Tokens.Redeem(t.Context(), client, app.CodeExchange{Code: "used", RedirectURI: "https://elsewhere.test/cb"})
	require.ErrorIs(t, err, errAway, "a replayed code whose grant cannot be revoked")
}

func TestWithoutASigningKey(t *testing.T) {
	t.Parallel()
	keys := &app.Keys{Clock: testkit.NewClock()}
	_, err := keys.Current(domain.ES256)
	require.ErrorIs(t, err, domain.ErrSigningKeyMissing)
}
