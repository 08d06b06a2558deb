package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"

	"go.updspace.com/bff/domain"
	"go.updspace.com/bff/ports"
	"go.updspace.com/libs/errs"
)

const (
	// exportAttempts is how often a service is asked for an export before it counts as missing.
	exportAttempts = 5
	// sweepAttempts is how often an erasure is repeated while there is still something to erase.
	sweepAttempts = 10
	// maxExportPages bounds what one service exports about one user in one tenant.
	maxExportPages = 50_000
)

// DataWork collects exports from all services and has them erase users. The ID service keeps what there is to do and what is done, so any instance goes
// on where another has stopped, and no two do the same.
type DataWork struct {
	tasks  ports.DataTasks
	data   ports.PersonalData
	events ports.Events
	log    *slog.Logger
}

// NewDataWork makes the use case. Without tasks it does nothing.
func NewDataWork(tasks ports.DataTasks, data ports.PersonalData, events ports.Events, log *slog.Logger) *DataWork {
	return &DataWork{tasks, data, events, log}
}

// Work does what is due. A task that a service holds up is claimed again later, and then only asks for what is left.
func (w *DataWork) Work(ctx context.Context) error {
	if w.tasks == nil {
		return nil
	}
	for {
		task, err := w.tasks.Claim(ctx)
		if err != nil || task == nil {
			return err
		}
		complete, err := w.do(ctx, *task)
		if err != nil {
			w.log.WarnContext(ctx, "an export or a deletion is not complete yet", "task", task.ID, "kind", task.Kind, "attempt", task.Attempt, "error", err)
		}
		if complete {
			if err := w.tasks.Finish(ctx, task.ID); err != nil {
				return err
			}
		}
	}
}

func (w *DataWork) do(ctx context.Context, task domain.DataTask) (complete bool, err error) {
	var failed error
	left := int64(0)
	for _, tenant := range task.Tenants {
		names, err := w.names(ctx, task, tenant)
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("%s: %w", tenant.Slug, err))
			continue
		}
		for _, service := range w.data.Services() {
			if task.Done[domain.DataPartName{Tenant: tenant.Slug, Service: service}] {
				continue
			}
			n, err := w.part(ctx, task, tenant, service, names)
			if left += n; err != nil {
				failed = errors.Join(failed, fmt.Errorf("%s: %s: %w", tenant.Slug, service, err))
				if task.Kind != domain.TaskExport {
					break // portal is the last, because it knows the names
				}
			}
		}
	}
	if failed != nil || task.Kind != domain.TaskSweep {
		return failed == nil, failed
	}
	if left > 0 && task.Attempt < sweepAttempts { // what this round has changed may be under way now
		return false, nil
	}
	err = w.events.Forget(ctx, task.User.String())
	return err == nil, err
}

// names are those that an erasure in a tenant removes from what others wrote. What the broker keeps of that goes first, while the names are known.
func (w *DataWork) names(ctx context.Context, task domain.DataTask, tenant domain.Tenant) ([]string, error) {
	if task.Kind != domain.TaskErasure {
		return nil, nil
	}
	known, err := w.data.Names(ctx, tenant, task.User)
	if err != nil {
		return nil, err
	}
	names := domain.ErasedNames(append(task.Names[:len(task.Names):len(task.Names)], known...)...)
	if unmistakable := domain.Unmistakable(names); len(unmistakable) > 0 {
		err = w.events.Forget(ctx, unmistakable...)
	}
	return names, err
}

// part deals with one service in one tenant and returns how much it has erased.
func (w *DataWork) part(ctx context.Context, task domain.DataTask, tenant domain.Tenant, service string, names []string) (int64, error) {
	part := domain.DataPart{
		DataPartName: domain.DataPartName{Tenant: tenant.Slug, Service: service}, Total: len(task.Tenants) * len(w.data.Services()), State: "done",
		Counts: map[string]int64{},
	}
	if task.Kind == domain.TaskExport {
		return 0, w.export(ctx, task, tenant, part)
	}
	erased, err := eraseIn(ctx, w.data, service, tenant, task.User, names)
	if err != nil {
		return 0, err
	}
	total := int64(0)
	for _, e := range erased {
		for section, n := range e.Counts {
			part.Counts[section] += n
		}
	}
	for n := range maps.Values(part.Counts) {
		total += n
	}
	return total, w.tasks.Report(ctx, task.ID, part)
}

func (w *DataWork) export(ctx context.Context, task domain.DataTask, tenant domain.Tenant, part domain.DataPart) error {
	cursor := ""
	for part.Page = 0; part.Page < maxExportPages; part.Page++ {
		items, next, err := w.data.Export(ctx, part.Service, tenant, task.User, cursor)
		if err != nil {
			if task.Attempt < exportAttempts {
				return err
			}
			part.State, part.Items = "missing", nil
			return w.tasks.Report(ctx, task.ID, part)
		}
		part.Items, part.State = items, "more"
		if next == "" {
			part.State = "done"
		}
		if err := w.tasks.Report(ctx, task.ID, part); err != nil || next == "" {
			return err
		}
		cursor = next
	}
	return errs.Internalf("%s does not come to an end with exporting", part.Service)
}
