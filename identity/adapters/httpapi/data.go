package httpapi

import (
	"cmp"
	"context"
	"io"
	"net/http"
	"time"

	"github.com/oapi-codegen/nullable"

	"go.updspace.com/api/commonapi"
	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity/adapters/httpapi/browserauth"
	"go.updspace.com/identity/app"
	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
	"go.updspace.com/libs/personaldata"
	"go.updspace.com/libs/wire"
)

func (s server) GetDataRequests(ctx context.Context, _ identityapi.GetDataRequestsRequestObject) (identityapi.GetDataRequestsResponseObject, error) {
	who, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	body, err := s.dataRequests(ctx, who)
	return identityapi.GetDataRequests200JSONResponse{Body: body}, err
}

func (s server) dataRequests(ctx context.Context, who app.Current) (identityapi.DataRequests, error) {
	out := identityapi.DataRequests{
		Export: nullable.NewNullNullable[identityapi.DataExport](), Deletion: nullable.NewNullNullable[identityapi.AccountDeletion](),
	}
	export, err := s.Exports.Newest(ctx, who.User.ID)
	if err != nil {
		return out, err
	}
	if export != nil {
		out.Export.Set(toDataExport(*export))
	}
	deletion, err := s.Deletions.Pending(ctx, who.User.ID)
	if deletion != nil {
		out.Deletion.Set(identityapi.AccountDeletion{RequestedAt: deletion.RequestedAt.UTC(), DueAt: deletion.DueAt.UTC()})
	}
	return out, err
}

func toDataExport(e app.ExportState) identityapi.DataExport {
	out := identityapi.DataExport{
		State: identityapi.DataExportState(e.State), RequestedAt: e.RequestedAt.UTC(), ExpiresAt: orNull[time.Time](nil), PartsTotal: e.PartsTotal,
		Missing: []identityapi.DataPartName{},
	}
	if e.State == domain.DataReady {
		out.ExpiresAt = orNull(utc(&e.ExpiresAt))
	}
	for _, p := range e.Parts {
		switch p.State {
		case "missing":
			out.Missing = append(out.Missing, toDataPartName(p))
		case "done":
			out.PartsDone++
		}
	}
	return out
}

func toDataPartName(p domain.DataPart) identityapi.DataPartName {
	return identityapi.DataPartName{Tenant: p.Tenant, Service: p.Service}
}

func (s server) BeginDataExport(ctx context.Context, _ identityapi.BeginDataExportRequestObject) (identityapi.BeginDataExportResponseObject, error) {
	who, err := s.current(ctx)
	if err == nil {
		err = s.Exports.Begin(ctx, who, browserauth.From(ctx).Origin.IP)
	}
	if err != nil {
		return nil, err
	}
	body, err := s.dataRequests(ctx, who)
	return identityapi.BeginDataExport200JSONResponse{Body: body}, err
}

func (s server) GetDataArchive(ctx context.Context, _ identityapi.GetDataArchiveRequestObject) (identityapi.GetDataArchiveResponseObject, error) {
	who, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	archive, err := s.Exports.Archive(ctx, who, browserauth.From(ctx).Origin.IP)
	if err != nil {
		return nil, err
	}
	read, write := io.Pipe()
	go func() { write.CloseWithError(archive.Write(ctx, write)) }()
	return archiveFile{archive.Name(), read}, nil
}

// archiveFile answers with an archive.
type archiveFile struct {
	name string
	body *io.PipeReader
}

// VisitGetDataArchiveResponse implements the generated interface.
func (f archiveFile) VisitGetDataArchiveResponse(w http.ResponseWriter) error {
	defer f.body.Close() // ends the writer, too
	w.Header().Set("Content-Type", "application/zip")
	w.Header().Set("Content-Disposition", `attachment; filename="`+f.name+`"`)
	_, err := io.Copy(w, f.body)
	return err
}

