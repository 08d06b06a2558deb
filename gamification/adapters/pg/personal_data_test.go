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
	sections := personaldata.New("gamification", db, audit.New(db), time.Now, pg.PersonalData(db)...).Sections()
	service.PersonalData(t, db, sections, map[string]string{
		"achievements.prerequisites":   "names achievements",
		"achievements.scope_id":        "names a community, a team or the tenant",
		"achievements.access_id":       "the same as scope_id",
		"achievements.access_type":     "the type of a scope",
		"achievements.visibility":      "follows from the scope",
		"rules.rule":                   "written by managers over kinds of facts and ids of what they are about",
		"rewards.role_service":         "a word of the code",
		"rewards.revision":             "names an attachment of a reward",
		"rewards.settled_to":           "the place of a running job, gone when it is done",
		"grant_rewards.revision":       "names an attachment of a reward",
		"rules.kinds":                  "words of the code",
		"rules.revision":               "names a text of a rule",
		"rules.counted_to":             "the place of a running back-fill, gone when it is done",
		"rule_grants.achievement_id":   "names an achievement",
		"rule_grants.revision":         "names a text of a rule",
		"groups.scope_id":              "names a community or a team",
		"nominations.grant_id":         "names a grant",
		"groups.community_id":          "names a community",
		"grants.batch_id":              "names a request",
		"images.content_type":          "a word of the code",
		"categories.slug":              "names a category, which belongs to the tenant",
		"categories.names":             "names a category, which belongs to the tenant",
		"point_entries.grant_id":       "names a grant",
		"point_entries.achievement_id": "names an achievement",
		"point_totals.season_id":       "names a season",
		"point_totals.scope_id":        "names a community, a team or the tenant",
		"season_ranks.scope_id":        "names a community, a team or the tenant",
		"group_members.scope_id":       "names a community or a team",
		"seasons.names":                "names a season, which belongs to the tenant",
		"levels.levels":                "titles and numbers, which belong to the tenant",
		"badges.key_id":                "names a key of the tenant",
		"badges.seal_key":              "names a key of the service",
		"badges.token":                 "the sealed secret of a link",
		"badges.token_hash":            "of the secret of a link",
		"badge_keys.id":                "the thumbprint of a key of the tenant",
		"badge_keys.public":            "a key of the tenant",
		"badge_keys.private":           "a sealed key of the tenant",
		"badge_keys.seal_key":          "names a key of the service",
		"issuers.name":                 "the name of the tenant",
	})
}
