package app

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/events/domain"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/groups"
	"go.updspace.com/libs/reqctx"
)

// Imports are the use cases of calendar files that are taken over.
type Imports struct{ Deps }

// ImportEvents is the input of Imports.Import.
type ImportEvents struct {
	ScopeType  authz.ScopeType
	ScopeID    string                                        // may be left out for the tenant
	Status     domain.Status                                 // of new events
	Visibility authz.Visibility                              // of new events; default public
	DryRun     bool                                          // nothing is stored
	Read       func() (events []domain.FileEvent, err error) // the events of the file, in its order
}

// ImportAction is what is done with an item of a file.
type ImportAction string

// The actions.
const (
	ImportCreate    ImportAction = "create"
	ImportUpdate    ImportAction = "update"
	ImportUnchanged ImportAction = "unchanged"
	ImportSkip      ImportAction = "skip"
)

// ImportItem is an item of a file with what is done with it.
type ImportItem struct {
	Line   int
	Action ImportAction
	Title  string
	Starts time.Time // zero if it is not known
	AllDay bool
	Zone   string
	Rule   string
	Dates  int // that are stored
	Event  uuid.UUID
	domain.Unfit
}

// ImportReport is what an import did, or would do.
type ImportReport struct {
	DryRun bool
	Items  []ImportItem
}

const (
	maxImportItems = 1_000
	maxItemTitle   = 255
)

// Import takes the events of a file over, each in a transaction of its own: what an import that fails has done is found unchanged by
// the next one.
func (s *Imports) Import(ctx context.Context, by authz.Actor, in ImportEvents) (ImportReport, error) {
	scope, err := domain.ScopeTypes.Parse(by.Tenant, in.ScopeType, in.ScopeID)
	if err != nil {
		return ImportReport{}, err
	}
	if err := authz.Require(ctx, s.Access, authz.Check{Permission: domain.PermissionEventCreate, Scope: scope}); err != nil {
		return ImportReport{}, err
	}
	if in.Visibility == "" {
		in.Visibility = authz.VisibilityPublic
	}
	if reason := in.Visibility.Fits(scope.Type); !reason.None() {
		return ImportReport{}, errs.Field("visibility", reason)
	}
	active := func(ctx context.Context) error { return groups.RequireActive(ctx, s.Groups, scope) }
	if err := s.Tx.Do(ctx, active); err != nil {
		return ImportReport{}, err
	}
	events, err := in.Read()
	if err != nil {
		return ImportReport{}, err
	}
	run := importRun{Deps: s.Deps, by: by, scope: scope, in: in, now: s.Clock.Now(), seen: map[string]bool{}}
	for _, event := range events {
		items, err := run.take(ctx, event)
		if err != nil {
			return ImportReport{}, err
		}
		run.items = append(run.items, items...)
		if len(run.items) >= maxImportItems {
			run.items = run.items[:maxImportItems]
			break
		}
	}
	return ImportReport{DryRun: in.DryRun, Items: run.items}, nil
}

// importRun is an import under way.
type importRun struct {
	Deps
	by     authz.Actor
	scope  authz.Scope
	in     ImportEvents
	now    time.Time
	seen   map[string]bool // UIDs
	events int             // that were taken over
	dates  int             // that they have
	items  []ImportItem
}

// take takes one event over. Of two imports at once that make the same event, the second one updates it.
func (r *importRun) take(ctx context.Context, file domain.FileEvent) (items []ImportItem, err error) {
	item := itemOf(file)
	switch {
	case file.Wrong != (domain.Unfit{}):
		return []ImportItem{item.skipped(file.Wrong)}, nil
	case r.seen[file.UID]:
		return []ImportItem{item.skipped(domain.Unfit{Reason: domain.UnfitDuplicate, Property: "UID"})}, nil
	case r.events == domain.MaxImportEvents:
		return []ImportItem{item.skipped(domain.Unfit{Reason: domain.UnfitEvents})}, nil
	}
	r.seen[file.UID] = true
	r.events++
	file.Draft.Scope, file.Draft.Status, file.Draft.Visibility, file.Draft.ImportUID = r.scope, r.in.Status, r.in.Visibility, file.UID
	once := func(ctx context.Context) (err error) {
		items, err = r.change(ctx, file, item)
		return err
	}
	if r.in.DryRun {
		return items, once(ctx)
	}
	if err = r.Tx.Do(ctx, once); errs.KindOf(err) == errs.Conflict {
		err = r.Tx.Do(ctx, once)
	}
	return items, err
}

// imported is an event with its dates before and after it is taken over.
type imported struct {
	was     *domain.Event // nil for a new one
	event   domain.Event
	plan    domain.Plan // of an event that there is
	dates   []domain.Occurrence
	changed bool
	edited  []domain.Occurrence // dates with changes of their own
}

