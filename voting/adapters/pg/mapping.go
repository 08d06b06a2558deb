package pg

import (
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/valid"
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
	ScopeID           uuid.UUID       `bun:"scope_id,type:uuid"`
	Visibility        string          `bun:"visibility"`
	Template          string          `bun:"template"`
	AllowRevoting     bool            `bun:"allow_revoting"`
	Anonymous         bool            `bun:"anonymous"`
	ResultsVisibility string          `bun:"results_visibility"`
	Settings          domain.Document `bun:"settings,type:jsonb"`
	StartsAt          time.Time       `bun:"starts_at,nullzero"`
	EndsAt            time.Time       `bun:"ends_at,nullzero"`
	Amendments        []amendmentDoc  `bun:"amendments,type:jsonb,nullzero"`
	Opened            bool            `bun:"opened"`
	Hidden            bool            `bun:"hidden"`
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
		Amendments: each(d.Amendments, func(a domain.Amendment) amendmentDoc { return amendmentDoc(a) }), Opened: d.Opened, Hidden: d.Hidden,
		CreatedBy: d.CreatedBy, CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt, Version: d.Version,
	}
}

// amendmentDoc is the JSON of an amendment.
type amendmentDoc struct {
	At          time.Time `json:"at"`
	Reason      string    `json:"reason"`
	Title       *string   `json:"title,omitempty"`
	Description *string   `json:"description,omitempty"`
}

func (r *pollRow) toDomain() domain.Poll {
	return domain.RestorePoll(domain.PollData{
		ID: r.ID, TenantID: r.TenantID, Title: r.Title, Description: r.Description,
		Status: domain.Status(r.Status), Scope: authz.Scope{Type: authz.ScopeType(r.ScopeType), ID: r.ScopeID},
		Visibility: authz.Visibility(r.Visibility), Template: r.Template,
		Rules:    domain.Rules{AllowRevoting: r.AllowRevoting, Anonymous: r.Anonymous, Results: domain.ResultsVisibility(r.ResultsVisibility)},
		Settings: r.Settings, Schedule: domain.Schedule{Starts: valid.Instant(r.StartsAt), Ends: valid.Instant(r.EndsAt)},
		Amendments: each(r.Amendments, func(a amendmentDoc) domain.Amendment { return domain.Amendment(a) }), Opened: r.Opened, Hidden: r.Hidden,
		CreatedBy: r.CreatedBy, CreatedAt: valid.Instant(r.CreatedAt), UpdatedAt: valid.Instant(r.UpdatedAt), Version: r.Version,
	})
}

// each converts a list. An empty one becomes nil.
func each[A, B any](list []A, convert func(A) B) (converted []B) {
	for _, item := range list {
		converted = append(converted, convert(item))
	}
	return converted
}

type questionRow struct {
	bun.BaseModel `bun:"table:questions,alias:q"`
	pg.Tenanted
	questionColumns
}

// questionColumns has the fields of domain.QuestionData, so that each converts to the other.
type questionColumns struct {
	ID          uuid.UUID       `bun:"id,pk,type:uuid"`
	PollID      uuid.UUID       `bun:"poll_id,type:uuid"`
	Title       string          `bun:"title"`
	Description string          `bun:"description"`
	Kind        domain.Kind     `bun:"kind"`
	SortOrder   int             `bun:"sort_order"`
	MaxVotes    int             `bun:"max_votes"`
	IsRequired  bool            `bun:"is_required"`
	Config      domain.Document `bun:"config,type:jsonb"`
}

func toRowQuestion(q domain.Question) *questionRow {
	return &questionRow{questionColumns: questionColumns(q.Data())}
}

func (r *questionRow) toDomain() domain.Question {
	return domain.RestoreQuestion(domain.QuestionData(r.questionColumns))
}

type optionRow struct {
	bun.BaseModel `bun:"table:options,alias:o"`
	pg.Tenanted
	optionColumns
}

// optionColumns has the fields of domain.OptionData.
type optionColumns struct {
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
	return &optionRow{optionColumns: optionColumns(o.Data())}
}

func (r *optionRow) toDomain() domain.Option {
	return domain.RestoreOption(domain.OptionData(r.optionColumns))
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

func toRowBallot(b domain.Ballot) *ballotRow {
	d := b.Data()
	return &ballotRow{
		Tenanted: pg.Tenanted{TenantID: d.TenantID}, ID: d.ID, PollID: d.PollID, QuestionID: d.QuestionID, OptionID: d.OptionID,
		UserID: d.UserID, Slot: d.Slot, RequestID: d.RequestID, CastAt: d.CastAt,
	}
}

func (r *ballotRow) toDomain() domain.Ballot {
	return domain.RestoreBallot(domain.BallotData{
		ID: r.ID, TenantID: r.TenantID, PollID: r.PollID, QuestionID: r.QuestionID, OptionID: r.OptionID,
		UserID: r.UserID, Slot: r.Slot, RequestID: r.RequestID, CastAt: valid.Instant(r.CastAt),
	})
}

type participantRow struct {
	bun.BaseModel `bun:"table:participants,alias:m"`
	pg.Tenanted

	PollID    uuid.UUID `bun:"poll_id,pk,type:uuid"`
	UserID    uuid.UUID `bun:"user_id,pk,type:uuid"`
	Role      string    `bun:"role"`
	InvitedBy uuid.UUID `bun:"invited_by,type:uuid"`
	AddedAt   time.Time `bun:"added_at"`
}

func (r *participantRow) toDomain() domain.Participant {
	return domain.Participant{
		PollID: r.PollID, UserID: r.UserID, Role: domain.Role(r.Role), InvitedBy: r.InvitedBy, AddedAt: valid.Instant(r.AddedAt),
	}
}
