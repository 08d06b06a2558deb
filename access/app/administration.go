package app

import (
	"context"
	"encoding/binary"
	"errors"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/reqctx"
)

// Administration is what all changes of a tenant's rights have in common: one
// of them at a time, by somebody who may at that very moment, never without an
// entry in the journal, and never so that the tenant loses its last
// administrator.
type Administration struct {
	catalogue domain.Catalogue
	decisions *Decisions
	stored    ports.Facts // what the database says now, and no memory of it
	admins    ports.Administrators
	tx        ports.Tx
	once      ports.Once
	journal   ports.Journal // in the transaction of the change
	clock     ports.Clock
}

// NewAdministration makes it. stored must read what is committed, past every
// cache; journal must write in the transaction of its context.
func NewAdministration(
	c domain.Catalogue, d *Decisions, stored ports.Facts, admins ports.Administrators,
	tx ports.Tx, once ports.Once, journal ports.Journal, clock ports.Clock,
) *Administration {
	return &Administration{catalogue: c, decisions: d, stored: stored, admins: admins, tx: tx, once: once, journal: journal, clock: clock}
}

// act is something that somebody sets out to do.
type act struct {
	operation  string // its name in the document
	permission string // asked in the whole tenant; empty: for system administrators only
	targetType string
	targetID   string    // empty: a new one
	about      uuid.UUID // a person who may do it, too; uuid.Nil: nobody
}

// desk is where an act is done: inside of the transaction, under the lock.
type desk struct {
	domain.Change
	domain.Authority
}

// change lets the user of the request do something. prepare looks at the input,
// after it is settled that the user may at all; do does it. A refusal is
// journalled, and stands only if it is.
func (a *Administration) change(ctx context.Context, what act, prepare func(s domain.Subject, now time.Time) error, do func(ctx context.Context, d desk) error) error {
	s, err := subjectOf(ctx)
	if err != nil {
		return err
	}
	now := a.clock.Now()
	change := domain.Change{Tenant: s.Tenant, By: s.User, At: now}
	err = a.attempt(ctx, s, change, what, prepare, do)
	if !domain.IsRefusal(err) {
		return err
	}
	entry := change.Refused(what.operation, what.targetType, what.targetID, codeOf(err), reqctx.From(ctx).RequestID)
	if journalErr := a.journal.Record(ctx, entry); journalErr != nil {
		return errs.Unavailablef("The journal cannot be written right now.").Wrap(journalErr)
	}
	return err
}

func (a *Administration) attempt(ctx context.Context, s domain.Subject, change domain.Change, what act, prepare func(domain.Subject, time.Time) error, do func(context.Context, desk) error) error {
	if err := a.enter(ctx, s, what); err != nil {
		return err
	}
	if err := prepare(s, change.At); err != nil {
		return err
	}
	change.Via = viaPower(s, what.about)
	return a.tx.Do(ctx, func(ctx context.Context) error {
		if err := a.admins.Lock(ctx); err != nil {
			return err
		}
		// the change that was waited for may have taken the right away
		authority, err := a.authority(ctx, s, change.At)
		if err != nil {
			return err
		}
		if what.permission != "" && !authority.Holds(what.permission, domain.TenantScope(s.Tenant)) {
			return domain.ErrForbidden
		}
		before, err := a.admins.Any(ctx, change.At)
		if err != nil {
			return err
		}
		if err := do(ctx, desk{Change: change, Authority: authority}); err != nil {
			return err
		}
		after, err := a.admins.Any(ctx, change.At)
		if err != nil {
			return err
		}
		if before && !after {
			return domain.ErrLastAdmin
		}
		return nil
	})
}

// enter refuses those who may not do this at all.
func (a *Administration) enter(ctx context.Context, s domain.Subject, what act) error {
	if what.permission != "" {
		return a.decisions.requireAny(ctx, what.permission)
	}
	if !mayHandle(s, what.about) {
		return domain.ErrForbidden
	}
	return nil
}

func (a *Administration) authority(ctx context.Context, s domain.Subject, at time.Time) (domain.Authority, error) {
	facts, err := a.stored.Load(ctx, s, at)
	if err != nil {
		return domain.Authority{}, err
	}
	return a.catalogue.Authority(s, facts), nil
}

// record journals what was done.
func (a *Administration) record(ctx context.Context, entries ...domain.Entry) error {
	return a.journal.Record(ctx, entries...)
}

// numbered is Once for things whose ids are numbers.
func (a *Administration) numbered(ctx context.Context, operation string, input any, create func(ctx context.Context) (int64, error)) (int64, error) {
	id, err := a.once.Once(ctx, operation, input, func(ctx context.Context) (uuid.UUID, error) {
		n, err := create(ctx)
		var id uuid.UUID
		binary.BigEndian.PutUint64(id[8:], uint64(n)) //nolint:gosec // and back below
		return id, err
	})
	return int64(binary.BigEndian.Uint64(id[8:])), err //nolint:gosec // made above
}

func codeOf(err error) string {
	var e *errs.Error
	if errors.As(err, &e) {
		return e.Code
	}
	return errs.Internal.Code()
}

// Page is a part of a list.
type Page[T any] struct {
	Items []T
	More  bool // something follows
}

// pageOf asks for one item more than shall be shown, to know whether there is one.
func pageOf[T any](limit int, find func(limit int) ([]T, error)) (Page[T], error) {
	if limit < 1 {
		return Page[T]{}, errs.Fields{"limit": "must be at least 1"}.Err()
	}
	items, err := find(limit + 1)
	if err != nil {
		return Page[T]{}, err
	}
	if len(items) > limit {
		return Page[T]{Items: items[:limit], More: true}, nil
	}
	return Page[T]{Items: items}, nil
}
