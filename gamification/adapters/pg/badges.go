package pg

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/gamification/openbadge"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/seal"
	"go.updspace.com/libs/valid"
)

// Badges is ports.Badges.
type Badges struct {
	db   *pg.DB
	seal *seal.Sealer
}

// NewBadges stores badges in db, the secrets of their links sealed.
func NewBadges(db *pg.DB, sealer *seal.Sealer) *Badges { return &Badges{db, sealer} }

type badgeRow struct {
	bun.BaseModel `bun:"table:badges,alias:b"`
	pg.Tenanted

	ID            uuid.UUID `bun:"id,pk,type:uuid"`
	GrantID       uuid.UUID `bun:"grant_id,type:uuid,nullzero"`
	AchievementID uuid.UUID `bun:"achievement_id,type:uuid"`
	RecipientID   uuid.UUID `bun:"recipient_id,type:uuid"`
	Subject       uuid.UUID `bun:"subject,type:uuid"`
	List          int       `bun:"list"`
	Place         int       `bun:"place"`
	Name          string    `bun:"name"`
	Language      string    `bun:"language"`
	TokenHash     []byte    `bun:"token_hash,nullzero"`
	Token         []byte    `bun:"token,nullzero"`
	SealKey       string    `bun:"seal_key"`
	SharedAt      time.Time `bun:"shared_at,nullzero"`
	Credential    string    `bun:"credential"`
	Digest        []byte    `bun:"digest"`
	KeyID         string    `bun:"key_id"`
	IssuedAt      time.Time `bun:"issued_at,nullzero"`
	CreatedAt     time.Time `bun:"created_at"`
}

func aboutBadge(id uuid.UUID) []byte { return []byte("badges/" + id.String()) }

func (r *Badges) toRow(b domain.Badge) *badgeRow {
	d := b.Data()
	row := &badgeRow{
		Tenanted: pg.Tenanted{TenantID: d.TenantID}, ID: d.ID, GrantID: d.GrantID, AchievementID: d.AchievementID, RecipientID: d.RecipientID,
		Subject: d.Subject, List: d.List, Place: d.Index, Name: d.Name, Language: d.Language, SharedAt: d.SharedAt, Credential: d.Credential,
		Digest: d.Digest, KeyID: d.KeyID, IssuedAt: d.IssuedAt, CreatedAt: d.CreatedAt,
	}
	if row.Digest == nil {
		row.Digest = []byte{}
	}
	if d.Shared() {
		row.TokenHash = d.Token.Hash()
		row.Token, row.SealKey = r.seal.Seal([]byte(d.Token), aboutBadge(d.ID))
	}
	return row
}

func (r *Badges) toDomain(row badgeRow) (domain.Badge, error) {
	var token []byte
	if row.Token != nil {
		var err error
		if token, err = r.seal.Open(row.Token, row.SealKey, aboutBadge(row.ID)); err != nil {
			return domain.Badge{}, fmt.Errorf("the link of badge %s: %w", row.ID, err)
		}
	}
	return domain.RestoreBadge(domain.BadgeData{
		ID: row.ID, TenantID: row.TenantID, GrantID: row.GrantID, AchievementID: row.AchievementID, RecipientID: row.RecipientID, Subject: row.Subject,
		List: row.List, Index: row.Place, Name: row.Name, Language: row.Language, Token: domain.BadgeToken(token), SharedAt: valid.Instant(row.SharedAt),
		Credential: row.Credential, Digest: row.Digest, KeyID: row.KeyID, IssuedAt: valid.Instant(row.IssuedAt), CreatedAt: valid.Instant(row.CreatedAt),
	}), nil
}

func plainBadge(row *badgeRow) badgeRow { return *row }

func (r *Badges) one(ctx context.Context, query func(*bun.SelectQuery) *bun.SelectQuery) (domain.Badge, error) {
	row, err := pg.One(ctx, r.db, domain.ErrBadgeNotFound, plainBadge, query)
	if err != nil {
		return domain.Badge{}, err
	}
	return r.toDomain(row)
}

// OfGrant returns the badge of a grant.
func (r *Badges) OfGrant(ctx context.Context, grant uuid.UUID) (domain.Badge, error) {
	return r.one(ctx, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("b.grant_id = ?", grant) })
}

// OfGrants returns the badges of grants.
func (r *Badges) OfGrants(ctx context.Context, grants []uuid.UUID) (map[uuid.UUID]domain.Badge, error) {
	found, err := pg.Many(ctx, r.db, plainBadge, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("b.grant_id = ANY (?)", pgdialect.Array(grants))
	})
	badges := make(map[uuid.UUID]domain.Badge, len(found))
	for _, row := range found {
		if badges[row.GrantID], err = r.toDomain(row); err != nil {
			return nil, err
		}
	}
	return badges, err
}

// OfToken returns the badge of a link.
func (r *Badges) OfToken(ctx context.Context, token domain.BadgeToken) (domain.Badge, error) {
	return r.one(ctx, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("b.token_hash = ?", token.Hash()) })
}

