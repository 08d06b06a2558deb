package app

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/reqctx"
)

// What one erasure redacts at most: one statement, and one request. A journal
// that holds more takes several requests.
const (
	redactAtOnce  = 1000
	redactBatches = 20
)

// People shows people what is stored about them, and forgets them. They may ask
// for themselves, whatever else they may not, and system administrators for
// everybody.
type People struct {
	admin     *Administration
	people    ports.People
	bindings  ports.TenantBindings
	overrides ports.TenantOverrides
	history   ports.History
}

// NewPeople makes the use cases.
func NewPeople(a *Administration, p ports.People, b ports.TenantBindings, o ports.TenantOverrides, h ports.History) *People {
	return &People{admin: a, people: p, bindings: b, overrides: o, history: h}
}

// Dossier is a page of what is stored about a person.
type Dossier struct {
	Tenant, Person uuid.UUID
	At             time.Time
	Bindings       []domain.BindingRecord
	Overrides      []domain.OverrideRecord
	Memberships    []domain.StoredMembership
	Entries        []domain.Recorded
	Next           *DossierPosition // nil: this is the last page
}

// DossierPart is one of the lists of a dossier.
type DossierPart int

// The parts, in their order.
const (
	BindingsPart DossierPart = iota
	OverridesPart
	MembershipsPart
	EntriesPart
)

// DossierPosition is where a page of a dossier begins: in one of its parts,
// after what the field of that part says, if it says anything.
type DossierPosition struct {
	Part       DossierPart
	Binding    int64
	Membership *domain.Scope
	Position   *ports.Position // an override or entry
}

// Export shows a page of up to limit things that are stored about a person.
func (p *People) Export(ctx context.Context, person uuid.UUID, from *DossierPosition, limit int) (Dossier, error) {
	s, err := subjectOf(ctx)
	if err != nil {
		return Dossier{}, err
	}
	if !mayHandle(s, person) {
		return Dossier{}, domain.ErrForbidden
	}
	if err := somebody(person); err != nil {
		return Dossier{}, err
	}
	if limit < 1 {
		return Dossier{}, errs.Fields{"limit": "must be at least 1"}.Err()
	}
	d := Dossier{Tenant: s.Tenant, Person: person, At: p.admin.clock.Now()}
	begin := DossierPosition{}
	if from != nil {
		begin = *from
	}
	for at := begin; at.Part <= EntriesPart; at = (DossierPosition{Part: at.Part + 1}) {
		n, next, err := p.read(ctx, &d, at, limit)
		if err != nil {
			return Dossier{}, err
		}
		if d.Next = next; next != nil {
			break
		}
		limit -= n
	}
	if from != nil {
		return d, nil
	}
	change := domain.Change{Tenant: s.Tenant, By: s.User, At: d.At, Via: viaPower(s, person)}
	if err := p.admin.record(ctx, change.UserExported(person)); err != nil {
		return Dossier{}, errs.Unavailablef("The journal cannot be written right now.").Wrap(err)
	}
	return d, nil
}

// read fills the part of a position with up to limit items. next is where to go
// on if there are more.
func (p *People) read(ctx context.Context, d *Dossier, at DossierPosition, limit int) (n int, next *DossierPosition, err error) {
	more := false
	next = &at
	switch at.Part {
	case BindingsPart:
		d.Bindings, more, err = upTo(limit, func(limit int) ([]domain.BindingRecord, error) {
			return p.bindings.Page(ctx, ports.BindingSearch{User: d.Person, Before: at.Binding, Limit: limit})
		})
		if n = len(d.Bindings); n > 0 {
			next.Binding = d.Bindings[n-1].ID
		}
	case OverridesPart:
		d.Overrides, more, err = upTo(limit, func(limit int) ([]domain.OverrideRecord, error) {
			return p.overrides.Page(ctx, ports.OverrideSearch{User: d.Person, After: at.Position, Limit: limit})
		})
		if n = len(d.Overrides); n > 0 {
			next.Position = &ports.Position{At: d.Overrides[n-1].CreatedAt, ID: d.Overrides[n-1].ID}
		}
	case MembershipsPart:
		d.Memberships, more, err = upTo(limit, func(limit int) ([]domain.StoredMembership, error) {
			return p.people.Memberships(ctx, d.Person, at.Membership, limit)
		})
		if n = len(d.Memberships); n > 0 {
			next.Membership = &d.Memberships[n-1].Scope
		}
	case EntriesPart:
		d.Entries, more, err = upTo(limit, func(limit int) ([]domain.Recorded, error) {
			return p.history.Page(ctx, ports.EntrySearch{Concerning: d.Person, After: at.Position, Limit: limit})
		})
		if n = len(d.Entries); n > 0 {
			next.Position = &ports.Position{At: d.Entries[n-1].At, ID: d.Entries[n-1].ID}
		}
	}
	if !more {
		next = nil
	}
	return n, next, err
}

// upTo finds up to limit items, which may be none, and whether there are more.
func upTo[T any](limit int, find func(limit int) ([]T, error)) ([]T, bool, error) {
	items, err := find(limit + 1)
	if len(items) > limit {
		return items[:limit], true, err
	}
	return items, false, err
}

// Erasure is what was done to forget a person.
type Erasure struct {
	Tenant, Person uuid.UUID
	At             time.Time
	domain.Erased
	Complete bool // nothing is left to do
}

// Erase forgets a person: what gives them rights at once and as a whole, the
// traces in the journal in parts afterwards. It may be repeated.
func (p *People) Erase(ctx context.Context, person uuid.UUID) (Erasure, error) {
	e := Erasure{Person: person}
	what := act{operation: "eraseUser", targetType: domain.TargetRequest, targetID: domain.RequestTarget(reqctx.From(ctx).UserID, person), about: person}
	prepare := func(domain.Subject, time.Time) error { return somebody(person) }
	err := p.admin.change(ctx, what, prepare, func(ctx context.Context, d desk) (err error) {
		e.Tenant, e.At = d.Tenant, d.At
		if e.Erased, err = p.people.Delete(ctx, person); err != nil {
			return err
		}
		return p.admin.record(ctx, d.UserErased(person, e.Erased))
	})
	for range redactBatches {
		if err != nil || e.Complete {
			break
		}
		var done domain.Redaction
		done, err = p.people.Redact(ctx, person, redactAtOnce)
		e.Entries += done.Entries
		e.Authorships += done.Authorships
		e.Complete = done.Entries < redactAtOnce && done.Authorships < redactAtOnce
	}
	return e, err
}

// somebody refuses the id that stands for the platform itself.
func somebody(person uuid.UUID) error {
	fields := errs.Fields{}
	fields.Check(person != uuid.Nil, "user_id", "names nobody")
	return fields.Err()
}

// mayHandle reports whether somebody may ask for what is stored about a person.
func mayHandle(s domain.Subject, person uuid.UUID) bool {
	return s.User == person || s.SystemAdmin && !s.Suspended
}

// viaPower says by which power somebody does what they may do to themselves
// without any.
func viaPower(s domain.Subject, person uuid.UUID) string {
	if s.SystemAdmin && s.User != person {
		return domain.ViaSystemAdmin
	}
	return ""
}
