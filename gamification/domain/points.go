package domain

import (
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/valid"
)

// EntryKind is what an entry of the ledger is for.
type EntryKind string

// The kinds of entries.
const (
	EntryGrant      EntryKind = "grant"
	EntryRevocation EntryKind = "revocation" // below zero
)

// PointEntry is an entry of the ledger that points are the sum of.
type PointEntry struct {
	ID            uuid.UUID
	TenantID      uuid.UUID
	Person        uuid.UUID
	Kind          EntryKind
	Points        int64
	GrantID       uuid.UUID
	AchievementID uuid.UUID
	CreatedAt     time.Time
}

// PointsOf is the entry for a grant. An achievement without points has none.
func PointsOf(g Grant, a Achievement, now time.Time) (entry PointEntry, ok bool) {
	d := g.data
	return PointEntry{
		ID: valid.NewID(), TenantID: d.TenantID, Person: d.RecipientID, Kind: EntryGrant, Points: int64(a.data.Rules.Points), GrantID: d.ID, AchievementID: d.AchievementID,
		CreatedAt: valid.Instant(now),
	}, a.data.Rules.Points > 0
}

// Reversal is the entry that takes the points of another one off again.
func (e PointEntry) Reversal(now time.Time) PointEntry {
	e.ID, e.Kind, e.Points, e.CreatedAt = valid.NewID(), EntryRevocation, -e.Points, valid.Instant(now)
	return e
}

// Total is what the entries of a member add up to.
type Total struct {
	Points int64
	Peak   int64 // the most there have been
}

// Place is a member's on a leaderboard.
type Place struct {
	Rank      int // one more than there are members with more points
	Person    uuid.UUID
	Points    int64
	ReachedAt time.Time // of equal points the first to reach them stands first
	Number    int       // in the order of the board, from 1
}

// Follow numbers the places of a board that follow one; the zero Place is none. Equal points share a rank.
func Follow(last Place, places []Place) []Place {
	for i := range places {
		places[i].Number = last.Number + 1
		places[i].Rank = places[i].Number
		if last.Number > 0 && places[i].Points == last.Points {
			places[i].Rank = last.Rank
		}
		last = places[i]
	}
	return places
}
