package importer_test

import (
	"context"
	"encoding/base32"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/seal"
	"go.updspace.com/tools/importer"
	"go.updspace.com/tools/oldsystem"
)

// With the seal keys of the service, second factors come along, and so do the passwords that were half of a sign-in.
func TestSecondFactorsComeAlong(t *testing.T) {
	t.Parallel()
	from, to := installation(t), platform(t)
	keys := seal.NewKey("new") + "," + seal.NewKey("old")
	options := importer.Options{From: from, To: values(to), Now: now, SealKeys: keys}
	report, err := importer.Import(t.Context(), options)
	require.NoError(t, err)
	apps := report.Kind("authenticator apps")
	require.NotZero(t, apps.New)
	require.Equal(t, 8*apps.New, report.Kind("recovery codes").New, "two of ten were used")
	refused, _ := reasons(report, "passwords")
	for _, reason := range refused {
		require.NotContains(t, reason, "half of a sign-in")
	}

	conn := connect(t, to["identity"])
	defer conn.Close(context.Background())
	person := oldsystem.User(oldsystem.PersonTOTP)
	var sealed []byte
	var key, password string
	var step int64
	require.NoError(t, conn.QueryRow(t.Context(), "SELECT sealed, seal_key, last_step, password_hash FROM totp JOIN users ON id = user_id WHERE user_id = $1", person).
		Scan(&sealed, &key, &step, &password))
	require.Equal(t, "new", key)
	require.NotEmpty(t, password)
	require.Equal(t, domain.TOTPStep(now), step, "no code from before the import is taken")
	sealer, err := seal.Parse(keys)
	require.NoError(t, err)
	seed, err := sealer.Open(sealed, key, []byte("totp/"+person.String()))
	require.NoError(t, err)
	require.Equal(t, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", base32.StdEncoding.EncodeToString(seed))
	for code, left := range map[string]bool{"71598027": false, "75320763": true, "97072348": false, "30679876": true} {
		hash := domain.RecoveryHash(person, code)
		var found bool
		require.NoError(t, conn.QueryRow(t.Context(), "SELECT EXISTS (SELECT FROM recovery_codes WHERE user_id = $1 AND code_hash = $2)", person, hash[:]).Scan(&found))
		require.Equal(t, left, found, code)
	}

	// who has removed the app since keeps it removed
	_, err = conn.Exec(t.Context(), "DELETE FROM totp WHERE user_id = $1", person)
	require.NoError(t, err)
	before := checksums(t, to)
	second, err := importer.Import(t.Context(), options)
	require.NoError(t, err)
	require.Equal(t, before, checksums(t, to))
	require.Zero(t, second.Kind("authenticator apps").New)

	options.SealKeys = "none"
	_, err = importer.Import(t.Context(), options)
	require.ErrorContains(t, err, "seal keys")
}
