package domain

import (
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
)

// What stands where a person's words stood.
const (
	ErasedTitle = "[deleted]"
	ErasedBody  = "[deleted by user request]"
)

// ErrNotTheirs is the answer to whoever wants another person's data.
var ErrNotTheirs = errs.New(errs.Forbidden, "FORBIDDEN", "Only the person and system administrators have this person's data.")

// soleOwner reports whether the group would be left without an owner by whoever sits here.
func (s Seat) soleOwner() bool {
	return s.Membership.Role() == RoleOwner && s.Group.data.Owners <= 1
}

// SoleOwned are the groups of the community that have no other owner than the user, teams first.
func (b Belonging) SoleOwned() []Group {
	var groups []Group
	for _, s := range b.seats() {
		if s.soleOwner() {
			groups = append(groups, s.Group)
		}
	}
	return groups
}

// Withdraw ends all of the user's memberships in a community. Unlike Leave, it lets the last one go from a group that is
// archived and has nobody else: a person who wants to be forgotten cannot be made to find an heir where there is none.
func (b Belonging) Withdraw(now time.Time) ([]Move, error) {
	var moves []Move
	for _, s := range b.seats() {
		deserted := s.Group.data.Status == StatusArchived && s.Group.data.Members <= 1
		if !deserted {
			if err := s.mayStepDown(Nobody); err != nil {
				return nil, err
			}
		}
		moves = append(moves, s.move(b.User, Nobody, now))
	}
	return moves, nil
}

// seats are those the user has: in the teams first, so that nobody who gives them up one after another is ever in a team
// and not in its community.
func (b Belonging) seats() []Seat {
	var seats []Seat
	for _, s := range append(b.Teams[:len(b.Teams):len(b.Teams)], b.Community) {
		if s.Membership.Role() != Nobody {
			seats = append(seats, s)
		}
	}
	return seats
}

// Redacted is what is left of a post whose author is forgotten: that it was there.
func (p Post) Redacted(now time.Time) Post {
	p.data.Title, p.data.Body, p.data.Rendered, p.data.Attachments = ErasedTitle, ErasedBody, Rendered{}, nil
	p.data.CreatedBy = uuid.Nil
	return p.changed(now)
}

// Erased is what others are told of a profile that is gone, and what changed with that.
func (p Profile) Erased() (Profile, []string) {
	return Profile{data: ProfileData{TenantID: p.data.TenantID, UserID: p.data.UserID}},
		[]string{"username", "display_name", "first_name", "last_name", "bio", "avatar_url"}
}

// NewDataEntry writes a line about a person's data being handed out or taken away.
func NewDataEntry(by, of uuid.UUID, action string, metadata map[string]any, now time.Time) Entry {
	line := map[string]any{"subject_scope": "delegated"}
	target := of.String()
	if by == of {
		line["subject_scope"], target = "self", "self"
	}
	for name, value := range metadata {
		line[name] = value
	}
	return Entry{ID: newID(), ActorID: by, Action: "dsar." + action, TargetType: "user", TargetID: target, Metadata: line, At: Instant(now)}
}
