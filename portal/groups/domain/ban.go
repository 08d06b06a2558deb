package domain

import (
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/valid"
)

// Ban keeps a user out of a group, whatever the way in. A ban from a community covers its teams. The zero Ban is none;
// use UserMemberships.Ban.
type Ban struct {
	data BanData
}

// BanData is the content of a Ban, for showing and storing it.
type BanData struct {
	Scope       authz.Scope
	CommunityID uuid.UUID
	UserID      uuid.UUID
	Reason      string
	Until       time.Time // zero means for good
	CreatedBy   uuid.UUID
	CreatedAt   time.Time
}

// BanDraft is the input for a new ban.
type BanDraft struct {
	Reason string
	Until  time.Time // zero means for good
}

const maxReason = 1000

// Ban bans the user from a group, in the place of an earlier ban, and removes a member. acting is the role that the caller
// acts as.
func (m UserMemberships) Ban(scope authz.Scope, d BanDraft, acting Role, by authz.Actor, now time.Time) (Ban, []MembershipChange, error) {
	fields := errs.Fields{}
	d.Reason = valid.Text(fields, "reason", d.Reason, 0, maxReason)
	d.Until = valid.Time(fields, "until", d.Until)
	fields.Check(d.Until.IsZero() || d.Until.After(now), "until", why.InPast("must be in the future"))
	if err := fields.Err(); err != nil {
		return Ban{}, nil, err
	}
	ban := Ban{data: BanData{
		Scope: scope, CommunityID: m.Community.Group.data.ID, UserID: m.User, Reason: d.Reason, Until: d.Until,
		CreatedBy: by.User, CreatedAt: valid.Instant(now),
	}}
	if m.Role(scope) == RoleNone {
		return ban, nil, nil
	}
	changes, err := m.Remove(scope, acting, now)
	return ban, changes, err
}

// RestoreBan returns a stored ban.
func RestoreBan(d BanData) Ban { return Ban{data: d} }

// Data returns a copy of the ban's content.
func (b Ban) Data() BanData { return b.data }

// Active reports whether the ban is in force at a time.
func (b Ban) Active(now time.Time) bool { return b.data.Until.IsZero() || now.Before(b.data.Until) }
