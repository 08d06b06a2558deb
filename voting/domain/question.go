package domain

import (
	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
)

// Kind says what the options of a question are, as a hint for showing them.
type Kind string

// The kinds of question.
const (
	KindGame   Kind = "game"
	KindReview Kind = "review"
	KindPerson Kind = "person"
	KindCustom Kind = "custom"
)

// Valid reports whether k is one of the kinds.
func (k Kind) Valid() bool {
	return k == KindGame || k == KindReview || k == KindPerson || k == KindCustom
}

// MaxSortOrder is the greatest sort order of questions and options.
const MaxSortOrder = 1_000_000

// Question is one question of a poll, made by Questionnaire.Add.
type Question struct {
	data QuestionData
}

// QuestionData is all data of a question.
type QuestionData struct {
	ID          uuid.UUID
	PollID      uuid.UUID
	Title       string
	Description string
	Kind        Kind
	SortOrder   int
	MaxVotes    int // how many options one user may choose
	IsRequired  bool
	Config      Document
}

// QuestionDraft is what the creator of a question decides.
type QuestionDraft struct {
	Title       string
	Description string
	Kind        Kind // default custom
	SortOrder   *int // default: after the last
	MaxVotes    int  // default 1
	IsRequired  bool
	Config      map[string]any
	Options     []OptionDraft
}

// QuestionEdit says what to change; nil leaves a field as it is.
type QuestionEdit struct {
	Title       *string
	Description *string
	Kind        *Kind
	SortOrder   *int
	MaxVotes    *int
	IsRequired  *bool
	Config      map[string]any
}

// RestoreQuestion returns a stored question. It is for repositories only.
func RestoreQuestion(d QuestionData) Question { return Question{data: d} }

// Data returns a copy of all data of the question.
func (q Question) Data() QuestionData { return q.data }

// ID is the question's id.
func (q Question) ID() uuid.UUID { return q.data.ID }

func (d QuestionData) checked(fields errs.Fields, prefix string) (Question, error) {
	d.Title = title(d.Title, prefix+"title", fields)
	if d.Title == "" {
		return Question{}, ErrQuestionTitleRequired
	}
	d.Description = description(d.Description, prefix+"description", fields)
	fields.Check(d.Kind.Valid(), prefix+"kind", why.NotAllowed("must be game, review, person or custom"))
	fields.Check(d.SortOrder >= 0 && d.SortOrder <= MaxSortOrder, prefix+"sort_order", why.Outside(0, MaxSortOrder))
	fields.Check(d.MaxVotes >= 1 && d.MaxVotes <= MaxOptions, prefix+"max_votes", why.Outside(1, MaxOptions))
	d.Config = newDocument(d.Config, prefix+"config", fields)
	return Question{data: d}, nil
}

func (q Question) edit(e QuestionEdit) (Question, error) {
	d := q.data
	set(&d.Title, e.Title)
	set(&d.Description, e.Description)
	set(&d.Kind, e.Kind)
	set(&d.SortOrder, e.SortOrder)
	set(&d.MaxVotes, e.MaxVotes)
	set(&d.IsRequired, e.IsRequired)
	if e.Config != nil {
		d.Config = e.Config
	}
	return alone(d.checked)
}
