package domain

import (
	"maps"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/valid"
)

// The errors of the games of a tenant.
var (
	ErrGameNotFound = errs.New(errs.NotFound, "GAME_NOT_FOUND", "This game does not exist.")
	ErrTooManyGames = errs.New(errs.Conflict, "TOO_MANY_GAMES", "There are as many games as a tenant may have. Remove one first.")
)

// MaxGames is how many games a tenant has.
const MaxGames = 500

// Bounds of a game.
const (
	maxGameName = 128
	maxGameTags = 20
	maxTagName  = 50
	maxTagValue = 100
)

// Game is a game that a tenant plays.
type Game struct {
	ID        int64 // given by the store; zero before
	TenantID  uuid.UUID
	Name      string
	Tags      map[string]string
	CreatedBy uuid.UUID
	CreatedAt time.Time
}

// NewGame makes a game, or reports every wrong field.
func NewGame(by authz.Actor, name string, tags map[string]string, now time.Time) (Game, error) {
	refused := errs.Fields{}
	g := Game{TenantID: by.Tenant, Name: valid.Line(refused, "name", name, 1, maxGameName), Tags: maps.Clone(tags), CreatedBy: by.User, CreatedAt: now}
	if g.Tags == nil {
		g.Tags = map[string]string{}
	}
	refused.Check(len(tags) <= maxGameTags, "tags_json", why.TooMany(maxGameTags))
	for key, value := range tags {
		clean := errs.Fields{}
		same := valid.Line(clean, "tags_json", key, 1, maxTagName) == key && valid.Line(clean, "tags_json", value, 0, maxTagValue) == value
		refused.Check(same && clean.Err() == nil, "tags_json", why.InvalidFormat("must be names of 1 to 50 characters with texts of at most 100, each on one line"))
	}
	return g, refused.Err()
}
