package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports"
)

// Traces is ports.Traces.
type Traces struct {
	db *pg.DB
}

var _ ports.Traces = (*Traces)(nil)

// NewTraces looks for people in db.
func NewTraces(db *pg.DB) *Traces { return &Traces{db: db} }

// Groups returns what a person made.
func (r *Traces) Groups(ctx context.Context, maker uuid.UUID, kind domain.ScopeType, after uuid.UUID, limit int) ([]domain.Group, error) {
	return many[groupRow, domain.Group](ctx, r.db, func(q *bun.SelectQuery) *bun.SelectQuery {
		return pageByID(q.Where("g.created_by = ?", maker).Where("g.kind = ?", kind), after, limit)
	})
}

// Memberships returns what a person belongs to.
func (r *Traces) Memberships(ctx context.Context, user uuid.UUID, kind domain.ScopeType, after uuid.UUID, limit int) ([]domain.Membership, error) {
	return many[membershipRow, domain.Membership](ctx, r.db, func(q *bun.SelectQuery) *bun.SelectQuery {
		if after != uuid.Nil {
			q = q.Where("m.scope_id > ?", after)
		}
		return q.Where("m.user_id = ?", user).Where("m.scope_type = ?", kind).Where("m.status = ?", statusActive).
			OrderExpr("m.scope_id").Limit(int64(limit))
	})
}

// Posts returns what a person wrote.
func (r *Traces) Posts(ctx context.Context, author, after uuid.UUID, limit int) (posts []domain.Post, err error) {
	err = r.db.Read(ctx, func(ctx context.Context) error {
		posts, err = r.posts(ctx, author, after, limit, "")
		return err
	})
	return posts, err
}

// LockPosts takes the row locks that a change of the posts needs.
func (r *Traces) LockPosts(ctx context.Context, author uuid.UUID, limit int) ([]domain.Post, error) {
	return r.posts(ctx, author, uuid.Nil, limit, "UPDATE OF p")
}

func (r *Traces) posts(ctx context.Context, author, after uuid.UUID, limit int, lock string) ([]domain.Post, error) {
	var rows []postRow
	q := r.db.Conn(ctx).NewSelect().Model(&rows).ColumnExpr("?TableColumns").ColumnExpr(withFiles).
		Where("p.created_by = ?", author).Where("p.deleted_at IS NULL")
	if lock != "" {
		q = q.For(lock)
	}
	if err := pageByID(q, after, limit).Scan(ctx); err != nil {
		return nil, pg.Error(err)
	}
	posts := make([]domain.Post, len(rows))
	for i := range rows {
		post, err := rows[i].toDomain()
		if err != nil {
			return nil, err
		}
		posts[i] = post
	}
	return posts, nil
}

// Communities looks wherever a row names a user. A membership that ended stays, because its version must not go back.
func (r *Traces) Communities(ctx context.Context, user uuid.UUID, limit int) (communities []uuid.UUID, err error) {
	err = r.db.Read(ctx, func(ctx context.Context) error {
		return pg.Error(r.db.Conn(ctx).NewRaw(`
			SELECT community_id FROM memberships WHERE tenant_id = ?0 AND user_id = ?1 AND status = 'active'
			UNION SELECT community_id FROM groups WHERE tenant_id = ?0 AND created_by = ?1
			UNION SELECT community_id FROM join_requests WHERE tenant_id = ?0 AND (user_id = ?1 OR decided_by = ?1)
			UNION SELECT community_id FROM invites WHERE tenant_id = ?0 AND (user_id = ?1 OR invited_by = ?1)
			UNION SELECT community_id FROM links WHERE tenant_id = ?0 AND created_by = ?1
			ORDER BY community_id LIMIT ?2`, reqctx.From(ctx).TenantID, user, limit).Scan(ctx, &communities))
	})
	return communities, err
}

// Leave removes what is about a person, and his name from what is about others.
func (r *Traces) Leave(ctx context.Context, community, user uuid.UUID) (done ports.Anonymized, err error) {
	conn := r.db.Conn(ctx)
	for _, model := range []any{(*requestRow)(nil), (*inviteRow)(nil)} {
		if _, err := conn.NewDelete().Model(model).Where("community_id = ?", community).Where("user_id = ?", user).Exec(ctx); err != nil {
			return done, pg.Error(err)
		}
	}
	nobody := func(model any, column string, kind domain.ScopeType) (int, error) {
		q := conn.NewUpdate().Model(model).Set("? = ?", bun.Ident(column), uuid.Nil).
			Where("community_id = ?", community).Where("? = ?", bun.Ident(column), user)
		if kind != "" {
			q = q.Where("kind = ?", kind)
		}
		result, err := q.Exec(ctx)
		if err != nil {
			return 0, pg.Error(err)
		}
		n, err := result.RowsAffected()
		return int(n), pg.Error(err)
	}
	for model, column := range map[any]string{(*requestRow)(nil): "decided_by", (*inviteRow)(nil): "invited_by", (*linkRow)(nil): "created_by"} {
		if _, err := nobody(model, column, ""); err != nil {
			return done, err
		}
	}
	if done.Communities, err = nobody((*groupRow)(nil), "created_by", domain.ScopeCommunity); err != nil {
		return done, err
	}
	done.Teams, err = nobody((*groupRow)(nil), "created_by", domain.ScopeTeam)
	return done, err
}

// Redact stores a post whoever wrote it.
func (r *Traces) Redact(ctx context.Context, post domain.Post) error {
	result, err := r.db.Conn(ctx).NewUpdate().Model(toRowPost(post)).ExcludeColumn("tenant_id", "id", "created_at").
		Where("id = ?", post.ID()).Where("version < ?", post.Data().Version).Exec(ctx)
	return changedOne(result, err, domain.ErrPostNotFound)
}

// PurgePosts removes rows that nobody finds any more.
func (r *Traces) PurgePosts(ctx context.Context, author uuid.UUID) error {
	_, err := r.db.Conn(ctx).NewDelete().Model((*postRow)(nil)).Where("created_by = ?", author).Where("deleted_at IS NOT NULL").Exec(ctx)
	return pg.Error(err)
}

// DiscardFiles leaves the rows to the janitor, who removes the content first.
func (r *Traces) DiscardFiles(ctx context.Context, owner uuid.UUID, at time.Time) error {
	_, err := r.db.Conn(ctx).NewUpdate().Model((*fileRow)(nil)).Set("discarded_at = ?", at).Set("post_id = NULL").Set("in_use = FALSE").
		Where("owner_id = ?", owner).Where("discarded_at IS NULL").Exec(ctx)
	return pg.Error(err)
}

// RemoveProfile removes a profile; what it can be found by goes with it.
func (r *Traces) RemoveProfile(ctx context.Context, user uuid.UUID) error {
	_, err := r.db.Conn(ctx).NewDelete().Model((*profileRow)(nil)).Where("user_id = ?", user).Exec(ctx)
	return pg.Error(err)
}
