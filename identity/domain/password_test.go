package domain_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/errs"
)

func checkPassword(password string) string {
	leaked := map[string]bool{"password": true, "dragon": true, "correct": true, "gfhjkm": true, "letmeinplease123": true, "sunshine": true}
	fields := errs.Fields{}
	domain.CheckPassword(fields, "password", password, func(s string) bool { return leaked[s] }, "alice.liddell@example.test", "Alice", "Ali", "")
	return string(fields["password"].Code())
}

func TestPasswordsThatCanBeChosen(t *testing.T) {
	t.Parallel()
	for _, password := range []string{
		"correct horse battery", "fifteen letters", "ночь улица фонарь аптека", "               x y z w v u", "Tr0ub4dor&3 is not it", "🦊🐻🐼🐨🐯🦁🐮🐷🐸🐵🐔🐧🐦🐤🦄",
		"alice likes croquet with flamingos", "314159265358979323", strings.Repeat("ы", 900) + "x y z", "updspace keeps wonderland apart",
	} {
		require.Empty(t, checkPassword(password), password)
	}
}

func TestPasswordsThatAreRefused(t *testing.T) {
	t.Parallel()
	for password, code := range map[string]string{
		"": "TOO_SHORT", "fourteen chars": "TOO_SHORT", "🦊🦊🦊": "TOO_SHORT", strings.Repeat("a b", 334): "TOO_LONG", "not text at all \xff\xfe": "INVALID_CHARACTERS",
	} {
		require.Equal(t, code, checkPassword(password), password)
	}
	for _, password := range []string{
		"letmeinplease123", "LetMeInPlease123", "password1234567890", "1234567890password", "!!!!!p4ssw0rd!!!!!", "P@$$w0rd-2026-12-01", "passwordpasswordpass", "aaaaaaaaaaaaaaaa",
		"abcabcabcabcabcabc", "123456789012345", "543210987654321", "qwertyuiop[]asdfgh", "abcdefghijklmnop", "йцукенгшщзхъфыва", "пароль1234567890", "dragonsunshinedragon"[:14] + "!",
		"password12345678", "alice.liddell.2026", "Alice-Liddell-Alice", "updspaceupdspace", "alicepassword12", "liddell qwertyu",
	} {
		require.Equal(t, "TOO_COMMON", checkPassword(password), password)
	}
}

// No text makes the check fail or take long.
func TestAnyPasswordIsChecked(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		checkPassword(rapid.OneOf(rapid.String(), rapid.StringOfN(rapid.RuneFrom([]rune("ab1! йѣ")), 0, 1200, -1)).Draw(t, "password"))
	})
}
