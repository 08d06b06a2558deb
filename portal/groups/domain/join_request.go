package domain

import (
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/valid"
)

// JoinRequest is a user's request to become a member of a group. The zero JoinRequest is none; use UserMemberships.Request.
type JoinRequest struct {
	data JoinRequestData
}

// JoinRequestData is the content of a JoinRequest, for showing and storing it.
type JoinRequestData struct {
	ID          uuid.UUID
	Scope       authz.Scope
	CommunityID uuid.UUID
	UserID      uuid.UUID
	Message     string
	Status      JoinRequestStatus
	CreatedAt   time.Time
	DecidedAt   time.Time
	DecidedBy   uuid.UUID
}

// JoinRequestStatus says what became of a join request.
type JoinRequestStatus string

// The statuses. All but RequestPending are final.
const (
	RequestPending   JoinRequestStatus = "pending"
	RequestApproved  JoinRequestStatus = "approved"
	RequestDeclined  JoinRequestStatus = "declined"
	RequestCancelled JoinRequestStatus = "cancelled"
)

// Valid reports whether s is one of the statuses.
func (s JoinRequestStatus) Valid() bool {
	return s == RequestPending || s == RequestApproved || s == RequestDeclined || s == RequestCancelled
}

const maxMessage = 1000

// Request returns the user's request to become a member. Groups with PolicyRequest take requests, and open groups those of
// removed members. For a team of a community that is not open, the user has to be in the community.
func (m UserMemberships) Request(scope authz.Scope, message string, now time.Time) (JoinRequest, error) {
	fields := errs.Fields{}
	message = valid.Text(fields, "message", message, 0, maxMessage)
	if err := fields.Err(); err != nil {
		return JoinRequest{}, err
	}
	g, err := m.in(scope)
	if err != nil {
		return JoinRequest{}, err
	}
	policy := g.Group.data.JoinPolicy
	removed := policy == PolicyOpen && m.requireNotRemoved(scope) != nil
	switch {
	case g.Membership.Role() != RoleNone:
		return JoinRequest{}, ErrAlreadyMember
	case policy != PolicyRequest && !removed:
		return JoinRequest{}, ErrRequestsClosed
	}
	// What an approval would do is tried, so that a request which cannot be approved is refused.
	if _, err := m.Add(scope, RoleMember, m.CommunityOpen(), now); err != nil {
		return JoinRequest{}, err
	}
	return JoinRequest{data: JoinRequestData{
		ID: valid.NewID(), Scope: scope, CommunityID: m.Community.Group.data.ID, UserID: m.User, Message: message,
		Status: RequestPending, CreatedAt: valid.Instant(now),
	}}, nil
}

// RestoreJoinRequest returns a stored join request.
func RestoreJoinRequest(d JoinRequestData) JoinRequest { return JoinRequest{data: d} }

// Data returns a copy of the request's content.
func (r JoinRequest) Data() JoinRequestData { return r.data }

// Scope is the group that the request is for.
func (r JoinRequest) Scope() authz.Scope { return r.data.Scope }

// ID returns the request's id.
func (r JoinRequest) ID() uuid.UUID { return r.data.ID }

// Decide ends a pending request.
func (r JoinRequest) Decide(to JoinRequestStatus, by uuid.UUID, now time.Time) (JoinRequest, error) {
	if r.data.Status != RequestPending {
		return JoinRequest{}, ErrRequestDecided
	}
	r.data.Status, r.data.DecidedBy, r.data.DecidedAt = to, by, valid.Instant(now)
	return r, nil
}
