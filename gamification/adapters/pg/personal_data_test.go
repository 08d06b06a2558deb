package pg_test

import (
	"testing"
	"time"

	"go.updspace.com/gamification/adapters/pg"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/personaldata"
	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/tools/devkit/testkit/service"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// No column that can hold personal data is forgotten.
func TestPersonalDataIsListed(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t, pg.Migrations())
	sections := personaldata.New("gamification", db, audit.New(db), time.Now, pg.PersonalData()...).Sections()
	service.PersonalData(t, db, sections, map[string]string{
		"categories.slug":  "names a category, which belongs to the tenant",
		"categories.names": "names a category, which belongs to the tenant",
	})
}
