package activity_test

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/activity/adapters/notices"
	"go.updspace.com/api/activityapi"
	"go.updspace.com/api/identityevents"
	"go.updspace.com/libs/pg"
)

// The owner of an account is told, in the app, of what changes who may sign in with it: once. Others are not.
func TestOwnersAreToldOfTheSecurityOfTheirAccounts(t *testing.T) {
	t.Parallel()
	s := startTelling(t)
	owner, other := s.member(), s.member()
	now, user := s.Clock.Now(), owner.User
	session := identityevents.NewDevice{UserID: user, SessionID: uuid.New(), Method: "password", Device: "desktop", Browser: "Firefox", Os: "Linux", SignedInAt: now}
	want := map[activityapi.NotificationDetailsChange]string{}
	for _, x := range []struct {
		kind, title string
		data        any
		change      activityapi.NotificationDetailsChange
	}{
		{identityevents.TypeSessionNewDevice, "Firefox Linux", session, "new_device"},
		{identityevents.TypePasswordChanged, "", identityevents.PasswordChanged{UserID: user, How: "reset", ChangedAt: now}, "password_changed"},
		{identityevents.TypeEmailChanged, "", identityevents.EmailChanged{UserID: user, ChangedAt: now}, "email_changed"},
		{identityevents.TypeFactorAdded, "", identityevents.Factor{UserID: user, Factor: "totp", At: now}, "factor_added"},
		{identityevents.TypeFactorRemoved, "", identityevents.Factor{UserID: user, Factor: "totp", At: now}, "factor_removed"},
		{identityevents.TypeFactorUsed, "", identityevents.Factor{UserID: user, Factor: "recovery_codes", At: now}, "recovery_code_used"},
		{identityevents.TypePasskeyAdded, "Key", identityevents.Passkey{UserID: user, PasskeyID: uuid.New(), Name: "Key", At: now}, "passkey_added"},
		{identityevents.TypePasskeyRemoved, "Key", identityevents.Passkey{UserID: user, PasskeyID: uuid.New(), Name: "Key", At: now}, "passkey_removed"},
	} {
		want[x.change] = x.title
		event := s.event(x.kind, x.data)
		for range 2 { // as often as it comes
			ctx := pg.AcrossTenants(context.Background(), "activity-accounts")
			require.NoError(t, s.app.Tx.Do(ctx, func(ctx context.Context) error { return notices.Accounts(*s.app)(ctx, event) }), x.kind)
		}
	}
	require.NoError(t, s.app.Tell(context.Background()))
	told := map[activityapi.NotificationDetailsChange]string{}
	for _, n := range s.inbox(owner) {
		require.Equal(t, activityapi.NotificationKindSecurity, n.Kind)
		told[*n.Details.Change] = n.Title
	}
	require.Equal(t, want, told)
	require.Len(t, s.inbox(owner), len(want), "each once")
	require.Empty(t, s.inbox(other))
}
