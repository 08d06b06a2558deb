package pg

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports"
)

// Profiles is ports.Profiles.
type Profiles struct {
	db *pg.DB
}

// NewProfiles keeps profiles in db.
func NewProfiles(db *pg.DB) *Profiles { return &Profiles{db: db} }

type profileRow struct {
	bun.BaseModel `bun:"table:profiles,alias:p"`
	pg.Tenanted

	UserID         uuid.UUID `bun:"user_id,pk,type:uuid"`
	Username       string    `bun:"username"`
	DisplayName    string    `bun:"display_name"`
	FirstName      string    `bun:"first_name"`
	LastName       string    `bun:"last_name"`
	Bio            string    `bun:"bio"`
	AvatarID       uuid.UUID `bun:"avatar_id,type:uuid,nullzero"`
	OwnUsername    bool      `bun:"own_username"`
	OwnDisplayName bool      `bun:"own_display_name"`
	OwnFirstName   bool      `bun:"own_first_name"`
	OwnLastName    bool      `bun:"own_last_name"`
	Member         bool      `bun:"member"`
	CreatedAt      time.Time `bun:"created_at"`
	UpdatedAt      time.Time `bun:"updated_at"`
}

func toRowProfile(p domain.Profile) *profileRow {
	d := p.Data()
	return &profileRow{
		Tenanted: pg.Tenanted{TenantID: d.TenantID}, UserID: d.UserID, Username: d.Username, DisplayName: d.DisplayName,
		FirstName: d.FirstName, LastName: d.LastName, Bio: d.Bio, AvatarID: d.AvatarID,
		OwnUsername: d.Own.Username, OwnDisplayName: d.Own.DisplayName, OwnFirstName: d.Own.FirstName, OwnLastName: d.Own.LastName,
		Member: d.Member, CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt,
	}
}

func (r *profileRow) toDomain() domain.Profile {
	return domain.RestoreProfile(domain.ProfileData{
		TenantID: r.TenantID, UserID: r.UserID, Username: r.Username, DisplayName: r.DisplayName,
		FirstName: r.FirstName, LastName: r.LastName, Bio: r.Bio, AvatarID: r.AvatarID,
		Own:       domain.OwnNames{Username: r.OwnUsername, DisplayName: r.OwnDisplayName, FirstName: r.OwnFirstName, LastName: r.OwnLastName},
		Member:    r.Member,
		CreatedAt: domain.Instant(r.CreatedAt), UpdatedAt: domain.Instant(r.UpdatedAt),
	})
}

func toProfiles(rows []profileRow) []domain.Profile {
	profiles := make([]domain.Profile, len(rows))
	for i := range rows {
		profiles[i] = rows[i].toDomain()
	}
	return profiles
}

// Find returns the profile of a user.
func (r *Profiles) Find(ctx context.Context, user uuid.UUID) (profile domain.Profile, err error) {
	err = r.db.Read(ctx, func(ctx context.Context) error {
		profile, err = r.find(ctx, user, "")
		return err
	})
	return profile, err
}

// Lock takes the row lock that a change of the profile needs.
func (r *Profiles) Lock(ctx context.Context, user uuid.UUID) (domain.Profile, error) {
	return r.find(ctx, user, "UPDATE")
}

func (r *Profiles) find(ctx context.Context, user uuid.UUID, lock string) (domain.Profile, error) {
	var row profileRow
	q := r.db.Conn(ctx).NewSelect().Model(&row).Where("p.user_id = ?", user)
	if lock != "" {
		q = q.For(lock)
	}
	if err := q.Scan(ctx); err != nil {
		return domain.Profile{}, orMissing(err, domain.ErrProfileNotFound)
	}
	return row.toDomain(), nil
}

