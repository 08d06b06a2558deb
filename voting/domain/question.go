package domain

import (
	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
)

// Kind hints at what the options of a question are, for showing them.
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

// MaxSortOrder bounds the places of questions and options.
const MaxSortOrder = 1_000_000

// Question is one question of a poll. It is made by Paper.Add.
type Question struct {
	data QuestionData
}

// QuestionData is everything there is to know about a question.
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

// QuestionDraft is what the maker of a question decides.
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

// QuestionEdit says what to change; nil leaves a thing as it is.
type QuestionEdit struct {
	Title       *string
	Description *string
	Kind        *Kind
	SortOrder   *int
	MaxVotes    *int
	IsRequired  *bool
	Config      map[string]any
}

// RestoreQuestion takes back a question from where it was stored.
func RestoreQuestion(d QuestionData) Question { return Question{data: d} }

// Data returns a copy of everything about the question.
func (q Question) Data() QuestionData { return q.data }

// ID is the question's id.
func (q Question) ID() uuid.UUID { return q.data.ID }

func (d QuestionData) checked(fields errs.Fields, prefix string) (Question, error) {
	d.Title = title(d.Title, prefix+"title", fields)
	if d.Title == "" {
		return Question{}, ErrQuestionTitleRequired
	}
	d.Description = description(d.Description, prefix+"description", fields)
	fields.Check(d.Kind.Valid(), prefix+"kind", "must be game, review, person or custom")
	fields.Check(d.SortOrder >= 0 && d.SortOrder <= MaxSortOrder, prefix+"sort_order", "must be between 0 and 1000000")
	fields.Check(d.MaxVotes >= 1 && d.MaxVotes <= MaxOptions, prefix+"max_votes", "must be between 1 and 200")
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
	fields := errs.Fields{}
	edited, err := d.checked(fields, "")
	if err == nil {
		err = fields.Err()
	}
	if err != nil {
		return Question{}, err
	}
	return edited, nil
}
