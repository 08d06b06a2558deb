package domain_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/errs"
)

func TestPhoneAndDateOfBirth(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, time.March, 4, 5, 6, 7, 0, time.UTC)
	user := domain.User{ID: uuid.New(), PhoneVerified: true}
	edit := func(phone, birth string) error {
		return user.Edit(domain.ProfileEdit{Phone: &phone, BirthDate: &birth, Now: now})
	}
	require.NoError(t, edit(" +7 (912) 345-67-89 ", "2001-12-31"))
	require.Equal(t, "+7 (912) 345-67-89", *user.Phone)
	require.False(t, user.PhoneVerified, "another number is not verified")
	require.Equal(t, time.Date(2001, time.December, 31, 0, 0, 0, 0, time.UTC), *user.BirthDate)
	user.PhoneVerified = true
	require.NoError(t, edit(*user.Phone, "1900-01-01"))
	require.True(t, user.PhoneVerified, "the same number")
	require.NoError(t, edit("", "2026-03-04"))
	require.Nil(t, user.Phone)
	require.NoError(t, edit("", ""))
	require.Nil(t, user.BirthDate)
	for field, values := range map[string][2][]string{
		"phone_number": {{"12", "call me", "+", "0800 letmein", "+1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8"}, nil},
		"birth_date":   {nil, {"2026-03-05", "1899-12-31", "2001-02-30", "31.12.2001", "yesterday"}},
	} {
		for _, phone := range values[0] {
			requireField(t, edit(phone, ""), field, phone)
		}
		for _, birth := range values[1] {
			requireField(t, edit("", birth), field, birth)
		}
	}
}

func requireField(t *testing.T, err error, field, value string) {
	t.Helper()
	var invalid *errs.Error
	require.ErrorAs(t, err, &invalid, value)
	require.Contains(t, invalid.Fields, field, value)
}

func TestScopePolicies(t *testing.T) {
	t.Parallel()
	chosen := domain.ScopePolicies{"email": domain.PolicyDeny}
	all := chosen.Over(domain.DefaultScopePolicies)
	require.Equal(t, domain.ScopePolicies{"profile_basic": "allow", "email": "deny", "phone": "ask", "profile_extended": "ask"}, all)
	require.Equal(t, domain.PolicyAsk, domain.DefaultScopePolicies["email"], "the defaults stay")
	require.Equal(t, []string{"openid", "phone"}, all.Permitted([]string{"openid", "email", "phone"}))
	require.NoError(t, all.Check())
	require.Error(t, domain.ScopePolicies{"openid": domain.PolicyDeny}.Check())
	require.Error(t, domain.ScopePolicies{"email": "perhaps"}.Check())
}
