package pg_test

import (
	"testing"
	"time"

	"go.updspace.com/access/adapters/pg"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/personaldata"
	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/tools/devkit/testkit/service"
)

// A new column that can hold a user's id or a person's words is in a section, or it says here why it need not be.
func TestPersonalDataIsComplete(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t, pg.Migrations())
	sections := personaldata.New("access", db, audit.New(db), time.Now, pg.PersonalData(db)...).Sections()
	const scope, word, name = "the id of a tenant, community, team or service", "a word of the code", "the name of a role, which is no person's"
	service.PersonalData(t, db, sections, map[string]string{
		"permissions.key": word, "permissions.service": word, "permissions.description": word,
		"roles.owner": "the id of a tenant", "roles.service": word, "roles.name": name, "roles.folded": name, "roles.keys": word,
		"role_bindings.scope_id": scope, "memberships.scope_id": scope, "memberships.community_id": scope, "scopes.scope_id": scope,
		"teams.team_id": scope, "teams.community_id": scope, "leases.instance": "the id of a process",
		"rewards.scope_id": scope, "rewards.grant_id": "names a grant", "rewards.achievement_id": "names an achievement",
		"role_bindings.achievement_id": "names an achievement",
	})
}
