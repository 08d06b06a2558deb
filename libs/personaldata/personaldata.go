// Package personaldata exports and erases what a service stores about one user in one tenant. A service lists its sections:
// what they are called, how to read and how to erase them, and which columns they cover. The rest is here: who may ask, pages
// over all sections, the transaction, the audit log and the receipt.
package personaldata

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/reqctx"
)

// Section is one part of what a service stores about a user.
type Section struct {
	Name string
	// Read returns up to limit items that follow the item with the key after, which is empty at the beginning. Nil means that
	// there is nothing to export; then Reason says why.
	Read func(ctx context.Context, user uuid.UUID, after string, limit int) ([]Item, error)
	// Erase deletes the data or removes the user from it. It runs in one transaction with the other sections, in their order,
	// and may run again later. Nil means that the data stays; then Reason says why.
	Erase func(ctx context.Context, user uuid.UUID) (Erased, error)
	// Scrub, if set, removes the names of the user from what others wrote, and counts the texts. It runs after all Erase, in their
	// transaction, if the caller gives names.
	Scrub func(ctx context.Context, names Names) (int64, error)
	// After, if set, runs when the erasure is committed, for data that belongs to no tenant. When it fails, the request fails,
	// and the caller repeats it.
	After func(ctx context.Context, user uuid.UUID) error
	// Columns are the columns with personal data that the section covers, as table.column.
	Columns []string
	Reason  string
}

// Item is one stored object. Key is its position in the section.
type Item struct {
	Key  string
	Data map[string]any
}

// Erased says how many objects a section deleted or made anonymous, and whether it left some for another request.
type Erased struct {
	Count int64
	More  bool
	// Also counts, by section, what belongs to other sections and could only be erased together with this one.
	Also map[string]int64
}

// Export is a page of a user's data.
type Export struct {
	Service string
	User    uuid.UUID
	At      time.Time
	Items   []SectionItem
	Next    string
}

// SectionItem is an item with the name of its section.
type SectionItem struct {
	Section string
	Data    map[string]any
}

// Receipt says what was erased, by section. Complete is false when another request has to erase the rest.
type Receipt struct {
	Service  string
	User     uuid.UUID
	At       time.Time
	Complete bool
	Counts   map[string]int64
}

// Log is the audit log: [audit.Log], or one in memory.
type Log interface {
	Write(ctx context.Context, entries ...audit.Entry) error
	List(ctx context.Context, filter audit.Filter, p page.Request) (page.Page[audit.Entry], error)
	RedactUser(ctx context.Context, user uuid.UUID, limit int) (int, error)
}

// Tx runs a function in a write transaction: pg.DB, or one in memory.
type Tx interface {
	Do(ctx context.Context, fn func(ctx context.Context) error) error
}

// Store exports and erases the data of one service.
type Store struct {
	service  string
	tx       Tx
	log      Log
	now      func() time.Time
	sections []Section
}

// New returns the store of a service. The sections are read and erased in their order; the audit log is the last one.
func New(service string, tx Tx, log Log, now func() time.Time, sections ...Section) *Store {
	return &Store{service: service, tx: tx, log: log, now: now, sections: append(sections[:len(sections):len(sections)], auditSection(log))}
}

// Sections are those of the service and that of the audit log.
func (s *Store) Sections() []Section { return s.sections }

// errNotAService refuses users, whatever they may do otherwise: they ask the gateway, which gathers the data of all services.
var errNotAService = errs.Forbiddenf("Personal data is exported and erased by services only.")

func authorize(ctx context.Context, user uuid.UUID) error {
	rc := reqctx.From(ctx)
	if rc.Caller == "" || rc.UserID != uuid.Nil {
		return errNotAService
	}
	fields := errs.Fields{}
	fields.Check(user != uuid.Nil, "user_id", why.Required.Saying("must not be the zero UUID"))
	return fields.Err()
}

