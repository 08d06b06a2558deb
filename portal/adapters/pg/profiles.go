package pg

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/valid"
	contentdomain "go.updspace.com/portal/content/domain"
	contentports "go.updspace.com/portal/content/ports"
)

// Profiles is contentports.Profiles.
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
	ListedToGuests bool      `bun:"listed_to_guests"`
	Member         bool      `bun:"member"`
	CreatedAt      time.Time `bun:"created_at"`
	UpdatedAt      time.Time `bun:"updated_at"`
}

func toRowProfile(p contentdomain.Profile) *profileRow {
	d := p.Data()
	return &profileRow{
		Tenanted: pg.Tenanted{TenantID: d.TenantID}, UserID: d.UserID, Username: d.Username, DisplayName: d.DisplayName,
		FirstName: d.FirstName, LastName: d.LastName, Bio: d.Bio, AvatarID: d.AvatarID, ListedToGuests: d.ListedToGuests,
		OwnUsername: d.Own.Username, OwnDisplayName: d.Own.DisplayName, OwnFirstName: d.Own.FirstName, OwnLastName: d.Own.LastName,
		Member: d.Member, CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt,
	}
}

func (r *profileRow) toDomain() contentdomain.Profile {
	return contentdomain.RestoreProfile(contentdomain.ProfileData{
		TenantID: r.TenantID, UserID: r.UserID, Username: r.Username, DisplayName: r.DisplayName,
		FirstName: r.FirstName, LastName: r.LastName, Bio: r.Bio, AvatarID: r.AvatarID, ListedToGuests: r.ListedToGuests,
		Own:       contentdomain.OwnNames{Username: r.OwnUsername, DisplayName: r.OwnDisplayName, FirstName: r.OwnFirstName, LastName: r.OwnLastName},
		Member:    r.Member,
		CreatedAt: valid.Instant(r.CreatedAt), UpdatedAt: valid.Instant(r.UpdatedAt),
	})
}

// Find returns the profile of a user.
func (r *Profiles) Find(ctx context.Context, user uuid.UUID) (contentdomain.Profile, error) {
	return pg.One(ctx, r.db, contentdomain.ErrProfileNotFound, (*profileRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("p.user_id = ?", user)
	})
}

// Lock takes the row lock that a change of the profile needs.
func (r *Profiles) Lock(ctx context.Context, user uuid.UUID) (contentdomain.Profile, error) {
	return pg.One(ctx, r.db, contentdomain.ErrProfileNotFound, (*profileRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("p.user_id = ?", user).For("UPDATE")
	})
}

// Membership is groupsports.TenantMembers: identity's events keep it in the profile.
func (r *Profiles) Membership(ctx context.Context, user uuid.UUID) (member, known bool, err error) {
	profile, err := r.Find(ctx, user)
	if errors.Is(err, contentdomain.ErrProfileNotFound) {
		return false, false, nil
	}
	return profile.Data().Member, err == nil, err
}

// FindEach returns profiles in the order of their users.
func (r *Profiles) FindEach(ctx context.Context, users []uuid.UUID) ([]contentdomain.Profile, error) {
	found, err := pg.Many(ctx, r.db, (*profileRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("p.user_id IN (?)", bun.List(users))
	})
	byUser := make(map[uuid.UUID]contentdomain.Profile, len(found))
	for _, profile := range found {
		byUser[profile.Data().UserID] = profile
	}
	var ordered []contentdomain.Profile
	for _, user := range users {
		if profile, ok := byUser[user]; ok {
			ordered = append(ordered, profile)
		}
	}
	return ordered, err
}

// Save stores a profile and what it can be found by. Its row names the tenant, because profiles that follow an account are
// saved across tenants.
func (r *Profiles) Save(ctx context.Context, profile contentdomain.Profile) error {
	row := toRowProfile(profile)
	q := r.db.Conn(ctx).NewInsert().Model(row).
		Value("folded", "?", foldedNames(profile)).Value("name_key", "?", nameKey(profile)).Value("username_key", "?", valid.UsernameKey(row.Username)).
		On("CONFLICT (tenant_id, user_id) DO UPDATE")
	for _, column := range []string{
		"username", "username_key", "display_name", "first_name", "last_name", "folded", "name_key", "bio", "avatar_id", "listed_to_guests",
		"own_username", "own_display_name", "own_first_name", "own_last_name", "member", "updated_at",
	} {
		q = q.Set("?0 = EXCLUDED.?0", bun.Ident(column))
	}
	_, err := q.Exec(ctx)
	return pg.Taken(err, map[string]*errs.Error{"profiles_username": contentdomain.ErrUsernameTaken})
}

// Page returns a page of the profiles that match.
func (r *Profiles) Page(ctx context.Context, words string, after contentports.ProfileKey, limit int) ([]contentdomain.Profile, error) {
	return pg.Many(ctx, r.db, (*profileRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		if pattern := pg.Contains(words); pattern != "" {
			id, err := uuid.Parse(words)
			q = q.Where("p.user_id = ANY (ARRAY(SELECT search_profiles(?, ?, ?, ?, ?, ?, ?)))", reqctx.From(ctx).TenantID, pattern,
				uuid.NullUUID{UUID: id, Valid: err == nil}, after.LastName, after.FirstName, after.UserID, limit)
		} else if after != (contentports.ProfileKey{}) {
			q = q.Where("(p.last_name, p.first_name, p.user_id) > (?, ?, ?)", after.LastName, after.FirstName, after.UserID)
		}
		return q.OrderExpr("p.last_name, p.first_name, p.user_id").Limit(int64(limit))
	})
}

// foldedNames is the text that words are looked for in. Names are apart, so that no word matches across two.
func foldedNames(p contentdomain.Profile) string {
	d := p.Data()
	return valid.Fold(strings.Join([]string{d.FirstName, d.LastName, d.Username, d.DisplayName}, "\n"))
}
