package app

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/activity/domain"
	"go.updspace.com/activity/ports"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/page"
)

// ReportNews is the input of News.Report.
type ReportNews struct {
	Post    uuid.UUID
	Comment int64 // zero: the post itself
	Reason  domain.ReportReason
	Text    string
}

// Report tells moderators of a post or a comment. While the caller's earlier report of the same is open, it is returned.
func (s *News) Report(ctx context.Context, by authz.Actor, in ReportNews) (domain.NewsReport, error) {
	report, err := domain.NewNewsReport(by, in.Post, in.Comment, in.Reason, in.Text, s.Clock.Now())
	if err != nil {
		return report, err
	}
	_, post, err := s.seenListed(ctx, by, in.Post)
	if err != nil {
		return report, err
	}
	own := post.WrittenBy(by.User)
	if in.Comment != 0 {
		comment, err := s.Comments.Find(ctx, by.User, in.Post, in.Comment)
		if err == nil && comment.Deleted() {
			err = domain.ErrCommentNotFound
		}
		if err != nil {
			return report, err
		}
		own = comment.WrittenBy(by.User)
	}
	if own {
		return report, domain.ErrOwnReport
	}
	err = s.Tx.Do(ctx, func(ctx context.Context) error {
		stored, err := s.Reports.Add(ctx, report)
		if err != nil || stored.ID != report.ID {
			report = stored
			return err
		}
		return s.Quota.Take(ctx, ports.RuleReports, by.User)
	})
	return report, err
}

// ReportedNews is a report with what it is about, as it is now.
type ReportedNews struct {
	Report  domain.NewsReport
	Post    domain.NewsPost
	Comment *domain.NewsComment // nil for a report about the post itself
}

// reportList names the list of reports in its cursors.
const reportList = "news reports"

// ListReports lists reports about posts that the caller moderates, newest first.
func (s *News) ListReports(ctx context.Context, by authz.Actor, open bool, request page.Request) (page.Page[ReportedNews], error) {
	none := page.Page[ReportedNews]{}
	var after uuid.UUID
	if _, err := page.Decode(reportList, request.Cursor, &after); err != nil {
		return none, err
	}
	viewer, err := s.viewer(ctx, by)
	if err == nil && viewer.Manage.None() {
		err = authz.Denied(domain.PermissionNewsManage)
	}
	if err != nil {
		return none, err
	}
	found, err := page.Fetch(request.Limit, func(limit int) ([]domain.NewsReport, error) {
		return s.Reports.List(ctx, viewer, open, after, limit)
	}, func(last domain.NewsReport) string { return page.Encode(reportList, last.ID) })
	if err != nil {
		return none, err
	}
	posts, comments := make([]uuid.UUID, len(found.Items)), []int64{}
	for i, r := range found.Items {
		posts[i] = r.PostID
		if r.CommentID != 0 {
			comments = append(comments, r.CommentID)
		}
	}
	postsByID, err := s.News.FindEach(ctx, posts)
	if err != nil {
		return none, err
	}
	commentsByID, err := s.Comments.Each(ctx, comments)
	if err != nil {
		return none, err
	}
	return page.Map(found, func(r domain.NewsReport) ReportedNews {
		reported := ReportedNews{Report: r}
		for _, p := range postsByID {
			if p.ID() == r.PostID {
				reported.Post = p
			}
		}
		for i, c := range commentsByID {
			if c.ID() == r.CommentID {
				reported.Comment = &commentsByID[i]
			}
		}
		return reported
	}), nil
}

// Resolve stores what a moderator made of a report. The other open reports of the same content are resolved with it.
func (s *News) Resolve(ctx context.Context, by authz.Actor, id uuid.UUID, resolution domain.ReportResolution) (domain.NewsReport, error) {
	viewer, err := s.viewer(ctx, by)
	if err == nil && viewer.Manage.None() {
		err = authz.Denied(domain.PermissionNewsManage)
	}
	if err != nil {
		return domain.NewsReport{}, err
	}
	var report domain.NewsReport
	err = s.Tx.Do(ctx, func(ctx context.Context) error {
		found, err := s.Reports.Lock(ctx, id)
		if err != nil {
			return err
		}
		post, err := s.News.Find(ctx, found.PostID)
		if err == nil && !viewer.Moderates(post) {
			err = domain.ErrReportNotFound
		}
		if err != nil {
			return err
		}
		if report, err = found.Resolve(by.User, resolution, s.Clock.Now()); err != nil || report == found {
			return err
		}
		if err := s.Reports.Resolve(ctx, report); err != nil {
			return err
		}
		return s.Audit.Write(ctx, s.entry("news.report_resolved", post, "", map[string]any{
			"report_id": id.String(), "comment_id": report.CommentID, "resolution": string(resolution),
		}))
	})
	return report, err
}

// WordFilter returns the words that posts and comments of the tenant must not contain.
func (s *News) WordFilter(ctx context.Context, by authz.Actor) (domain.WordFilter, error) {
	if err := s.requireManage(ctx, by); err != nil {
		return domain.WordFilter{}, err
	}
	return s.Reports.Words(ctx)
}

// SetWordFilter replaces them. What was written before stays.
func (s *News) SetWordFilter(ctx context.Context, by authz.Actor, words []string) (domain.WordFilter, error) {
	filter, err := domain.NewWordFilter(by, words, s.Clock.Now())
	if err != nil {
		return filter, err
	}
	if err := s.requireManage(ctx, by); err != nil {
		return filter, err
	}
	return filter, s.Tx.Do(ctx, func(ctx context.Context) error {
		if err := s.Reports.SetWords(ctx, filter); err != nil {
			return err
		}
		return s.Audit.Write(ctx, audit.Entry{
			Action: "news.word_filter_changed", TargetType: "tenant", TargetID: by.Tenant.String(), At: filter.UpdatedAt,
			Metadata: map[string]any{"words": len(filter.Words)},
		})
	})
}

// ListAudit returns a page of the audit log.
func (s *News) ListAudit(ctx context.Context, by authz.Actor, filter audit.Filter, request page.Request) (page.Page[audit.Entry], error) {
	if err := s.requireManage(ctx, by); err != nil {
		return page.Page[audit.Entry]{}, err
	}
	return s.Audit.List(ctx, filter, request)
}

func (s *News) requireManage(ctx context.Context, by authz.Actor) error {
	return authz.Require(ctx, s.Access, authz.Check{Permission: domain.PermissionNewsManage, Scope: authz.TenantScope(by.Tenant)})
}