// SharedOf lists the badges of a recipient that are shared.
func (r *Badges) SharedOf(ctx context.Context, recipient, before uuid.UUID, limit int) ([]domain.Badge, error) {
	found, err := pg.Many(ctx, r.db, plainBadge, func(q *bun.SelectQuery) *bun.SelectQuery {
		return pg.PageByIDDesc(q.Where("b.recipient_id = ?", recipient).Where("b.token_hash IS NOT NULL"), before, limit)
	})
	badges := make([]domain.Badge, len(found))
	for i, row := range found {
		if badges[i], err = r.toDomain(row); err != nil {
			return nil, err
		}
	}
	return badges, err
}

// AnyOf reports whether a badge of an achievement was signed.
func (r *Badges) AnyOf(ctx context.Context, achievement uuid.UUID) (found bool, err error) {
	err = r.db.Read(ctx, func(ctx context.Context) error {
		found, err = r.db.Conn(ctx).NewSelect().Model((*badgeRow)(nil)).Where("b.achievement_id = ?", achievement).Exists(ctx)
		return pg.Error(err)
	})
	return found, err
}

// listUse is how many places of a status list are given: half of them, so that a free one is found at random.
const listUse = openbadge.StatusListSize / 2

// candidates is how many places are drawn. All of them are taken once in four billion times.
const candidates = 32

// Add stores a new badge. The row of the issuer is locked, so that racing badges get their places one after another.
func (r *Badges) Add(ctx context.Context, badge domain.Badge) (domain.Badge, error) {
	tenant := reqctx.From(ctx).TenantID
	var count int
	err := r.db.Conn(ctx).NewRaw(`INSERT INTO issuers AS i (tenant_id, name, badges) VALUES (?, '', 1)
		ON CONFLICT (tenant_id) DO UPDATE SET badges = i.badges + 1 RETURNING badges`, tenant).Scan(ctx, &count)
	if err != nil {
		return badge, pg.Error(err)
	}
	list := (count - 1) / listUse
	drawn := make([]int, candidates)
	for i := range drawn {
		drawn[i] = rand.IntN(openbadge.StatusListSize) //nolint:gosec // places are no secrets
	}
	var free []int
	err = r.db.Conn(ctx).NewRaw(`SELECT c FROM unnest(?::integer[]) AS c
		WHERE NOT EXISTS (SELECT FROM badges AS b WHERE b.tenant_id = ? AND b.list = ? AND b.place = c) LIMIT 1`, pgdialect.Array(drawn), tenant, list).Scan(ctx, &free)
	if err != nil {
		return badge, pg.Error(err)
	}
	if len(free) == 0 {
		return badge, errs.Unavailablef("The badge cannot be made right now. Try again.")
	}
	badge = badge.Placed(list, free[0])
	_, err = r.db.Conn(ctx).NewInsert().Model(r.toRow(badge)).Exec(ctx)
	return badge, pg.Error(err)
}

// Update stores a changed badge.
func (r *Badges) Update(ctx context.Context, badge domain.Badge) error {
	result, err := r.db.Conn(ctx).NewUpdate().Model(r.toRow(badge)).
		Column("name", "language", "token_hash", "token", "seal_key", "shared_at", "credential", "digest", "key_id", "issued_at").
		Where("id = ?", badge.ID()).Exec(ctx)
	return pg.ChangedOne(result, err, domain.ErrBadgeNotFound)
}

// Ended lists the places of badges whose grants have ended, or are forgotten or erased.
func (r *Badges) Ended(ctx context.Context, list int) (places []int, err error) {
	err = r.db.Read(ctx, func(ctx context.Context) error {
		return pg.NotFound(r.db.Conn(ctx).NewRaw(`SELECT ARRAY (
				SELECT b.place FROM badges AS b LEFT JOIN grants AS g ON g.tenant_id = b.tenant_id AND g.id = b.grant_id
				WHERE b.tenant_id = i.tenant_id AND b.list = ?1 AND (g.id IS NULL OR g.ended_at IS NOT NULL))
			FROM issuers AS i WHERE i.tenant_id = ?0 AND i.badges > ?2`, reqctx.From(ctx).TenantID, list, list*listUse).
			Scan(ctx, pgdialect.Array(&places)), domain.ErrStatusListNotFound)
	})
	return places, err
}

// emptied is what is left of a badge without its grant: its place.
const emptied = `SET recipient_id = '00000000-0000-0000-0000-000000000000', name = '', language = '', token_hash = NULL, token = NULL, seal_key = '',
	shared_at = NULL, credential = '', digest = '', key_id = '', issued_at = NULL`

// Forget empties badges whose grants were forgotten.
func (r *Badges) Forget(ctx context.Context) error {
	return r.db.Do(pg.AcrossTenants(ctx, "retention of badges"), func(ctx context.Context) error {
		_, err := r.db.Conn(ctx).NewRaw("UPDATE badges " + emptied + " WHERE grant_id IS NULL AND recipient_id <> '00000000-0000-0000-0000-000000000000'").Exec(ctx)
		return pg.Error(err)
	})
}