// change works out what becomes of an event, and stores it unless this is a dry run.
func (r *importRun) change(ctx context.Context, file domain.FileEvent, item ImportItem) ([]ImportItem, error) {
	next, err := r.next(ctx, file)
	if unfit, ok := domain.NewUnfit(err); ok {
		return []ImportItem{item.skipped(unfit)}, nil
	}
	if err != nil {
		return nil, err
	}
	if next.was != nil {
		item.Event = next.was.ID()
	}
	switch last := lastOf(next.dates); {
	case next.was != nil && next.was.Data().Status == domain.StatusCancelled:
		return []ImportItem{item.skipped(domain.Unfit{Reason: domain.UnfitCancelledHere})}, nil
	case !last.After(r.now):
		return []ImportItem{item.skipped(domain.Unfit{Reason: domain.UnfitPast})}, nil
	case r.dates+len(next.dates) > domain.MaxImportDates:
		return []ImportItem{item.skipped(domain.Unfit{Reason: domain.UnfitDates})}, nil
	}
	items := append([]ImportItem{item}, r.changeDates(&next, file, item)...)
	items[0].Dates, items[0].Rule, items[0].Action = len(next.dates), next.event.Data().Schedule.Rule, ImportUnchanged
	switch {
	case next.was == nil:
		items[0].Action = ImportCreate
	case next.changed:
		items[0].Action = ImportUpdate
	}
	if r.in.DryRun {
		r.dates += len(next.dates)
		return items, nil
	}
	if next.was == nil {
		items[0].Event = next.event.ID()
	}
	if err := r.store(ctx, next); err != nil {
		return nil, err
	}
	r.dates += len(next.dates)
	return items, nil
}

// next is the event with what the file says about the whole of it.
func (r *importRun) next(ctx context.Context, file domain.FileEvent) (next imported, err error) {
	next.was, err = r.Events.FindImported(ctx, r.by.User, r.scope, file.UID)
	if err != nil {
		return imported{}, err
	}
	if next.was == nil {
		next.event, next.dates, err = domain.NewEvent(r.by, reqctx.From(ctx).TenantSlug, file.Draft, r.now)
		return next, err
	}
	if !r.in.DryRun {
		locked, err := r.Events.Lock(ctx, next.was.ID())
		if err != nil {
			return imported{}, err
		}
		next.was = &locked
	}
	stored, err := r.Occurrences.List(ctx, next.was.ID())
	if err != nil {
		return imported{}, err
	}
	if next.was.Data().Status == domain.StatusCancelled {
		next.event, next.dates = *next.was, stored
		return next, nil
	}
	next.event, next.plan, next.changed, err = next.was.Edit(file.Draft.FileEdit(), stored, r.now)
	next.dates = next.plan.After(stored)
	return next, err
}

// changeDates gives dates of a series what the file says about them alone, and reports about each.
func (r *importRun) changeDates(next *imported, file domain.FileEvent, of ImportItem) (items []ImportItem) {
	at := make(map[time.Time]int, len(next.dates))
	for i, o := range next.dates {
		at[o.Data().Original] = i
	}
	for _, date := range file.Dates {
		item := ImportItem{Line: date.Line, Action: ImportUnchanged, Title: of.Title, Starts: date.At, AllDay: of.AllDay, Zone: of.Zone, Event: of.Event}
		i, found := at[date.At]
		switch {
		case date.Wrong != (domain.Unfit{}):
			items = append(items, item.skipped(date.Wrong))
			continue
		case !found && date.At.Before(r.now):
			items = append(items, item.skipped(domain.Unfit{Reason: domain.UnfitPast}))
			continue
		case !found:
			items = append(items, item.skipped(domain.Unfit{Reason: domain.UnfitNoDate, Property: "RECURRENCE-ID"}))
			continue
		}
		o, changed, err := next.event.ChangeByFile(next.dates[i], date)
		unfit, refused := domain.NewUnfit(err)
		switch {
		case refused:
			item = item.skipped(unfit)
		case err != nil:
			item = item.skipped(domain.Unfit{Reason: domain.UnfitCancelledHere})
		case changed:
			item.Action = ImportUpdate
			next.dates[i], next.edited = o, append(next.edited, o)
		}
		items = append(items, item)
	}
	return items
}

// store stores an event that is taken over.
func (r *importRun) store(ctx context.Context, next imported) error {
	if next.was == nil {
		if err := groups.RequireActive(ctx, r.Groups, r.scope); err != nil {
			return err
		}
		if err := r.Events.Add(ctx, next.event); err != nil {
			return err
		}
		if err := r.Occurrences.Add(ctx, next.dates...); err != nil {
			return err
		}
		return r.record(ctx, domain.EventCreated{Change: domain.Change{Event: next.event, By: r.by.User}})
	}
	fields := domain.ChangedFields(*next.was, next.event)
	if len(next.edited) > 0 {
		fields = append(fields, "occurrence")
		if !next.changed {
			next.event = next.event.Touch(r.now)
		}
	}
	if len(fields) == 0 {
		return nil
	}
	if err := r.apply(ctx, next.event.ID(), next.plan); err != nil {
		return err
	}
	if err := r.Occurrences.Update(ctx, next.edited...); err != nil {
		return err
	}
	if err := r.Events.Update(ctx, next.event); err != nil {
		return err
	}
	return r.record(ctx, domain.EventUpdated{Change: domain.Change{Event: next.event, By: r.by.User}, Fields: fields})
}

func itemOf(file domain.FileEvent) ImportItem {
	d := file.Draft
	item := ImportItem{Line: file.Line, Title: d.Details.Title, Starts: d.Schedule.Starts, AllDay: d.Schedule.AllDay, Zone: d.Schedule.Zone}
	if title := []rune(item.Title); len(title) > maxItemTitle {
		item.Title = string(title[:maxItemTitle])
	}
	return item
}

func (i ImportItem) skipped(unfit domain.Unfit) ImportItem {
	i.Action, i.Unfit = ImportSkip, unfit
	return i
}

func lastOf(dates []domain.Occurrence) (end time.Time) {
	for _, o := range dates {
		if ends := o.Data().Ends; ends.After(end) {
			end = ends
		}
	}
	return end
}
