package pg

import (
	"context"
	"slices"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/libs/personaldata"
	"go.updspace.com/libs/pg"
)

// PersonalData lists what voting stores about a user. Polls are content of their community: they stay, without their
// creator. Votes stay counted, without their voter.
func PersonalData(db *pg.DB) []personaldata.Section {
	return slices.Concat(personaldata.Kit(db), []personaldata.Section{
		{
			Name: "votes", Columns: []string{"ballots.user_id", "ballots.request_id"},
			Read: personaldata.ByID(list[ballotRow](db, "b.user_id = ?", "b.id"), func(r ballotRow) uuid.UUID { return r.ID },
				func(r ballotRow) map[string]any {
					return map[string]any{"poll_id": r.PollID, "nomination_id": r.QuestionID, "option_id": r.OptionID, "created_at": r.CastAt.UTC()}
				}),
			Erase: personaldata.Statements(db, anonymizeVotes),
		},
		{
			Name: "roles", Columns: []string{"participants.user_id"},
			Read: personaldata.ByID(list[participantRow](db, "m.user_id = ?", "m.poll_id"), func(r participantRow) uuid.UUID { return r.PollID },
				func(r participantRow) map[string]any {
					return map[string]any{"poll_id": r.PollID, "role": r.Role, "added_at": r.AddedAt.UTC()}
				}),
			Erase: personaldata.Statements(db, promoteOwners, "DELETE FROM participants WHERE tenant_id = ?0 AND user_id = ?1"),
		},
		{
			Name: "invites", Columns: []string{"invites.user_id"},
			Read: personaldata.ByID(list[inviteRow](db, "i.user_id = ?", "i.poll_id"), func(r inviteRow) uuid.UUID { return r.PollID },
				func(r inviteRow) map[string]any {
					return map[string]any{"poll_id": r.PollID, "role": r.Role, "status": r.Status, "made_at": r.MadeAt.UTC()}
				}),
			Erase: personaldata.Statements(db, "DELETE FROM invites WHERE tenant_id = ?0 AND user_id = ?1"),
		},
		{
			Name: "invites_made", Columns: []string{"invites.invited_by"}, Reason: "The invites are exported to the users who were invited.",
			Erase: personaldata.Statements(db, "UPDATE invites SET invited_by = ?2 WHERE tenant_id = ?0 AND invited_by = ?1"),
		},
		{
			Name: "roles_given", Columns: []string{"participants.invited_by"}, Reason: "The roles are exported to the users who have them.",
			Erase: personaldata.Statements(db, "UPDATE participants SET invited_by = ?2 WHERE tenant_id = ?0 AND invited_by = ?1"),
		},
		{
			Name: "images", Columns: []string{"images.created_by"}, Reason: "Pictures are content of their polls.",
			Erase: personaldata.Statements(db, "UPDATE images SET created_by = ?2 WHERE tenant_id = ?0 AND created_by = ?1"),
		},
		{
			Name: "polls", Columns: []string{"polls.created_by", "polls.title", "polls.description", "polls.search_text"},
			Read: personaldata.ByID(list[pollRow](db, "p.created_by = ?", "p.id"), func(r pollRow) uuid.UUID { return r.ID },
				func(r pollRow) map[string]any {
					return map[string]any{"poll_id": r.ID, "title": r.Title, "description": r.Description, "created_at": r.CreatedAt.UTC()}
				}),
			Erase: personaldata.Statements(db, "UPDATE polls SET created_by = ?2 WHERE tenant_id = ?0 AND created_by = ?1"),
		},
	})
}

// anonymizeVotes gives the votes of a user in each poll another voter, who does not exist, so that they stay counted, and one voter's votes in a
// poll stay those of one voter. Their ids go, too: a UUIDv7 tells when it was made, to the millisecond, which the log of requests has as well. Of that
// time the day is left.
const anonymizeVotes = `
WITH voters AS MATERIALIZED (
	SELECT poll_id, gen_random_uuid() AS voter FROM ballots WHERE tenant_id = ?0 AND user_id = ?1 GROUP BY poll_id
)
UPDATE ballots AS b SET user_id = v.voter, id = gen_random_uuid(), request_id = '', cast_at = date_trunc('day', b.cast_at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'
FROM voters AS v WHERE b.tenant_id = ?0 AND b.user_id = ?1 AND b.poll_id = v.poll_id`

// promoteOwners makes the longest-standing administrator of a poll its owner, when the only owner is erased. Without one, the
// administrators of the poll's scope are left.
const promoteOwners = `
UPDATE participants AS m SET role = 'owner' FROM (
	SELECT DISTINCT ON (a.poll_id) a.poll_id, a.user_id FROM participants AS a
	JOIN participants AS gone ON gone.tenant_id = ?0 AND gone.poll_id = a.poll_id AND gone.user_id = ?1 AND gone.role = 'owner'
	WHERE a.tenant_id = ?0 AND a.role = 'admin'
		AND NOT EXISTS (SELECT FROM participants AS o WHERE o.tenant_id = ?0 AND o.poll_id = a.poll_id AND o.user_id <> ?1 AND o.role = 'owner')
	ORDER BY a.poll_id, a.added_at, a.user_id
) AS heir WHERE m.tenant_id = ?0 AND m.poll_id = heir.poll_id AND m.user_id = heir.user_id`

// list reads the rows of a user in the order of an id.
func list[R any](db *pg.DB, ofUser, id string) func(ctx context.Context, user, after uuid.UUID, limit int) ([]R, error) {
	return func(ctx context.Context, user, after uuid.UUID, limit int) ([]R, error) {
		return pg.Many(ctx, db, func(r *R) R { return *r }, func(q *bun.SelectQuery) *bun.SelectQuery {
			return q.Where(ofUser, user).Where("? > ?", bun.Safe(id), after).OrderExpr(id).Limit(int64(limit))
		})
	}
}
