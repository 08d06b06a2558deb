package domain

import (
	"slices"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
)

// RoleChange is a change of a role that is not made yet.
type RoleChange struct {
	Keys   []string // the new permissions
	Delete bool     // delete the role instead
}

// NewRoleChange makes a change from new permissions (nil: not given) or the wish to delete.
func NewRoleChange(keys []string, remove bool) (RoleChange, error) {
	switch {
	case remove && keys != nil:
		return RoleChange{}, errs.Fields{"delete": why.NotAllowed("is for a request without permissions")}.Err()
	case remove:
		return RoleChange{Delete: true}, nil
	case keys == nil:
		return RoleChange{}, errs.Fields{"permissions": why.Required}.Err()
	}
	return RoleChange{Keys: keys}, nil
}

// Apply returns what a role becomes; nil, nil when the change deletes it.
func (ch RoleChange) Apply(c Catalogue, r Role) (*RoleDraft, error) {
	if ch.Delete {
		return nil, nil
	}
	d, err := newRoleDraft(c, r.Service, r.Name, ch.Keys, "permissions")
	return &d, err
}

// RolePreview is what a change of a role would do.
type RolePreview struct {
	Added   []string // sorted
	Removed []string // sorted
	RoleLoss
}

// RoleLoss is what the holders of a role lose with some of its permissions. A holder loses a permission that is allowed to the
// holder before the change and not after it, in a scope in which the holder has the role. Holders to whom an override denies
// a permission neither lose nor keep it.
type RoleLoss struct {
	Holders int // of a tenant's role member: all active members, besides those it is bound to
	Losers  int // holders who lose anything
	Keys    []KeyLoss
	First   []Loser // up to MaxLosers, by user
}

// KeyLoss is the loss of one permission.
type KeyLoss struct {
	Key  string
	Lost int // holders who lose it
	Kept int // holders to whom another role, or an override, allows it
}

// Loser is a holder who loses permissions.
type Loser struct {
	User uuid.UUID
	Keys []string // sorted
}

// MaxLosers bounds the holders that a preview names.
const MaxLosers = 20

// NewRolePreview lists what a role gains and loses; after is nil when it is deleted. Members have the template again when a
// tenant's role named member is deleted.
func NewRolePreview(before Role, after *RoleDraft, memberTemplate Role) RolePreview {
	p := RolePreview{Removed: slices.Clone(before.Keys)}
	switch {
	case after != nil:
		p.Added, p.Removed = without(after.Keys, before.Keys), without(before.Keys, after.Keys)
	case before.Name == RoleMember:
		p.Added = without(memberTemplate.Keys, before.Keys)
	}
	return p
}
