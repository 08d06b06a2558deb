package portstest

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/activity/domain"
	"go.updspace.com/activity/ports"
	"go.updspace.com/libs/reqctx"
)

type likeKey struct {
	comment int64
	user    uuid.UUID
}

type memoryComments struct{ *memoryNews }

// read is a comment as a reader sees it.
func (m memoryComments) read(ctx context.Context, reader uuid.UUID, d domain.NewsCommentData) domain.NewsComment {
	_, d.Liked = m.likes.Get(ctx, likeKey{d.ID, reader})
	return domain.RestoreNewsComment(d)
}

func (m memoryComments) Find(ctx context.Context, reader, post uuid.UUID, id int64) (domain.NewsComment, error) {
	d, ok := m.comments.Get(ctx, id)
	if !ok || d.PostID != post {
		return domain.NewsComment{}, domain.ErrCommentNotFound
	}
	return m.read(ctx, reader, d), nil
}

func (m memoryComments) Lock(ctx context.Context, reader, post uuid.UUID, id int64) (domain.NewsComment, error) {
	if err := m.RequireTx(ctx, "Lock"); err != nil {
		return domain.NewsComment{}, err
	}
	return m.Find(ctx, reader, post, id)
}

func (m memoryComments) Each(ctx context.Context, ids []int64) ([]domain.NewsComment, error) {
	found := []domain.NewsComment{}
	for _, id := range ids {
		if d, ok := m.comments.Get(ctx, id); ok {
			found = append(found, domain.RestoreNewsComment(d))
		}
	}
	return found, nil
}

func (m memoryComments) List(ctx context.Context, reader uuid.UUID, f ports.CommentFilter, limit int) ([]domain.NewsComment, error) {
	found := m.comments.All(ctx, func(d domain.NewsCommentData) bool {
		return d.PostID == f.Post && d.ID > f.After && (!f.Threads || d.ParentID == f.Parent)
	})
	slices.SortFunc(found, func(a, b domain.NewsCommentData) int { return cmp.Compare(a.ID, b.ID) })
	list := make([]domain.NewsComment, min(limit, len(found)))
	for i := range list {
		list[i] = m.read(ctx, reader, found[i])
	}
	return list, nil
}

func (m memoryComments) Add(ctx context.Context, comment domain.NewsComment) (domain.NewsComment, error) {
	d := comment.Data()
	if err := m.change(ctx, d.PostID, func(post *domain.NewsData) { post.Comments++ }); err != nil {
		return comment, err
	}
	if parent, ok := m.comments.Get(ctx, d.ParentID); ok {
		parent.Replies++
		m.comments.Put(ctx, parent.ID, parent)
	}
	d.ID = m.next()
	m.comments.Put(ctx, d.ID, d)
	return comment.Stored(d.ID), nil
}

// changed changes a comment that is not deleted.
func (m memoryComments) changed(ctx context.Context, id int64, change func(*domain.NewsCommentData)) error {
	d, ok := m.comments.Get(ctx, id)
	if !ok || !d.DeletedAt.IsZero() {
		return domain.ErrCommentNotFound
	}
	change(&d)
	m.comments.Put(ctx, id, d)
	return nil
}

func (m memoryComments) Edit(ctx context.Context, comment domain.NewsComment) error {
	return m.changed(ctx, comment.ID(), func(d *domain.NewsCommentData) { d.Body, d.EditedAt = comment.Data().Body, comment.Data().EditedAt })
}

func (m memoryComments) Delete(ctx context.Context, comment domain.NewsComment) error {
	d := comment.Data()
	err := m.changed(ctx, d.ID, func(kept *domain.NewsCommentData) { kept.Body, kept.Likes, kept.DeletedAt = "", 0, d.DeletedAt })
	if err != nil {
		return err
	}
	m.likes.Delete(ctx, func(k likeKey) bool { return k.comment == d.ID })
	return m.change(ctx, d.PostID, func(post *domain.NewsData) { post.Comments-- })
}

func (m memoryComments) Like(ctx context.Context, comment int64, user uuid.UUID, _ time.Time) (bool, error) {
	key := likeKey{comment, user}
	if _, liked := m.likes.Get(ctx, key); liked {
		return false, nil
	}
	m.likes.Put(ctx, key, key)
	return true, m.changed(ctx, comment, func(d *domain.NewsCommentData) { d.Likes++ })
}

func (m memoryComments) Unlike(ctx context.Context, comment int64, user uuid.UUID) (bool, error) {
	key := likeKey{comment, user}
	if _, liked := m.likes.Get(ctx, key); !liked {
		return false, nil
	}
	m.likes.Delete(ctx, func(k likeKey) bool { return k == key })
	return true, m.changed(ctx, comment, func(d *domain.NewsCommentData) { d.Likes-- })
}

type keptImage struct {
	domain.NewsImageData

	discarded bool
	freed     time.Time
}

type memoryImages struct{ *memoryNews }

func (m memoryImages) Add(ctx context.Context, image domain.NewsImage) error {
	d := image.Data()
	if len(m.images.All(ctx, func(i keptImage) bool { return i.UploaderID == d.UploaderID && i.PostID == uuid.Nil && !i.discarded })) >= domain.MaxPendingMedia {
		return domain.ErrTooManyMedia
	}
	m.images.Put(ctx, d.ID, keptImage{NewsImageData: d, freed: d.CreatedAt})
	return nil
}

