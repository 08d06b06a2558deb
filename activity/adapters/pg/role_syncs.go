package pg

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	connectors "go.updspace.com/activity/connectors/domain"
	games "go.updspace.com/activity/games/domain"
	"go.updspace.com/activity/roles/domain"
	"go.updspace.com/activity/roles/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/seal"
	"go.updspace.com/libs/valid"
)

// RoleSyncs is roles/ports.Syncs.
type RoleSyncs struct {
	db   *pg.DB
	seal *seal.Sealer
}

var _ ports.Syncs = (*RoleSyncs)(nil)

// NewRoleSyncs stores synchronisations in db, the tokens sealed.
func NewRoleSyncs(db *pg.DB, sealer *seal.Sealer) *RoleSyncs { return &RoleSyncs{db, sealer} }

type roleSyncRow struct {
	bun.BaseModel `bun:"table:role_syncs,alias:y"`
	pg.Tenanted

	SourceID  int64     `bun:"source_id,pk"`
	Guild     string    `bun:"guild"`
	Token     []byte    `bun:"token"`
	SealKey   string    `bun:"seal_key"`
	Mode      string    `bun:"mode"`
	UpdatedBy uuid.UUID `bun:"updated_by,type:uuid,nullzero"`
	UpdatedAt time.Time `bun:"updated_at"`
}

func aboutToken(tenant uuid.UUID, source int64) []byte {
	return []byte("role_syncs/" + tenant.String() + "/" + strconv.FormatInt(source, 10))
}

// IsDiscord tells of the kind of a source.
func (r *RoleSyncs) IsDiscord(ctx context.Context, source int64) (discord, found bool, err error) {
	kind, err := pg.One(ctx, r.db, domain.ErrSyncNotFound, func(row *sourceRow) string { return row.Kind }, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Column("s.kind").Where("s.id = ?", source)
	})
	if errors.Is(err, domain.ErrSyncNotFound) {
		return false, false, nil
	}
	return kind == string(connectors.Discord), err == nil, err
}

func (r *RoleSyncs) one(ctx context.Context, query func(*bun.SelectQuery) *bun.SelectQuery) (domain.Sync, error) {
	row, err := pg.One(ctx, r.db, domain.ErrSyncNotFound, func(row *roleSyncRow) roleSyncRow { return *row }, query)
	if err != nil {
		return domain.Sync{}, err
	}
	token, err := r.seal.Open(row.Token, row.SealKey, aboutToken(row.TenantID, row.SourceID))
	if err != nil {
		return domain.Sync{}, fmt.Errorf("opening the token of source %d: %w", row.SourceID, err)
	}
	return domain.Sync{
		SourceID: row.SourceID, TenantID: row.TenantID, Guild: row.Guild, Token: string(token), Mode: domain.Mode(row.Mode), UpdatedBy: row.UpdatedBy,
		UpdatedAt: valid.Instant(row.UpdatedAt),
	}, nil
}

// Find returns a synchronisation.
func (r *RoleSyncs) Find(ctx context.Context, source int64) (domain.Sync, error) {
	return r.one(ctx, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("y.source_id = ?", source) })
}

// Lock returns a synchronisation and locks it.
func (r *RoleSyncs) Lock(ctx context.Context, source int64) (domain.Sync, error) {
	return r.one(ctx, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("y.source_id = ?", source).For("UPDATE") })
}

// Put stores a synchronisation; a new one begins with every account.
func (r *RoleSyncs) Put(ctx context.Context, s domain.Sync) error {
	conn := r.db.Conn(ctx)
	row := &roleSyncRow{
		Tenanted: pg.Tenanted{TenantID: s.TenantID}, SourceID: s.SourceID, Guild: s.Guild, Mode: string(s.Mode), UpdatedBy: s.UpdatedBy, UpdatedAt: s.UpdatedAt,
	}
	row.Token, row.SealKey = r.seal.Seal([]byte(s.Token), aboutToken(s.TenantID, s.SourceID))
	_, err := conn.NewInsert().Model(row).On("CONFLICT (tenant_id, source_id) DO UPDATE").
		Set("guild = EXCLUDED.guild, token = EXCLUDED.token, seal_key = EXCLUDED.seal_key, mode = EXCLUDED.mode").
		Set("updated_by = EXCLUDED.updated_by, updated_at = EXCLUDED.updated_at").Exec(ctx)
	if err != nil {
		return pg.Error(err)
	}
	_, err = conn.NewRaw(`INSERT INTO role_members (tenant_id, source_id, account_id, user_id, next_at)
		SELECT a.tenant_id, ?1, a.account_id, a.user_id, ?2 FROM discord_accounts AS a WHERE a.tenant_id = ?0 AND a.linked ON CONFLICT DO NOTHING`,
		s.TenantID, s.SourceID, s.UpdatedAt).Exec(ctx)
	return pg.Error(err)
}

// Delete removes a synchronisation with the state of its people.
func (r *RoleSyncs) Delete(ctx context.Context, source int64) error {
	result, err := r.db.Conn(ctx).NewDelete().Model((*roleSyncRow)(nil)).Where("source_id = ?", source).Exec(ctx)
	return pg.ChangedOne(result, err, domain.ErrSyncNotFound)
}

