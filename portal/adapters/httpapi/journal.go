package httpapi

import (
	"context"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/portal/app"
)

type journal struct{ app *app.Journal }

func (s journal) ListJournal(ctx context.Context, r portalapi.ListJournalRequestObject) (portalapi.ListJournalResponseObject, error) {
	page, err := s.app.List(ctx, actor(ctx), app.ListEntries{
		Actor: value(r.Params.ActorID), Action: value(r.Params.Action), Target: value(r.Params.TargetID), Paging: paging(r.Params.Limit, r.Params.Cursor),
	})
	if err != nil {
		return nil, err
	}
	return portalapi.ListJournal200JSONResponse(ToAPIEntryPage(page)), nil
}
