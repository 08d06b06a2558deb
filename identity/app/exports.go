package app

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/personaldata"
	"go.updspace.com/libs/reqctx"
)

// Exports are what the platform stores about users, for them to take along.
type Exports struct{ *Deps }

// ExportState is an export with its progress.
type ExportState struct {
	domain.DataRequest
	Parts []domain.DataPart
}

// Begin asks for an export. The gateway takes it up.
func (e *Exports) Begin(ctx context.Context, who Current, ip string) error {
	if err := e.confirmed(who); err != nil {
		return err
	}
	newest, err := e.DataRequests.Newest(ctx, who.User.ID, domain.DataExport)
	if err != nil {
		return err
	}
	if newest != nil && newest.State == domain.DataRunning {
		return domain.ErrExportRunning
	}
	if err := Limited(e.Limiter.Take(ctx, limitExports, who.User.ID.String(), 1), domain.ErrRateLimited); err != nil {
		return err
	}
	return e.Tx.Platform(ctx, func(ctx context.Context) error {
		user := who.User.ID
		if err := e.DataRequests.Insert(ctx, domain.NewDataExport(newID(), user, personaldata.Proof(user), e.Clock.Now())); err != nil {
			return err
		}
		return e.Recorder.add(ctx, audit.Entry{Actor: by(user), Action: domain.ActionExportRequested, TargetType: "user", TargetID: user.String(), IP: ip})
	})
}

// Newest is the newest export of a user that is kept; nil if there is none.
func (e *Exports) Newest(ctx context.Context, user uuid.UUID) (*ExportState, error) {
	request, err := e.DataRequests.Newest(ctx, user, domain.DataExport)
	if err != nil || request == nil || !e.Clock.Now().Before(request.ExpiresAt) {
		return nil, err
	}
	parts, err := e.DataRequests.Parts(ctx, request.ID)
	return &ExportState{*request, parts}, err
}

// Own is what identity itself stores about a user, by section.
func (e *Exports) Own(ctx context.Context, user uuid.UUID) (map[string][]map[string]any, error) {
	sections := map[string][]map[string]any{}
	err := e.own(ctx, user, func(_ int, items []personaldata.SectionItem) error {
		for _, item := range items {
			sections[item.Section] = append(sections[item.Section], item.Data)
		}
		return nil
	})
	return sections, err
}

// own calls fn with each page of what identity itself stores about a user.
func (d *Deps) own(ctx context.Context, user uuid.UUID, fn func(number int, items []personaldata.SectionItem) error) error {
	ctx = d.asService(ctx)
	for number, cursor := 0, ""; ; number++ {
		export, err := d.PersonalData.Export(ctx, user, page.Request{Limit: page.MaxLimit, Cursor: cursor})
		if err != nil {
			return err
		}
		if err := fn(number, export.Items); err != nil {
			return err
		}
		if cursor = export.Next; cursor == "" {
			return nil
		}
	}
}

// asService is the context in which identity reads and erases what it stores: for itself, and in no tenant.
func (d *Deps) asService(ctx context.Context) context.Context {
	return d.Tx.Across(reqctx.With(ctx, reqctx.Context{Caller: "identity", RequestID: reqctx.From(ctx).RequestID}))
}

// Archive writes the archive of the newest export.
func (e *Exports) Archive(ctx context.Context, who Current, ip string) (*Archive, error) {
	state, err := e.Newest(ctx, who.User.ID)
	if err != nil {
		return nil, err
	}
	if state == nil || state.State != domain.DataReady {
		return nil, domain.ErrExportUnknown
	}
	err = e.Recorder.add(ctx, audit.Entry{Actor: by(who.User.ID), Action: domain.ActionExportFetched, TargetType: "user", TargetID: who.User.ID.String(), IP: ip})
	return &Archive{state: *state, requests: e.DataRequests}, err
}