type roleMappingRow struct {
	bun.BaseModel `bun:"table:role_mappings,alias:m"`
	pg.Tenanted

	ID          int64     `bun:"id,pk,autoincrement"`
	SourceID    int64     `bun:"source_id"`
	DiscordRole string    `bun:"discord_role"`
	DiscordName string    `bun:"discord_name"`
	RoleID      int64     `bun:"role_id"`
	RoleService string    `bun:"role_service"`
	RoleName    string    `bun:"role_name"`
	ScopeType   string    `bun:"scope_type"`
	ScopeID     uuid.UUID `bun:"scope_id,type:uuid"`
	Direction   string    `bun:"direction"`
	Removed     bool      `bun:"removed"`
	DefinedBy   uuid.UUID `bun:"defined_by,type:uuid,nullzero"`
	CreatedAt   time.Time `bun:"created_at"`
}

func (r *roleMappingRow) toDomain() domain.Mapping {
	return domain.Mapping{
		ID: r.ID, DiscordRole: r.DiscordRole, DiscordName: r.DiscordName, Role: authz.RoleRef{ID: r.RoleID, Service: r.RoleService, Name: r.RoleName},
		Scope: authz.Scope{Type: authz.ScopeType(r.ScopeType), ID: r.ScopeID}, Direction: domain.Direction(r.Direction), Removed: r.Removed,
		DefinedBy: r.DefinedBy, CreatedAt: valid.Instant(r.CreatedAt),
	}
}

// Mappings lists the pairs of a source.
func (r *RoleSyncs) Mappings(ctx context.Context, source int64) ([]domain.Mapping, error) {
	return pg.Many(ctx, r.db, (*roleMappingRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("m.source_id = ?", source).OrderExpr("m.id")
	})
}

// AddMapping stores a pair. The caller has locked the synchronisation, so that racing calls count one after the other.
func (r *RoleSyncs) AddMapping(ctx context.Context, source int64, m domain.Mapping) (domain.Mapping, error) {
	conn := r.db.Conn(ctx)
	n, err := conn.NewSelect().Model((*roleMappingRow)(nil)).Where("m.source_id = ?", source).Count(ctx)
	if err != nil {
		return m, pg.Error(err)
	}
	if n >= domain.MaxMappings {
		return m, domain.ErrTooManyMappings
	}
	row := &roleMappingRow{
		SourceID: source, DiscordRole: m.DiscordRole, DiscordName: m.DiscordName, RoleID: m.Role.ID, RoleService: m.Role.Service, RoleName: m.Role.Name,
		ScopeType: string(m.Scope.Type), ScopeID: m.Scope.ID, Direction: string(m.Direction), DefinedBy: m.DefinedBy, CreatedAt: m.CreatedAt,
	}
	_, err = conn.NewInsert().Model(row).ExcludeColumn("id").Returning("id").Exec(ctx)
	m.ID = row.ID
	return m, pg.Taken(err, map[string]*errs.Error{"role_mappings_pair": domain.ErrMappingExists})
}

// RemoveMapping marks a pair.
func (r *RoleSyncs) RemoveMapping(ctx context.Context, source, id int64) error {
	result, err := r.db.Conn(ctx).NewUpdate().Model((*roleMappingRow)(nil)).Set("removed = true").Where("source_id = ?", source).Where("id = ?", id).Exec(ctx)
	return pg.ChangedOne(result, err, domain.ErrMappingNotFound)
}

// ForgetMappings deletes marked pairs of which nothing is put.
func (r *RoleSyncs) ForgetMappings(ctx context.Context, source int64) error {
	_, err := r.db.Conn(ctx).NewRaw(`DELETE FROM role_mappings AS m WHERE m.tenant_id = ? AND m.source_id = ? AND m.removed
		AND NOT EXISTS (SELECT FROM role_holdings AS h WHERE h.tenant_id = m.tenant_id AND h.mapping_id = m.id)`, reqctx.From(ctx).TenantID, source).Exec(ctx)
	return pg.Error(err)
}

// BotBudget is roles/ports.Budget: each bot has a budget of its own.
type BotBudget struct{ budget *ProviderBudget }

var _ ports.Budget = BotBudget{}

// NewBotBudget lets all instances together make so many calls a minute by one bot.
func NewBotBudget(db *pg.DB, calls int) BotBudget { return BotBudget{NewProviderBudget(db, calls)} }

func botOf(s domain.Sync) games.Provider {
	return games.Provider("discord/" + s.TenantID.String() + "/" + strconv.FormatInt(s.SourceID, 10))
}

// Take takes calls out of the budget.
func (b BotBudget) Take(ctx context.Context, s domain.Sync, calls int, now time.Time) (bool, error) {
	return b.budget.Take(ctx, botOf(s), calls, now)
}

// Block lets nothing be taken until a time.
func (b BotBudget) Block(ctx context.Context, s domain.Sync, until time.Time) error {
	return b.budget.Block(ctx, botOf(s), until)
}