func (s server) ExportAccount(ctx context.Context, r identityapi.ExportAccountRequestObject) (identityapi.ExportAccountResponseObject, error) {
	who, err := s.current(ctx)
	if err == nil {
		proof := app.Proof{Password: wire.Value(r.Body.Password), Code: cmp.Or(wire.Value(r.Body.MfaCode), wire.Value(r.Body.RecoveryCode))}
		err = s.Exports.Prove(ctx, who, proof, browserauth.From(ctx).Origin.IP)
	}
	if err != nil {
		return nil, err
	}
	sections, err := s.Exports.Own(ctx, who.User.ID)
	if err != nil {
		return nil, err
	}
	account := sections["account"][0]
	pick := func(names ...string) map[string]any {
		out := map[string]any{}
		for _, name := range names {
			out[name] = account[name]
		}
		return out
	}
	list := func(name string) []map[string]any {
		rows := sections[name]
		delete(sections, name)
		return append([]map[string]any{}, rows...)
	}
	payload := identityapi.AccountExportPayload{
		User:     pick("user_id", "username", "email", "email_verified", "display_name", "status", "system_admin", "created_at"),
		Profile:  pick("first_name", "last_name", "phone_number", "phone_verified", "birth_date"),
		Consents: list("consents"), Sessions: list("sessions"), LoginEvents: list("logins"), OauthAccounts: list("external_identities"),
		Preferences: pick("language", "timezone", "theme"), GeneratedAt: s.Exports.Clock.Now().UTC(),
	}
	delete(sections, "account")
	payload.Other = sections
	return identityapi.ExportAccount200JSONResponse{Body: identityapi.AccountExport{Ok: true, Payload: payload}}, nil
}

func (s server) DeleteAccount(ctx context.Context, r identityapi.DeleteAccountRequestObject) (identityapi.DeleteAccountResponseObject, error) {
	who, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	b := r.Body
	proof := app.Proof{Password: wire.Value(b.Password), Code: cmp.Or(wire.Value(b.MfaCode), wire.Value(b.RecoveryCode))}
	request, err := s.Deletions.Request(ctx, who, proof, wire.Value(b.Reason), browserauth.From(ctx).Origin)
	return identityapi.DeleteAccount200JSONResponse{Body: identityapi.DeletionRequested{
		Ok: true, Message: "The account will be deleted. Until then you can sign in and keep it.", DueAt: request.DueAt.UTC(),
	}}, err
}

func (s server) KeepAccount(ctx context.Context, _ identityapi.KeepAccountRequestObject) (identityapi.KeepAccountResponseObject, error) {
	who, err := s.current(ctx)
	if err == nil {
		err = s.Deletions.Keep(ctx, who.User, browserauth.From(ctx).Origin)
	}
	return identityapi.KeepAccount200JSONResponse{Body: identityapi.Message{Ok: true, Message: "The account stays."}}, err
}

func (s server) ClaimDataTask(ctx context.Context, _ identityapi.ClaimDataTaskRequestObject) (identityapi.ClaimDataTaskResponseObject, error) {
	task, err := s.DataTasks.Claim(ctx)
	out := identityapi.ClaimedDataTask{Task: nullable.NewNullNullable[identityapi.DataTask]()}
	if task != nil {
		kind := identityapi.DataTaskKindExport
		switch {
		case task.State == domain.DataSweeping:
			kind = identityapi.DataTaskKindSweep
		case task.Kind == domain.DataDeletion:
			kind = identityapi.DataTaskKindErasure
		}
		wired := identityapi.DataTask{
			ID: task.ID, Kind: kind, UserID: *task.UserID, Attempt: task.Attempts, Names: append([]string{}, task.Names...),
			Done: wire.Each(task.Done, toDataPartName),
		}
		wired.Tenants = wire.Each(task.Tenants, func(t ports.TenantRef) (out struct {
			ID   commonapi.ID `json:"id"`
			Slug string       `json:"slug"`
		},
		) {
			out.ID, out.Slug = t.ID, t.Slug
			return out
		})
		out.Task.Set(wired)
	}
	return identityapi.ClaimDataTask200JSONResponse(out), err
}

func (s server) ReportDataPart(ctx context.Context, r identityapi.ReportDataPartRequestObject) (identityapi.ReportDataPartResponseObject, error) {
	b := r.Body
	return identityapi.ReportDataPart204Response{}, s.DataTasks.Report(ctx, r.RequestID, app.DataReport{
		DataPart: domain.DataPart{Tenant: b.Tenant, Service: b.Service, State: string(b.State), Counts: b.Counts}, Total: b.Total, Page: b.Page,
		Items: wire.Each(b.Items, func(i commonapi.PersonalDataItem) personaldata.SectionItem {
			return personaldata.SectionItem{Section: i.Section, Data: i.Data}
		}),
	})
}

func (s server) FinishDataTask(ctx context.Context, r identityapi.FinishDataTaskRequestObject) (identityapi.FinishDataTaskResponseObject, error) {
	return identityapi.FinishDataTask204Response{}, s.DataTasks.Finish(ctx, r.RequestID)
}
