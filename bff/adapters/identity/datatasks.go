package identity

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/api/commonapi"
	"go.updspace.com/api/identityapi"
	"go.updspace.com/bff/domain"
	"go.updspace.com/bff/ports"
	"go.updspace.com/libs/wire"
)

// taskPatience is longer than the ID service takes to delete an account.
const taskPatience = 2 * time.Minute

// DataTasks implements ports.DataTasks.
type DataTasks struct {
	api *identityapi.ClientWithResponses
}

var _ ports.DataTasks = DataTasks{}

// NewDataTasks returns a client of the service at url. transport signs.
func NewDataTasks(url string, transport http.RoundTripper) (DataTasks, error) {
	api, err := identityapi.NewClientWithResponses(url, identityapi.WithHTTPClient(&http.Client{Transport: transport, Timeout: taskPatience}))
	if err != nil {
		return DataTasks{}, fmt.Errorf("making the client of identity: %w", err)
	}
	return DataTasks{api}, nil
}

func own(ctx context.Context) context.Context { return as(ctx, domain.Tenant{}, uuid.Nil) }

// Claim implements ports.DataTasks.
func (d DataTasks) Claim(ctx context.Context) (*domain.DataTask, error) {
	claimed, err := answered(d.api.ClaimDataTaskWithResponse(own(ctx)))
	if err != nil || claimed.Task.IsNull() {
		return nil, err
	}
	t := claimed.Task.MustGet()
	task := &domain.DataTask{
		ID: t.ID, Kind: domain.DataTaskKind(t.Kind), User: t.UserID, Attempt: t.Attempt, Names: t.Names, Done: map[domain.DataPartName]bool{},
	}
	for _, tenant := range t.Tenants {
		task.Tenants = append(task.Tenants, domain.Tenant{ID: tenant.ID, Slug: tenant.Slug})
	}
	for _, p := range t.Done {
		task.Done[domain.DataPartName{Tenant: p.Tenant, Service: p.Service}] = true
	}
	return task, nil
}

// Report implements ports.DataTasks.
func (d DataTasks) Report(ctx context.Context, task uuid.UUID, p domain.DataPart) error {
	return done(d.api.ReportDataPartWithResponse(own(ctx), task, identityapi.DataPart{
		Tenant: p.Tenant, Service: p.Service, Total: p.Total, State: identityapi.DataPartState(p.State), Page: p.Page, Counts: p.Counts,
		Items: wire.Each(p.Items, func(i domain.DataItem) commonapi.PersonalDataItem {
			return commonapi.PersonalDataItem{Section: i.Section, Data: i.Data}
		}),
	}))
}

// Finish implements ports.DataTasks.
func (d DataTasks) Finish(ctx context.Context, task uuid.UUID) error {
	return done(d.api.FinishDataTaskWithResponse(own(ctx), task))
}

// done is nil for a 204, else the error that the answer stands for.
func done(a answer, err error) error {
	switch {
	case err != nil:
		return away(err)
	case a.StatusCode() == http.StatusNoContent:
		return nil
	}
	return refusal(a)
}