// Export returns a page of what is stored about a user. The first page is entered into the audit log.
func (s *Store) Export(ctx context.Context, user uuid.UUID, p page.Request) (Export, error) {
	if err := authorize(ctx, user); err != nil {
		return Export{}, err
	}
	list := "personal data of " + user.String()
	var name, after string
	further, err := page.Decode(list, p.Cursor, &name, &after)
	if err != nil {
		return Export{}, err
	}
	next := 0 // the section to go on with
	if further {
		if next = s.index(name); next < 0 {
			return Export{}, errs.Fields{"cursor": why.InvalidFormat("names no section")}.Err()
		}
	} else if err := s.write(ctx, "personal_data.exported", user, nil); err != nil {
		return Export{}, err
	}
	export := Export{Service: s.service, User: user, At: s.now()}
	limit := p.Limit
	if limit < 1 {
		limit = page.DefaultLimit
	}
	left := min(limit, page.MaxLimit)
	for ; next < len(s.sections); next, after = next+1, "" {
		section := s.sections[next]
		if section.Read == nil {
			continue
		}
		items, err := section.Read(ctx, user, after, left+1) // one more than there is room for: does another page follow?
		if err != nil {
			return Export{}, err
		}
		more := len(items) > left
		if more {
			items = items[:left]
		}
		for _, item := range items {
			export.Items = append(export.Items, SectionItem{section.Name, item.Data})
			after = item.Key
		}
		if more {
			export.Next = page.Encode(list, section.Name, after)
			break
		}
		left -= len(items)
	}
	return export, nil
}

func (s *Store) index(name string) int {
	for i, section := range s.sections {
		if section.Name == name {
			return i
		}
	}
	return -1
}

// Erase erases what is stored about a user, and the names from what others wrote: all sections or none, in one transaction. It may be
// repeated.
func (s *Store) Erase(ctx context.Context, user uuid.UUID, names ...string) (Receipt, error) {
	if err := authorize(ctx, user); err != nil {
		return Receipt{}, err
	}
	receipt := Receipt{Service: s.service, User: user, At: s.now(), Complete: true, Counts: map[string]int64{}}
	err := s.tx.Do(ctx, func(ctx context.Context) error {
		counts := map[string]any{}
		for _, section := range s.sections {
			if section.Erase == nil {
				continue
			}
			erased, err := section.Erase(ctx, user)
			if err != nil {
				return err
			}
			receipt.Counts[section.Name] = erased.Count
			maps.Copy(receipt.Counts, erased.Also)
			receipt.Complete = receipt.Complete && !erased.More
		}
		if err := s.scrub(ctx, names, receipt.Counts); err != nil {
			return err
		}
		for name, n := range receipt.Counts {
			counts[name] = n
		}
		return s.write(ctx, "personal_data.erased", user, counts)
	})
	if err != nil {
		return Receipt{}, err
	}
	for _, section := range s.sections {
		if section.After == nil {
			continue
		}
		if err := section.After(ctx, user); err != nil {
			return Receipt{}, err
		}
	}
	return receipt, nil
}

func (s *Store) scrub(ctx context.Context, names Names, counts map[string]int64) error {
	if names.Pattern() == "" {
		return nil
	}
	for _, section := range s.sections {
		if section.Scrub == nil {
			continue
		}
		n, err := section.Scrub(ctx, names)
		if err != nil {
			return err
		}
		counts[section.Name] += n
	}
	return nil
}

// write enters what was done into the audit log. The entry names the user as its target only, so that it outlives the erasure
// as its proof.
// Proof is what the audit log keeps of a user whose data was exported or erased: the SHA-256 of the id. It leads back to no user, and the
// owner of an id can show with it that the data was erased.
func Proof(user uuid.UUID) string {
	sum := sha256.Sum256([]byte(user.String()))
	return hex.EncodeToString(sum[:])
}

func (s *Store) write(ctx context.Context, action string, user uuid.UUID, metadata map[string]any) error {
	return s.tx.Do(ctx, func(ctx context.Context) error {
		return s.log.Write(ctx, audit.Entry{Action: action, TargetType: "user", TargetID: Proof(user), At: s.now(), Metadata: metadata})
	})
}
