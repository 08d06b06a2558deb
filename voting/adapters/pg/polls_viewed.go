package pg

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/pg"
	"go.updspace.com/voting/domain"
	"go.updspace.com/voting/ports"
)

// viewedRow is a poll with its place in a viewer's list.
type viewedRow struct {
	pollRow `bun:",extend"`
	Role    string `bun:"role,scanonly"`
	Rank    int    `bun:"rank,scanonly"`
	Key     int64  `bun:"key,scanonly"`
}

func (r *viewedRow) toViewed() ports.ViewedPoll {
	return ports.ViewedPoll{Poll: r.toDomain(), Role: domain.Role(r.Role), Position: ports.ViewedPosition{Rank: r.Rank, Key: r.Key, ID: r.ID}}
}

// ListViewed lists polls in an order that depends on what the viewer has voted.
func (r *Polls) ListViewed(ctx context.Context, query ports.ViewedPolls, viewer authz.Viewer) ([]ports.ViewedPoll, error) {
	return pg.Many(ctx, r.db, (*viewedRow).toViewed, func(q *bun.SelectQuery) *bun.SelectQuery {
		q = q.ColumnExpr("?TableColumns, coalesce(me.role, '') AS role, place.rank, place.key").
			Apply(matching(query.Filter)).Apply(pg.VisibleTo(viewer, visibility)).Apply(standings(viewer, query.Now)).Join(positions[query.Sort]).
			OrderExpr("place.rank, place.key, p.id").Limit(int64(query.Limit))
		if query.Phase != "" {
			q = q.Where("now.phase = ?", query.Phase)
		}
		if after := query.After; after != nil {
			q = q.Where("(place.rank, place.key, p.id) > (?, ?, ?)", after.Rank, after.Key, after.ID)
		}
		return q
	})
}

// CountViewed counts polls by phase.
func (r *Polls) CountViewed(ctx context.Context, filter ports.PollFilter, now time.Time, viewer authz.Viewer) (counts ports.PhaseCounts, err error) {
	err = r.db.Read(ctx, func(ctx context.Context) error {
		var rows []struct {
			Phase domain.Phase
			Polls int
			Todo  int
		}
		err := r.db.Conn(ctx).NewSelect().Model((*pollRow)(nil)).Apply(matching(filter)).Apply(pg.VisibleTo(viewer, visibility)).Apply(standings(viewer, now)).
			ColumnExpr("now.phase, count(*) AS polls, count(*) FILTER (WHERE mine.todo) AS todo").GroupExpr("now.phase").Scan(ctx, &rows)
		if err != nil {
			return pg.Error(err)
		}
		counts.Phases = make(map[domain.Phase]int, len(rows))
		for _, row := range rows {
			counts.Phases[row.Phase] = row.Polls
			counts.ToDo += row.Todo
		}
		return nil
	})
	return counts, err
}

// standings joins the viewer's role (me), the phase (now), and whether the poll waits for the viewer's vote (mine): the
// rules of domain.Poll.Phase and domain.Standing.ToDo, for all polls at once. Ballots are looked at in open polls only.
func standings(v authz.Viewer, now time.Time) func(*bun.SelectQuery) *bun.SelectQuery {
	casts, audiences := pg.Scopes(v.Holds[domain.PermissionVoteCast]), pg.Audiences(v.Audiences)
	return func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.
			Join("LEFT JOIN participants AS me ON me.tenant_id = p.tenant_id AND me.poll_id = p.id AND me.user_id = ?", v.Actor.User).
			Join(`CROSS JOIN LATERAL (SELECT CASE WHEN p.status = 'draft' THEN 'draft' WHEN p.status = 'closed' OR p.ends_at < ?0 THEN 'closed'
				WHEN p.starts_at > ?0 THEN 'scheduled' ELSE 'open' END AS phase) AS now`, now).
			Join(`CROSS JOIN LATERAL (SELECT now.phase = 'open' AND (p.access_type, p.access_id) IN ?1 AND me.role IS DISTINCT FROM 'observer'
				AND (p.created_by = ?0 OR me.role IS NOT NULL OR (p.access_type, p.access_id, p.visibility) IN ?2)
				AND (EXISTS (SELECT FROM questions AS q WHERE q.tenant_id = p.tenant_id AND q.poll_id = p.id AND q.is_required AND NOT EXISTS (
						SELECT FROM ballots AS b WHERE b.tenant_id = p.tenant_id AND b.poll_id = p.id AND b.user_id = ?0 AND b.question_id = q.id))
					OR NOT EXISTS (SELECT FROM ballots AS b WHERE b.tenant_id = p.tenant_id AND b.poll_id = p.id AND b.user_id = ?0)) AS todo) AS mine`,
				v.Actor.User, casts, audiences)
	}
}

// positions are the rules of ports.PollSort.Position.
var positions = map[ports.PollSort]string{
	ports.SortToDo:     "CROSS JOIN LATERAL (SELECT CASE WHEN mine.todo THEN 0 ELSE " + phaseRank + " END AS rank, " + phaseKey + " AS key) AS place",
	ports.SortDeadline: "CROSS JOIN LATERAL (SELECT " + phaseRank + " AS rank, " + phaseKey + " AS key) AS place",
	ports.SortNewest:   "CROSS JOIN LATERAL (SELECT 0 AS rank, -(extract(epoch FROM p.created_at) * 1000000)::bigint AS key) AS place",
}

const (
	phaseRank = "CASE now.phase WHEN 'open' THEN 1 WHEN 'scheduled' THEN 2 WHEN 'draft' THEN 3 ELSE 4 END"
	phaseKey  = `CASE now.phase WHEN 'open' THEN coalesce((extract(epoch FROM p.ends_at) * 1000000)::bigint, 4611686018427387904)
		WHEN 'scheduled' THEN (extract(epoch FROM p.starts_at) * 1000000)::bigint
		ELSE -(extract(epoch FROM p.updated_at) * 1000000)::bigint END`
)
