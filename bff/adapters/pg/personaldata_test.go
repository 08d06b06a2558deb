package pg_test

import (
	"testing"
	"time"

	store "go.updspace.com/bff/adapters/pg"
	"go.updspace.com/bff/adapters/pg/migrations"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/personaldata"
	"go.updspace.com/libs/pg"
	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/tools/devkit/testkit/service"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// No column that can hold personal data is forgotten.
func TestPersonalDataIsListed(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t, pg.Migrations{Table: "goose_bff", FS: migrations.FS})
	sections := personaldata.New("bff", db, audit.New(db), time.Now, store.PersonalData(db)...).Sections()
	service.PersonalData(t, db, sections, map[string]string{
		"sessions.token_hash":         "the hash of a secret",
		"login_attempts.state_hash":   "the hash of a secret",
		"login_attempts.browser_hash": "the hash of a secret",
		"login_attempts.next":         "the page to go to after the sign-in, deleted when the attempt has expired",
		"logout_tokens.jti_hash":      "the hash of an id of a token",
		"sign_outs.sid":               "names a session that is gone, deleted a day after it has ended",
	})
}