func (m memoryImages) Find(ctx context.Context, id uuid.UUID) (domain.NewsImage, error) {
	image, ok := m.images.Get(ctx, id)
	if !ok || image.discarded {
		return domain.NewsImage{}, domain.ErrMediaNotFound
	}
	return domain.RestoreNewsImage(image.NewsImageData), nil
}

func (m memoryImages) Complete(ctx context.Context, image domain.NewsImage) error {
	kept, ok := m.images.Get(ctx, image.ID())
	if !ok || kept.discarded || kept.Content.Type != "" {
		return domain.ErrMediaNotFound
	}
	kept.Content = image.Data().Content
	m.images.Put(ctx, kept.ID, kept)
	return nil
}

func (m memoryImages) Each(ctx context.Context, ids []uuid.UUID) ([]domain.NewsImage, error) {
	found := []domain.NewsImage{}
	for _, id := range ids {
		if image, err := m.Find(ctx, id); err == nil {
			found = append(found, image)
		}
	}
	return found, nil
}

func (m memoryImages) Attach(ctx context.Context, post uuid.UUID, ids []uuid.UUID, now time.Time) (bool, error) {
	for _, image := range m.images.All(ctx, func(i keptImage) bool { return i.PostID == post && !slices.Contains(ids, i.ID) }) {
		image.PostID, image.freed = uuid.Nil, now
		m.images.Put(ctx, image.ID, image)
	}
	all := true
	for _, id := range ids {
		image, ok := m.images.Get(ctx, id)
		if !ok || image.discarded || image.Content.Type == "" || image.PostID != uuid.Nil && image.PostID != post {
			all = false
			continue
		}
		image.PostID = post
		m.images.Put(ctx, id, image)
	}
	return all, nil
}

func (m memoryImages) Abandoned(ctx context.Context, before time.Time, limit int) (images []domain.NewsImage, err error) {
	for _, image := range m.images.AllTenants(ctx, func(i keptImage) bool { return i.PostID == uuid.Nil && (i.discarded || i.freed.Before(before)) }) {
		if len(images) == limit {
			break
		}
		image.discarded = true
		m.images.Put(reqctx.With(ctx, reqctx.Context{TenantID: image.TenantID}), image.ID, image)
		images = append(images, domain.RestoreNewsImage(image.NewsImageData))
	}
	return images, nil
}

func (m memoryImages) Forget(ctx context.Context, ids ...uuid.UUID) error {
	for _, image := range m.images.AllTenants(ctx, func(i keptImage) bool { return slices.Contains(ids, i.ID) }) {
		m.images.Delete(reqctx.With(ctx, reqctx.Context{TenantID: image.TenantID}), func(i keptImage) bool { return i.ID == image.ID })
	}
	return nil
}

type memoryReports struct{ *memoryNews }

func (m memoryReports) Add(ctx context.Context, report domain.NewsReport) (domain.NewsReport, error) {
	if _, ok := m.posts.Get(ctx, report.PostID); !ok {
		return report, domain.ErrNewsNotFound
	}
	if known, ok := m.reports.First(ctx, func(r domain.NewsReport) bool { return about(r, report) && r.ReporterID == report.ReporterID }); ok {
		return known, nil
	}
	m.reports.Put(ctx, report.ID, report)
	return report, nil
}

// about reports whether a report is open and about the same content as another.
func about(r, other domain.NewsReport) bool {
	return r.Resolution == domain.ReportOpen && r.PostID == other.PostID && r.CommentID == other.CommentID
}

func (m memoryReports) Lock(ctx context.Context, id uuid.UUID) (domain.NewsReport, error) {
	report, ok := m.reports.Get(ctx, id)
	if !ok {
		return domain.NewsReport{}, domain.ErrReportNotFound
	}
	return report, nil
}

func (m memoryReports) List(ctx context.Context, viewer domain.NewsViewer, open bool, after uuid.UUID, limit int) ([]domain.NewsReport, error) {
	found := m.reports.All(ctx, func(r domain.NewsReport) bool {
		return (!open || r.Resolution == domain.ReportOpen) && (after == uuid.Nil || bytes.Compare(r.ID[:], after[:]) < 0)
	})
	found = slices.DeleteFunc(found, func(r domain.NewsReport) bool {
		post, err := m.memoryNews.Find(ctx, r.PostID)
		return err != nil || !viewer.Moderates(post)
	})
	slices.SortFunc(found, func(a, b domain.NewsReport) int { return bytes.Compare(b.ID[:], a.ID[:]) })
	return found[:min(limit, len(found))], nil
}

func (m memoryReports) Resolve(ctx context.Context, report domain.NewsReport) error {
	for _, r := range m.reports.All(ctx, func(r domain.NewsReport) bool { return about(r, report) }) {
		r.Resolution, r.ResolvedAt, r.ResolvedBy = report.Resolution, report.ResolvedAt, report.ResolvedBy
		m.reports.Put(ctx, r.ID, r)
	}
	return nil
}

const wordFilter = "the filter"

func (m memoryReports) Words(ctx context.Context) (domain.WordFilter, error) {
	filter, ok := m.words.Get(ctx, wordFilter)
	if !ok {
		filter.Words = []string{}
	}
	return filter, nil
}

func (m memoryReports) SetWords(ctx context.Context, filter domain.WordFilter) error {
	m.words.Put(ctx, wordFilter, filter)
	return nil
}
