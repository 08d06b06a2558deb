package domain_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/identity/domain"
)

// The vectors of RFC 6238, appendix B, with the last six of their eight digits.
func TestTOTPFollowsItsSpecification(t *testing.T) {
	t.Parallel()
	seed := []byte("12345678901234567890")
	for at, code := range map[int64]string{
		59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130",
	} {
		require.Equal(t, code, domain.TOTPCode(seed, domain.TOTPStep(time.Unix(at, 0))), at)
	}
}

func TestACodeOfAnAppIsTakenAroundItsTimeAndAfterTheLastOne(t *testing.T) {
	t.Parallel()
	now := time.Unix(3000, 0) // step 100
	app := domain.TOTP{Seed: domain.NewTOTPSeed(), LastStep: 98}
	code := func(step int64) string { return domain.TOTPCode(app.Seed, step) }
	for step, taken := range map[int64]bool{97: false, 98: false, 99: true, 100: true, 101: true, 102: false} {
		got, ok := app.Match(code(step), now)
		require.Equal(t, taken, ok, step)
		if ok {
			require.Equal(t, step, got)
		}
	}
	app.LastStep = 100
	_, ok := app.Match(code(100), now)
	require.False(t, ok)
	_, ok = app.Match("", now)
	require.False(t, ok)
}

func TestRecoveryCodesAreTypedInManyWays(t *testing.T) {
	t.Parallel()
	user := uuid.New()
	codes := domain.NewRecoveryCodes()
	require.Len(t, codes, 10)
	seen := map[string]bool{}
	for _, code := range codes {
		require.Regexp(t, `^[0-9a-hjkmnp-tv-z]{4}(-[0-9a-hjkmnp-tv-z]{4}){2}$`, code)
		require.False(t, seen[code])
		seen[code] = true
		require.False(t, domain.IsTOTPCode(domain.CleanCode(code)))
		typed := strings.NewReplacer("-", " ", "0", "O", "1", "l").Replace(strings.ToUpper(code))
		require.Equal(t, domain.RecoveryHash(user, code), domain.RecoveryHash(user, " "+typed))
		require.NotEqual(t, domain.RecoveryHash(user, code), domain.RecoveryHash(uuid.New(), code))
	}
}

func TestTheSecondStepIsAskedForOnlyWhereItCanBeTaken(t *testing.T) {
	t.Parallel()
	for factors, asked := range map[domain.Factors]bool{
		{}: false, {TOTP: true}: true, {TOTP: true, RecoveryCodes: 1}: true, {Passkeys: 1}: false, {Passkeys: 1, RecoveryCodes: 1}: true, {RecoveryCodes: 1}: false,
	} {
		require.Equal(t, asked, factors.SecondStep(), "%+v", factors)
	}
}
