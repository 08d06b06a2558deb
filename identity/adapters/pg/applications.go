package pg

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
	"go.updspace.com/libs/pg"
)

type applicationFormRow struct {
	bun.BaseModel `bun:"table:application_forms,alias:f"`
	pg.Tenanted

	Questions []questionData `bun:"questions,type:jsonb"`
	Version   int64          `bun:"version"`
	UpdatedAt time.Time      `bun:"updated_at"`
}

// questionData is domain.Question as it is stored.
type questionData struct {
	Key       string              `json:"key"`
	Kind      domain.QuestionKind `json:"kind"`
	Label     domain.LocalText    `json:"label"`
	Required  bool                `json:"required,omitempty"`
	MaxLength int                 `json:"max_length,omitempty"`
	Options   []optionData        `json:"options,omitempty"`
}

type optionData struct {
	Value string           `json:"value"`
	Label domain.LocalText `json:"label"`
}

// ApplicationForms implements ports.ApplicationForms.
type ApplicationForms struct{ DB *pg.DB }

// Get implements ports.ApplicationForms.
func (s ApplicationForms) Get(ctx context.Context) (domain.ApplicationForm, error) {
	found, err := pg.Many(ctx, s.DB, func(r *applicationFormRow) domain.ApplicationForm {
		form := domain.ApplicationForm{Version: r.Version, UpdatedAt: r.UpdatedAt}
		for _, q := range r.Questions {
			out := domain.Question{Key: q.Key, Kind: q.Kind, Label: q.Label, Required: q.Required, MaxLength: q.MaxLength}
			for _, o := range q.Options {
				out.Options = append(out.Options, domain.QuestionOption(o))
			}
			form.Questions = append(form.Questions, out)
		}
		return form
	}, func(q *bun.SelectQuery) *bun.SelectQuery { return q })
	if err != nil || len(found) == 0 {
		return domain.ApplicationForm{}, err
	}
	return found[0], nil
}

// Put implements ports.ApplicationForms.
func (s ApplicationForms) Put(ctx context.Context, f domain.ApplicationForm) error {
	row := applicationFormRow{Questions: []questionData{}, Version: f.Version, UpdatedAt: f.UpdatedAt}
	for _, q := range f.Questions {
		out := questionData{Key: q.Key, Kind: q.Kind, Label: q.Label, Required: q.Required, MaxLength: q.MaxLength}
		for _, o := range q.Options {
			out.Options = append(out.Options, optionData(o))
		}
		row.Questions = append(row.Questions, out)
	}
	if f.Version == 1 {
		res, err := s.DB.Conn(ctx).NewInsert().Model(&row).On("CONFLICT DO NOTHING").Exec(ctx)
		return pg.ChangedOne(res, err, domain.ErrFormChanged)
	}
	res, err := s.DB.Conn(ctx).NewUpdate().Model(&row).Column("questions", "version", "updated_at").Where("version = ?", f.Version-1).Exec(ctx)
	return pg.ChangedOne(res, err, domain.ErrFormChanged)
}

type applicationRow struct {
	bun.BaseModel `bun:"table:applications,alias:a"`
	pg.Tenanted

	ID          int64                    `bun:"id,pk,autoincrement"`
	Email       string                   `bun:"email"`
	DisplayName string                   `bun:"display_name"`
	Language    string                   `bun:"language"`
	Answers     map[string]string        `bun:"answers,type:jsonb"`
	Status      domain.ApplicationStatus `bun:"status"`
	Reason      string                   `bun:"reason"`
	CreatedAt   time.Time                `bun:"created_at"`
	ReviewedAt  *time.Time               `bun:"reviewed_at"`
	ReviewedBy  *uuid.UUID               `bun:"reviewed_by,type:uuid"`
	ExpiresAt   time.Time                `bun:"expires_at"`
}

func (r *applicationRow) application() domain.Application {
	return domain.Application{
		ID: r.ID, TenantID: r.TenantID, Email: r.Email, DisplayName: r.DisplayName, Language: r.Language, Answers: r.Answers, Status: r.Status,
		Reason: r.Reason, CreatedAt: r.CreatedAt, ReviewedAt: r.ReviewedAt, ReviewedBy: r.ReviewedBy, ExpiresAt: r.ExpiresAt,
	}
}

func toApplicationRow(a domain.Application) *applicationRow {
	r := &applicationRow{
		ID: a.ID, Email: a.Email, DisplayName: a.DisplayName, Language: a.Language, Answers: a.Answers, Status: a.Status, Reason: a.Reason,
		CreatedAt: a.CreatedAt, ReviewedAt: a.ReviewedAt, ReviewedBy: a.ReviewedBy, ExpiresAt: a.ExpiresAt,
	}
	r.TenantID = a.TenantID
	return r
}

// Applications implements ports.Applications.
type Applications struct{ DB *pg.DB }

// Insert implements ports.Applications.
func (s Applications) Insert(ctx context.Context, a domain.Application) (int64, error) {
	row := toApplicationRow(a)
	res, err := s.DB.Conn(ctx).NewInsert().Model(row).On("CONFLICT (tenant_id, email) WHERE status = 'pending' DO NOTHING").Returning("id").Exec(ctx)
	return row.ID, pg.ChangedOne(res, err, domain.ErrApplicationPending)
}

// Pending implements ports.Applications.
func (s Applications) Pending(ctx context.Context, email string) (domain.Application, error) {
	return s.find(ctx, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("a.email = ?", email).Where("a.status = ?", domain.ApplicationPending)
	})
}

// ByID implements ports.Applications.
func (s Applications) ByID(ctx context.Context, id int64) (domain.Application, error) {
	return s.find(ctx, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("a.id = ?", id) })
}

// Lock implements ports.Applications.
func (s Applications) Lock(ctx context.Context, id int64) (domain.Application, error) {
	return s.find(ctx, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("a.id = ?", id).For("UPDATE") })
}

func (s Applications) find(ctx context.Context, q query) (domain.Application, error) {
	return pg.One(ctx, s.DB, domain.ErrApplicationUnknown, (*applicationRow).application, q)
}

// Decided implements ports.Applications.
func (s Applications) Decided(ctx context.Context, a domain.Application) error {
	res, err := s.DB.Conn(ctx).NewUpdate().Model(toApplicationRow(a)).
		Column("status", "reason", "reviewed_at", "reviewed_by", "expires_at").WherePK().Exec(ctx)
	return pg.ChangedOne(res, err, domain.ErrApplicationUnknown)
}

var likeEscapes = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// List implements ports.Applications.
func (s Applications) List(ctx context.Context, f ports.ApplicationFilter, limit int) ([]domain.Application, error) {
	return pg.Many(ctx, s.DB, (*applicationRow).application, func(q *bun.SelectQuery) *bun.SelectQuery {
		if f.Status != "" {
			q = q.Where("a.status = ?", f.Status)
		}
		if f.Text != "" {
			part := "%" + likeEscapes.Replace(f.Text) + "%"
			q = q.Where("(a.email ILIKE ? OR a.display_name ILIKE ?)", part, part)
		}
		if f.Before > 0 {
			q = q.Where("a.id < ?", f.Before)
		}
		return q.OrderExpr("a.id DESC").Limit(int64(limit))
	})
}

// Claim implements ports.Claims.
func (s Users) Claim(ctx context.Context, u domain.User) error {
	if err := s.update(ctx, userData(u), "status", "email_verified", "password_hash", "sessions_valid_from"); err != nil {
		return err
	}
	return s.SaveOwn(ctx, u)
}
