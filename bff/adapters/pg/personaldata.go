package pg

import (
	"slices"

	"go.updspace.com/libs/personaldata"
	"go.updspace.com/libs/pg"
)

// PersonalData lists what the gateway stores about a user in a tenant.
func PersonalData(db *pg.DB) []personaldata.Section {
	return slices.Concat(personaldata.Kit(db), []personaldata.Section{{
		Name: "sessions", Columns: []string{"sessions.user_id", "sessions.sid"},
		Read: personaldata.Rows(db, `SELECT encode(token_hash, 'hex') AS key, jsonb_build_object('created_at', created_at, 'expires_at', expires_at, 'ended_at', revoked_at) AS data
			FROM sessions WHERE tenant_id = ?0 AND user_id = ?1`),
		Erase: personaldata.Statements(db, "DELETE FROM sessions WHERE tenant_id = ?0 AND user_id = ?1"),
	}})
}
