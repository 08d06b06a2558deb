package httpapi

import (
	"go.updspace.com/api/portalapi"
	"go.updspace.com/portal/domain"
)

// FromAPI functions turn what the wire brought into what the use cases take; ToAPI functions go the other way.

// defaultList is the length of a list that used to come whole.
const defaultList = 200

// FromAPIListed converts which groups to list: those in use, unless said otherwise.
func FromAPIListed(s *portalapi.ListedStatus) domain.Status {
	switch valueOr(s, portalapi.ListedStatusActive) {
	case portalapi.ListedStatusAll:
		return ""
	case portalapi.ListedStatusArchived:
		return domain.StatusArchived
	}
	return domain.StatusActive
}

// ToAPICommunity converts a community.
func ToAPICommunity(g domain.Group) portalapi.Community {
	d := g.Data()
	return portalapi.Community{
		ID: d.ID, TenantID: d.TenantID, Name: d.Name, Description: d.Description, JoinPolicy: portalapi.JoinPolicy(d.JoinPolicy),
		Status: portalapi.GroupStatus(d.Status), MemberCount: int32(d.Members), CreatedBy: d.CreatedBy, CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt,
	}
}

// each converts a list; an empty one stays a list, because null is not one on the wire.
func each[A, B any](list []A, convert func(A) B) []B {
	converted := make([]B, len(list))
	for i, v := range list {
		converted[i] = convert(v)
	}
	return converted
}

// value is what an optional field holds, or nothing; valueOr has something else in that case.
func value[T any](p *T) (v T) { return valueOr(p, v) }

func valueOr[T any](p *T, otherwise T) T {
	if p == nil {
		return otherwise
	}
	return *p
}

// next is the header that leads to the next page; the last page has none.
func next(cursor string) *string {
	if cursor == "" {
		return nil
	}
	return &cursor
}
