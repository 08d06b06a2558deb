package httpapi

import (
	"context"

	"go.updspace.com/activity/app"
	"go.updspace.com/activity/domain"
	"go.updspace.com/api/activityapi"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/wire"
)

func (s news) ReportNews(ctx context.Context, r activityapi.ReportNewsRequestObject) (activityapi.ReportNewsResponseObject, error) {
	id, err := newsID(r.NewsID)
	if err != nil {
		return nil, err
	}
	report, err := s.app.Report(ctx, reqctx.From(ctx).Actor(), app.ReportNews{
		Post: id, Comment: wire.Value(r.Body.CommentID), Reason: domain.ReportReason(r.Body.Reason), Text: wire.Value(r.Body.Text),
	})
	if err != nil {
		return nil, err
	}
	return activityapi.ReportNews200JSONResponse(toAPIReport(report)), nil
}

func (s news) ListNewsReports(ctx context.Context, r activityapi.ListNewsReportsRequestObject) (activityapi.ListNewsReportsResponseObject, error) {
	open := wire.Value(r.Params.Status) != activityapi.ListNewsReportsParamsStatusAll
	found, err := s.app.ListReports(ctx, reqctx.From(ctx).Actor(), open, page.Request{Limit: wire.Value(r.Params.Limit), Cursor: wire.Value(r.Params.Cursor)})
	if err != nil {
		return nil, err
	}
	return activityapi.ListNewsReports200JSONResponse{Items: wire.Each(found.Items, toAPIReported), NextCursor: wire.OrNull(found.Next)}, nil
}

func (s news) ResolveNewsReport(ctx context.Context, r activityapi.ResolveNewsReportRequestObject) (activityapi.ResolveNewsReportResponseObject, error) {
	report, err := s.app.Resolve(ctx, reqctx.From(ctx).Actor(), r.ReportID, domain.ReportResolution(r.Body.Resolution))
	if err != nil {
		return nil, err
	}
	return activityapi.ResolveNewsReport200JSONResponse(toAPIReport(report)), nil
}

func (s news) GetNewsWordFilter(ctx context.Context, _ activityapi.GetNewsWordFilterRequestObject) (activityapi.GetNewsWordFilterResponseObject, error) {
	filter, err := s.app.WordFilter(ctx, reqctx.From(ctx).Actor())
	if err != nil {
		return nil, err
	}
	return activityapi.GetNewsWordFilter200JSONResponse{Words: filter.Words}, nil
}

func (s news) SetNewsWordFilter(ctx context.Context, r activityapi.SetNewsWordFilterRequestObject) (activityapi.SetNewsWordFilterResponseObject, error) {
	filter, err := s.app.SetWordFilter(ctx, reqctx.From(ctx).Actor(), r.Body.Words)
	if err != nil {
		return nil, err
	}
	return activityapi.SetNewsWordFilter200JSONResponse{Words: filter.Words}, nil
}

func (s news) ListAudit(ctx context.Context, r activityapi.ListAuditRequestObject) (activityapi.ListAuditResponseObject, error) {
	p := r.Params
	entries, err := s.app.ListAudit(ctx, reqctx.From(ctx).Actor(), audit.FromAPI(p.ActorID, p.Action, p.TargetType, p.TargetID, p.From, p.To),
		page.Request{Limit: wire.Value(p.Limit), Cursor: wire.Value(p.Cursor)})
	if err != nil {
		return nil, err
	}
	return activityapi.ListAudit200JSONResponse{AuditJSONResponse: audit.ToAPI(entries)}, nil
}

func toAPIReport(r domain.NewsReport) activityapi.NewsReport {
	return activityapi.NewsReport{
		ID: r.ID, NewsID: r.PostID, CommentID: wire.OrNull(r.CommentID), Reason: activityapi.NewsReportReason(r.Reason), Text: r.Text, CreatedAt: r.CreatedAt,
		Resolution: wire.OrNull(activityapi.NewsReportResolution(r.Resolution)), ResolvedAt: wire.TimeOrNull(r.ResolvedAt),
	}
}

// toAPIReported is a report with what moderators decide by.
func toAPIReported(r app.ReportedNews) activityapi.NewsReport {
	report, post := toAPIReport(r.Report), r.Post.Data()
	body, author := post.Body, post.AuthorID
	if r.Comment != nil {
		body, author = r.Comment.Data().Body, r.Comment.Data().AuthorID
	}
	report.Title, report.Body, report.AuthorID, report.ReporterID = new(r.Post.Heading()), &body, &author, &r.Report.ReporterID
	return report
}
