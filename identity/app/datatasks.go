package app

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
	"go.updspace.com/libs/personaldata"
)

// DataTasks are exports and deletions as the gateway works on them: it reaches every service.
type DataTasks struct {
	*Deps
	Deletions *Deletions
}

// DataTask is what the gateway does next.
type DataTask struct {
	domain.DataRequest
	Names   []string // of the account, for erasures
	Tenants []ports.TenantRef
	Done    []domain.DataPart
}

// Claim takes the next request that is due; nil if there is none. A deletion whose grace is over is begun, and its memberships end; it is due again
// when services have learned of that.
func (t *DataTasks) Claim(ctx context.Context) (*DataTask, error) {
	request, err := t.DataRequests.Claim(ctx, domain.DataTaskLease, t.Clock.Now())
	if err != nil || request == nil {
		return nil, err
	}
	if request.State == domain.DataWaiting {
		if err := t.Deletions.begin(ctx, *request); err != nil {
			return nil, err
		}
		user, err := t.Users.ByID(ctx, *request.UserID)
		if err == nil {
			_, err = t.Deletions.leave(ctx, user)
		}
		return nil, err
	}
	task := DataTask{DataRequest: *request}
	if task.Tenants, err = t.DataRequests.Tenants(ctx, request.ID, *request.UserID); err != nil {
		return nil, err
	}
	user, err := t.Users.ByID(ctx, *request.UserID)
	switch {
	case errors.Is(err, domain.ErrUserUnknown): // a sweep
		return &task, nil
	case err != nil:
		return nil, err
	}
	if request.Kind == domain.DataDeletion {
		if left, err := t.Deletions.leave(ctx, user); err != nil || left {
			if err == nil { // services learn of it by events
				err = t.DataRequests.Extend(ctx, request.ID, request.PartsTotal, t.Clock.Now().Add(domain.DeletionSettles))
			}
			return nil, err
		}
		task.Names = erasedNames(user)
	}
	parts, err := t.DataRequests.Parts(ctx, request.ID)
	for _, p := range parts {
		if p.Reported() {
			task.Done = append(task.Done, p)
		}
	}
	return &task, err
}

// DataReport is what a service has answered: a page of an export, or the receipt of an erasure.
type DataReport struct {
	domain.DataPart
	Total int // parts of the task
	Page  int
	Items []personaldata.SectionItem
}

// exportItem is an item of an export in the archive.
type exportItem struct {
	Section string         `json:"section"`
	Data    map[string]any `json:"data"`
}

// Report stores what a service has answered.
func (t *DataTasks) Report(ctx context.Context, id uuid.UUID, r DataReport) error {
	return t.Tx.Platform(ctx, func(ctx context.Context) error {
		request, err := t.open(ctx, id)
		if err != nil {
			return err
		}
		if request.State == domain.DataSweeping { // the receipt is that of the first round
			return t.DataRequests.Extend(ctx, id, request.PartsTotal, t.Clock.Now().Add(domain.DataTaskLease))
		}
		if request.Kind == domain.DataExport && len(r.Items) > 0 {
			if err := t.putPage(ctx, id, ports.DataPage{Tenant: r.Tenant, Service: r.Service, Page: r.Page}, r.Items); err != nil {
				return err
			}
		}
		if err := t.DataRequests.PutPart(ctx, id, r.DataPart); err != nil {
			return err
		}
		return t.DataRequests.Extend(ctx, id, r.Total, t.Clock.Now().Add(domain.DataTaskLease))
	})
}

func (t *DataTasks) putPage(ctx context.Context, id uuid.UUID, p ports.DataPage, items []personaldata.SectionItem) (err error) {
	listed := make([]exportItem, len(items))
	for i, item := range items {
		listed[i] = exportItem{item.Section, item.Data}
	}
	if p.JSON, err = pageOf(listed); err != nil {
		return err
	}
	return t.DataRequests.PutPage(ctx, id, p)
}

// open is a request that is worked on, locked.
func (t *DataTasks) open(ctx context.Context, id uuid.UUID) (domain.DataRequest, error) {
	request, err := t.DataRequests.Lock(ctx, id)
	if err == nil && request.State != domain.DataRunning && request.State != domain.DataSweeping {
		err = domain.ErrDataRequestUnknown
	}
	return request, err
}

// Finish is called when every part was reported. An export is ready then; of a deletion the account goes, and after the sweep the request itself
// forgets whose it was.
func (t *DataTasks) Finish(ctx context.Context, id uuid.UUID) error {
	return t.Tx.Platform(ctx, func(ctx context.Context) error {
		request, err := t.open(ctx, id)
		if err != nil {
			return err
		}
		user := *request.UserID
		switch {
		case request.Kind == domain.DataExport:
			err = t.own(ctx, user, func(number int, items []personaldata.SectionItem) error {
				return t.putPage(ctx, id, ports.DataPage{Page: number}, items)
			})
		case request.State == domain.DataRunning:
			err = t.Deletions.erase(ctx, request)
		default: // what was under way during the erasure, and its own traces
			_, err = t.eraseOwn(ctx, user)
		}
		if err != nil {
			return err
		}
		if err := request.Finish(t.Clock.Now()); err != nil {
			return err
		}
		return t.DataRequests.Save(ctx, request)
	})
}
