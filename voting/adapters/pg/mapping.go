package pg

import (
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/libs/pg"
	"go.updspace.com/voting/domain"
)

type pollRow struct {
	bun.BaseModel `bun:"table:polls,alias:p"`
	pg.Tenanted

	ID                uuid.UUID       `bun:"id,pk,type:uuid"`
	Title             string          `bun:"title"`
	Description       string          `bun:"description"`
	Status            string          `bun:"status"`
	ScopeType         string          `bun:"scope_type"`
	ScopeID           string          `bun:"scope_id"`
	Visibility        string          `bun:"visibility"`
	Template          string          `bun:"template"`
	AllowRevoting     bool            `bun:"allow_revoting"`
	Anonymous         bool            `bun:"anonymous"`
	ResultsVisibility string          `bun:"results_visibility"`
	Settings          domain.Document `bun:"settings,type:jsonb"`
	StartsAt          time.Time       `bun:"starts_at,nullzero"`
	EndsAt            time.Time       `bun:"ends_at,nullzero"`
	CreatedBy         uuid.UUID       `bun:"created_by,type:uuid"`
	CreatedAt         time.Time       `bun:"created_at"`
	UpdatedAt         time.Time       `bun:"updated_at"`
	Version           int             `bun:"version"`
}

func toRowPoll(p domain.Poll) *pollRow {
	d := p.Data()
	return &pollRow{
		Tenanted: pg.Tenanted{TenantID: d.TenantID}, ID: d.ID, Title: d.Title, Description: d.Description,
		Status: string(d.Status), ScopeType: string(d.Scope.Type), ScopeID: d.Scope.ID, Visibility: string(d.Visibility), Template: d.Template,
		AllowRevoting: d.Rules.AllowRevoting, Anonymous: d.Rules.Anonymous, ResultsVisibility: string(d.Rules.Results),
		Settings: d.Settings, StartsAt: d.Schedule.Starts, EndsAt: d.Schedule.Ends,
		CreatedBy: d.CreatedBy, CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt, Version: d.Version,
	}
}

func (r *pollRow) toDomain() domain.Poll {
	return domain.RestorePoll(domain.PollData{
		ID: r.ID, TenantID: r.TenantID, Title: r.Title, Description: r.Description,
		Status: domain.Status(r.Status), Scope: domain.Scope{Type: domain.ScopeType(r.ScopeType), ID: r.ScopeID},
		Visibility: domain.Visibility(r.Visibility), Template: r.Template,
		Rules:    domain.Rules{AllowRevoting: r.AllowRevoting, Anonymous: r.Anonymous, Results: domain.ResultsVisibility(r.ResultsVisibility)},
		Settings: r.Settings, Schedule: domain.Schedule{Starts: domain.Instant(r.StartsAt), Ends: domain.Instant(r.EndsAt)},
		CreatedBy: r.CreatedBy, CreatedAt: domain.Instant(r.CreatedAt), UpdatedAt: domain.Instant(r.UpdatedAt), Version: r.Version,
	})
}

type questionRow struct {
	bun.BaseModel `bun:"table:questions,alias:q"`
	pg.Tenanted

	ID          uuid.UUID       `bun:"id,pk,type:uuid"`
	PollID      uuid.UUID       `bun:"poll_id,type:uuid"`
	Title       string          `bun:"title"`
	Description string          `bun:"description"`
	Kind        string          `bun:"kind"`
	SortOrder   int             `bun:"sort_order"`
	MaxVotes    int             `bun:"max_votes"`
	IsRequired  bool            `bun:"is_required"`
	Config      domain.Document `bun:"config,type:jsonb"`
}

func toRowQuestion(q domain.Question) *questionRow {
	d := q.Data()
	return &questionRow{
		ID: d.ID, PollID: d.PollID, Title: d.Title, Description: d.Description, Kind: string(d.Kind),
		SortOrder: d.SortOrder, MaxVotes: d.MaxVotes, IsRequired: d.IsRequired, Config: d.Config,
	}
}

func (r *questionRow) toDomain() domain.Question {
	return domain.RestoreQuestion(domain.QuestionData{
		ID: r.ID, PollID: r.PollID, Title: r.Title, Description: r.Description, Kind: domain.Kind(r.Kind),
		SortOrder: r.SortOrder, MaxVotes: r.MaxVotes, IsRequired: r.IsRequired, Config: r.Config,
	})
}

type optionRow struct {
	bun.BaseModel `bun:"table:options,alias:o"`
	pg.Tenanted

	ID          uuid.UUID `bun:"id,pk,type:uuid"`
	PollID      uuid.UUID `bun:"poll_id,type:uuid"`
	QuestionID  uuid.UUID `bun:"question_id,type:uuid"`
	Title       string    `bun:"title"`
	Description string    `bun:"description"`
	MediaURL    string    `bun:"media_url"`
	GameID      uuid.UUID `bun:"game_id,type:uuid,nullzero"`
	SortOrder   int       `bun:"sort_order"`
}

func toRowOption(o domain.Option) *optionRow {
	d := o.Data()
	return &optionRow{
		ID: d.ID, PollID: d.PollID, QuestionID: d.QuestionID, Title: d.Title, Description: d.Description,
		MediaURL: d.MediaURL, GameID: d.GameID, SortOrder: d.SortOrder,
	}
}

func (r *optionRow) toDomain() domain.Option {
	return domain.RestoreOption(domain.OptionData{
		ID: r.ID, PollID: r.PollID, QuestionID: r.QuestionID, Title: r.Title, Description: r.Description,
		MediaURL: r.MediaURL, GameID: r.GameID, SortOrder: r.SortOrder,
	})
}

type ballotRow struct {
	bun.BaseModel `bun:"table:ballots,alias:b"`
	pg.Tenanted

	ID         uuid.UUID `bun:"id,pk,type:uuid"`
	PollID     uuid.UUID `bun:"poll_id,type:uuid"`
	QuestionID uuid.UUID `bun:"question_id,type:uuid"`
	OptionID   uuid.UUID `bun:"option_id,type:uuid"`
	UserID     uuid.UUID `bun:"user_id,type:uuid"`
	Slot       int       `bun:"slot"`
	RequestID  string    `bun:"request_id"`
	CastAt     time.Time `bun:"cast_at"`
}

func (r *ballotRow) toDomain() domain.Ballot {
	return domain.RestoreBallot(domain.BallotData{
		ID: r.ID, TenantID: r.TenantID, PollID: r.PollID, QuestionID: r.QuestionID, OptionID: r.OptionID,
		UserID: r.UserID, Slot: r.Slot, RequestID: r.RequestID, CastAt: domain.Instant(r.CastAt),
	})
}
