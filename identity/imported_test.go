package identity_test

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/identity"
	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/pg"
)

// A password of the old system signs its owner in, and is stored as ours from then on.
func TestImportedHashesSignInAndAreReplaced(t *testing.T) {
	t.Parallel()
	const password = "correct horse пароль"
	for name, hash := range map[string]string{
		"bcrypt": "bcrypt_sha256$$2b$04$I3gcZ1b2kLs/EKPHApo2EeuBEekxJd4ImHAJXWaWMIUNsyVEBLMCm",
		"pbkdf2": "pbkdf2_sha256$1000$seasalt1$ivwX5sUzJe79Rivq8WxjYd3Smv+/YsR6IjdElgQ/Fv0=",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.True(t, identity.ImportableHash(hash))
			s := start(t)
			s.sql("UPDATE users SET password_hash = ? WHERE id = ?", hash, member)
			r, err := s.tryLogin("member@aef.test", password+"!")
			refused(t, 401, "INVALID_CREDENTIALS", r, err)
			for range 2 {
				r, err = s.tryLogin("member@aef.test", password)
				fine(t, r, err)
				stored, err := s.Own.Account(ctx, member)
				require.NoError(t, err)
				require.True(t, strings.HasPrefix(stored.PasswordHash, "$argon2id$"), stored.PasswordHash)
			}
		})
	}
}

// An imported account whose address was never proven is claimed by the link that is mailed to it. A suspended one is not.
func TestAnImportedAccountIsClaimedByAReset(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.sql("UPDATE users SET password_hash = '', email_verified = false, status = 'migrated_unclaimed' WHERE id = ?", member)
	s.sql("UPDATE users SET password_hash = '', email_verified = false, status = 'suspended' WHERE email = 'second@aef.test'")
	s.askReset("second@aef.test")
	r, err := s.reset(s.resetToken("member@aef.test"), passphrase)
	fine(t, r, err)
	require.Zero(t, s.mails("second@aef.test", "new password"))
	claimed, err := s.Own.Account(ctx, member)
	require.NoError(t, err)
	require.Equal(t, domain.StatusActive, claimed.Status)
	require.True(t, claimed.EmailVerified)
	in, err := s.tryLogin("member@aef.test", passphrase)
	fine(t, in, err)
}

// sql changes the database past the service.
func (s *service) sql(query string, args ...any) {
	s.t.Helper()
	db, err := pg.Open(ctx, pg.Config{URL: s.cfg.Database.MigrateURL})
	require.NoError(s.t, err)
	defer func() { require.NoError(s.t, db.Close()) }()
	require.NoError(s.t, db.Do(pg.AcrossTenants(ctx, "test"), func(ctx context.Context) error {
		_, err := db.Conn(ctx).NewRaw(query, args...).Exec(ctx)
		return err
	}))
}