// FindEach returns profiles in the order of their users.
func (r *Profiles) FindEach(ctx context.Context, users []uuid.UUID) (profiles []domain.Profile, err error) {
	if len(users) == 0 {
		return nil, nil
	}
	err = r.db.Read(ctx, func(ctx context.Context) error {
		var rows []profileRow
		if err := r.db.Conn(ctx).NewSelect().Model(&rows).Where("p.user_id IN (?)", bun.List(users)).Scan(ctx); err != nil {
			return pg.Error(err)
		}
		found := make(map[uuid.UUID]domain.Profile, len(rows))
		for i := range rows {
			found[rows[i].UserID] = rows[i].toDomain()
		}
		for _, user := range users {
			if profile, ok := found[user]; ok {
				profiles = append(profiles, profile)
			}
		}
		return nil
	})
	return profiles, err
}

// Save stores a profile and what it can be found by. The statements name the tenant of the profile themselves, because
// profiles that follow an account are saved across tenants.
func (r *Profiles) Save(ctx context.Context, profile domain.Profile) error {
	row := toRowProfile(profile)
	_, err := r.db.Conn(ctx).NewInsert().Model(row).
		Value("folded", "?", foldedNames(profile)).Value("folded_username", "?", domain.Fold(row.Username)).
		On("CONFLICT (tenant_id, user_id) DO UPDATE").
		Set("username = EXCLUDED.username").Set("folded_username = EXCLUDED.folded_username").Set("display_name = EXCLUDED.display_name").
		Set("first_name = EXCLUDED.first_name").Set("last_name = EXCLUDED.last_name").Set("folded = EXCLUDED.folded").
		Set("bio = EXCLUDED.bio").Set("avatar_id = EXCLUDED.avatar_id").Set("own_username = EXCLUDED.own_username").
		Set("own_display_name = EXCLUDED.own_display_name").Set("own_first_name = EXCLUDED.own_first_name").
		Set("own_last_name = EXCLUDED.own_last_name").Set("member = EXCLUDED.member").Set("updated_at = EXCLUDED.updated_at").Exec(ctx)
	if pg.ConstraintName(err) == "profiles_username" {
		return domain.ErrUsernameTaken.Wrap(err)
	}
	if err != nil {
		return pg.Error(err)
	}
	return r.index(ctx, row.TenantID, row.UserID, foldedNames(profile))
}

// Page returns a page of the profiles that match.
func (r *Profiles) Page(ctx context.Context, words string, after ports.ProfileKey, limit int) (profiles []domain.Profile, err error) {
	err = r.db.Read(ctx, func(ctx context.Context) error {
		var rows []profileRow
		q := r.db.Conn(ctx).NewSelect().Model(&rows).Apply(called(reqctx.From(ctx).TenantID, words)).
			OrderExpr("p.last_name, p.first_name, p.user_id").Limit(int64(limit))
		if after != (ports.ProfileKey{}) {
			q = q.Where("(p.last_name, p.first_name, p.user_id) > (?, ?, ?)", after.LastName, after.FirstName, after.UserID)
		}
		err := q.Scan(ctx)
		profiles = toProfiles(rows)
		return pg.Error(err)
	})
	return profiles, err
}

// called is what words have to match: a part of a name, or a whole id.
func called(tenant uuid.UUID, words string) func(*bun.SelectQuery) *bun.SelectQuery {
	return func(q *bun.SelectQuery) *bun.SelectQuery {
		if words == "" {
			return q
		}
		words = domain.Fold(words)
		q = q.WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
			q = q.Where("p.folded LIKE ?", "%"+wildcards.Replace(words)+"%")
			if grams := gramsOf(words); len(grams) > 0 {
				q = q.Where("p.user_id IN (?)", withGrams(q.NewSelect(), tenant, grams))
			}
			if id, err := uuid.Parse(words); err == nil {
				q = q.WhereOr("p.user_id = ?", id)
			}
			return q
		})
		return q
	}
}

// foldedNames is the text that words are looked for in. Names are apart, so that no word matches across two.
func foldedNames(p domain.Profile) string {
	d := p.Data()
	return domain.Fold(strings.Join([]string{d.FirstName, d.LastName, d.Username, d.DisplayName}, "\n"))
}
