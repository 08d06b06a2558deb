package domain

import (
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
)

// Request asks to be let into a group. The zero Request is none; use Belonging.Ask.
type Request struct {
	data RequestData
}

// RequestData is everything there is to know about a request, for showing and storing it.
type RequestData struct {
	ID          uuid.UUID
	Scope       Scope
	CommunityID uuid.UUID
	UserID      uuid.UUID
	Message     string
	Status      RequestStatus
	CreatedAt   time.Time
	DecidedAt   time.Time
	DecidedBy   uuid.UUID
}

// RequestStatus says what came of a request.
type RequestStatus string

// The statuses. All but the first are the last.
const (
	RequestPending   RequestStatus = "pending"
	RequestApproved  RequestStatus = "approved"
	RequestDeclined  RequestStatus = "declined"
	RequestCancelled RequestStatus = "cancelled"
)

// Valid reports whether s is one of the statuses.
func (s RequestStatus) Valid() bool {
	return s == RequestPending || s == RequestApproved || s == RequestDeclined || s == RequestCancelled
}

const maxMessage = 1000

// Ask makes a request of the user to be let into a group that takes requests. Into a team of a community that is not
// open, only members of the community ask.
func (b Belonging) Ask(scope Scope, message string, now time.Time) (Request, error) {
	fields := errs.Fields{}
	fields.Check(utf8.RuneCountInString(message) <= maxMessage, "message", "must be at most 1000 characters long")
	fields.Check(storable(message), "message", "must not contain null characters")
	if err := fields.Err(); err != nil {
		return Request{}, err
	}
	if err := b.mayAsk(scope, JoinRequest, ErrAskClosed); err != nil {
		return Request{}, err
	}
	if b.Role(scope) != Nobody {
		return Request{}, ErrAlreadyMember
	}
	return Request{data: RequestData{
		ID: newID(), Scope: scope, CommunityID: b.Community.Group.data.ID, UserID: b.User, Message: message, Status: RequestPending, CreatedAt: Instant(now),
	}}, nil
}

// Join makes the user a member of an open group.
func (b Belonging) Join(scope Scope, now time.Time) ([]Move, error) {
	if err := b.mayAsk(scope, JoinOpen, ErrJoinClosed); err != nil {
		return nil, err
	}
	return b.Enter(scope, RoleMember, b.Community.Group.data.JoinPolicy == JoinOpen, now)
}

// mayAsk lets the user at the door of a group with the policy, when he is or could be in its community.
func (b Belonging) mayAsk(scope Scope, policy JoinPolicy, otherwise error) error {
	s, err := b.seat(scope)
	switch {
	case err != nil:
		return err
	case s.Group.data.JoinPolicy != policy && s.Membership.Role() == Nobody:
		return otherwise
	case scope.Type == ScopeTeam && b.Community.Membership.Role() == Nobody && b.Community.Group.data.JoinPolicy != JoinOpen:
		return ErrNotInCommunity
	}
	return Place{Community: b.Community.Group, Group: s.Group}.InUse()
}

// RestoreRequest takes back a request from where it was stored.
func RestoreRequest(d RequestData) Request { return Request{data: d} }

// Data returns a copy of everything about the request.
func (r Request) Data() RequestData { return r.data }

// ID is the request's id.
func (r Request) ID() uuid.UUID { return r.data.ID }

// Decide brings an open request to its end.
func (r Request) Decide(to RequestStatus, by uuid.UUID, now time.Time) (Request, error) {
	if r.data.Status != RequestPending {
		return Request{}, ErrRequestDecided
	}
	r.data.Status, r.data.DecidedBy, r.data.DecidedAt = to, by, Instant(now)
	return r, nil
}
