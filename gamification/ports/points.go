package ports

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/gamification/domain"
)

// Board names a leaderboard: whose members are ranked, by which points.
type Board struct {
	Scope  uuid.UUID // the tenant, a community or a team
	Season uuid.UUID // zero for all time
}

// PointsChange is what entries did to the total of a person of all time in the tenant.
type PointsChange struct {
	Person        uuid.UUID
	Before, After domain.Total
	Shown         bool // the person is on leaderboards
}

// Points stores the ledger and what its entries add up to. Who adds entries or changes who is on which board has locked the persons
// (Facts.LockPersons), and the tenant together with others; who counts anew has locked the tenant alone.
type Points interface {
	// Add stores entries, each of another person, and adds them to the totals of the persons.
	Add(ctx context.Context, entries ...domain.PointEntry) ([]PointsChange, error)
	// Entry returns the entry of a grant. found is false if the grant brought no points.
	Entry(ctx context.Context, grant uuid.UUID) (entry domain.PointEntry, found bool, err error)
	// Entries lists the entries of a person, newest first, from those before an id, unless it is zero.
	Entries(ctx context.Context, person, before uuid.UUID, limit int) ([]domain.PointEntry, error)
	// Sum adds up the entries of a person from a time until before another.
	Sum(ctx context.Context, person uuid.UUID, from, until time.Time) (int64, error)
	// Total returns the points of a person on a board.
	Total(ctx context.Context, person uuid.UUID, board Board) (domain.Total, error)

	// Page lists places of a board that follow one, in one range read; the zero Place is before the first.
	Page(ctx context.Context, board Board, after domain.Place, limit int) ([]domain.Place, error)
	// Around returns up to so many places before a person's, that place, and up to so many after it; nothing for a person who is not on the board.
	Around(ctx context.Context, board Board, person uuid.UUID, each int) ([]domain.Place, error)
	// PageClosed is Page of a season that is closed.
	PageClosed(ctx context.Context, board Board, after domain.Place, limit int) ([]domain.Place, error)
	// AroundClosed is Around of a season that is closed.
	AroundClosed(ctx context.Context, board Board, person uuid.UUID, each int) ([]domain.Place, error)

	// Join puts a member of a community or team on its boards, or takes the person off them. An older version than the latest changes nothing.
	Join(ctx context.Context, person, scope uuid.UUID, version int64, active bool) error
	// Drop deletes the boards of a community or a team, and who was its member.
	Drop(ctx context.Context, scope uuid.UUID) error
	// Show brings the boards of a person up to what Members says.
	Show(ctx context.Context, person uuid.UUID) error

	// CountSeason makes the boards of a season anew from the ledger.
	CountSeason(ctx context.Context, season domain.Season) error
	// DropSeason deletes the boards of a season that is not closed.
	DropSeason(ctx context.Context, season uuid.UUID) error
	// CloseSeason stores the ranks of a season, and deletes its boards.
	CloseSeason(ctx context.Context, season uuid.UUID) error
}

// Levels stores the levels of the tenant.
type Levels interface {
	// Get returns the levels; a tenant that has set none has none, of version 0.
	Get(ctx context.Context) (StoredLevels, error)
	// Put stores levels, unless those that are stored have another version than the one before.
	Put(ctx context.Context, levels StoredLevels) error
}

// StoredLevels are levels with their version.
type StoredLevels struct {
	domain.Levels

	UpdatedAt time.Time
	Version   int
}

// Seasons stores seasons.
type Seasons interface {
	// List lists all seasons, the latest first.
	List(ctx context.Context) ([]domain.Season, error)
	// Find returns a season, or domain.ErrSeasonNotFound.
	Find(ctx context.Context, id uuid.UUID) (domain.Season, error)
	// Running returns the season in whose time a moment is. found is false if there is none.
	Running(ctx context.Context, now time.Time) (season domain.Season, found bool, err error)
	// ToClose lists the seasons of all tenants that are over and not closed.
	ToClose(ctx context.Context, now time.Time, limit int) ([]domain.Season, error)
	Add(ctx context.Context, season domain.Season) error
	Update(ctx context.Context, season domain.Season) error
	Delete(ctx context.Context, id uuid.UUID) error
}
