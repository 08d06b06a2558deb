package domain

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/valid"
)

// The limits of a questionnaire.
const (
	MaxQuestions = 100
	MaxOptions   = 200 // of one question
)

// Questionnaire is the questions of a poll and their options, both by sort order. The zero Questionnaire is empty.
type Questionnaire struct {
	questions []Question
	options   []Option
}

// RestoreQuestionnaire returns a stored questionnaire. It is for repositories only.
func RestoreQuestionnaire(questions []Question, options []Option) Questionnaire {
	return Questionnaire{questions: questions, options: options}.sorted()
}

// Questions returns the questions in their order.
func (p Questionnaire) Questions() []Question { return slices.Clone(p.questions) }

// Options returns the options of all questions: by question, then in their own order.
func (p Questionnaire) Options() []Option { return slices.Clone(p.options) }

// Question finds a question.
func (p Questionnaire) Question(id uuid.UUID) (Question, error) {
	for _, q := range p.questions {
		if q.data.ID == id {
			return q, nil
		}
	}
	return Question{}, ErrQuestionNotFound
}

// Option finds an option.
func (p Questionnaire) Option(id uuid.UUID) (Option, error) {
	for _, o := range p.options {
		if o.data.ID == id {
			return o, nil
		}
	}
	return Option{}, ErrOptionNotFound
}

// OptionsOf returns the options of one question, in their order.
func (p Questionnaire) OptionsOf(question uuid.UUID) []Option {
	var of []Option
	for _, o := range p.options {
		if o.data.QuestionID == question {
			of = append(of, o)
		}
	}
	return of
}

// AddAll returns the questionnaire with all the questions. Errors name the index in the list.
func (p Questionnaire) AddAll(poll uuid.UUID, drafts []QuestionDraft) (Questionnaire, error) {
	fields := errs.Fields{}
	added := p.clone()
	for i, draft := range drafts {
		if _, err := added.add(poll, draft, fields, fmt.Sprintf("nominations.%d.", i)); err != nil {
			return Questionnaire{}, err
		}
	}
	if err := fields.Err(); err != nil {
		return Questionnaire{}, err
	}
	return added.sorted(), nil
}

// Add returns the questionnaire with one more question and its options.
func (p Questionnaire) Add(poll uuid.UUID, draft QuestionDraft) (Questionnaire, Question, error) {
	added := p.clone()
	q, err := alone(func(fields errs.Fields, prefix string) (Question, error) {
		return added.add(poll, draft, fields, prefix)
	})
	if err != nil {
		return Questionnaire{}, Question{}, err
	}
	return added.sorted(), q, nil
}

func (p *Questionnaire) add(poll uuid.UUID, draft QuestionDraft, fields errs.Fields, prefix string) (Question, error) {
	if len(p.questions) >= MaxQuestions {
		return Question{}, ErrTooManyQuestions
	}
	q, err := QuestionData{
		ID: valid.NewID(), PollID: poll,
		Title: draft.Title, Description: draft.Description, Kind: cmp.Or(draft.Kind, KindCustom),
		SortOrder: nextSortOrder(draft.SortOrder, p.questions, func(q Question) int { return q.data.SortOrder }),
		MaxVotes:  cmp.Or(draft.MaxVotes, 1), IsRequired: draft.IsRequired, Config: draft.Config,
	}.checked(fields, prefix)
	if err != nil {
		return Question{}, err
	}
	if p.sortOrderTaken(q) {
		return Question{}, ErrSortOrderTaken
	}
	p.questions = append(p.questions, q)
	siblings, titles := make([]Option, 0, len(draft.Options)), make(titleSet, len(draft.Options))
	for i, option := range draft.Options {
		o, err := newOption(q, siblings, titles, option, fields, fmt.Sprintf("%soptions.%d.", prefix, i))
		if err != nil {
			return Question{}, err
		}
		siblings = append(siblings, o)
	}
	p.options = append(p.options, siblings...)
	return q, nil
}

// AddOption returns the questionnaire with one more option.
func (p Questionnaire) AddOption(question uuid.UUID, draft OptionDraft) (Questionnaire, Option, error) {
	q, err := p.Question(question)
	if err != nil {
		return Questionnaire{}, Option{}, err
	}
	siblings := p.OptionsOf(question)
	o, err := alone(func(fields errs.Fields, prefix string) (Option, error) {
		return newOption(q, siblings, titlesOf(siblings, uuid.Nil), draft, fields, prefix)
	})
	if err != nil {
		return Questionnaire{}, Option{}, err
	}
	added := p.clone()
	added.options = append(added.options, o)
	return added.sorted(), o, nil
}

// newOption makes an option and adds its title to titles, which holds those of its siblings.
func newOption(q Question, siblings []Option, titles titleSet, draft OptionDraft, fields errs.Fields, prefix string) (Option, error) {
	if len(siblings) >= MaxOptions {
		return Option{}, ErrTooManyOptions
	}
	o, err := OptionData{
		ID: valid.NewID(), PollID: q.data.PollID, QuestionID: q.data.ID,
		Title: draft.Title, Description: draft.Description, MediaURL: draft.MediaURL, GameID: draft.GameID,
		SortOrder: nextSortOrder(draft.SortOrder, siblings, func(o Option) int { return o.data.SortOrder }),
	}.checked(fields, prefix)
	if err != nil {
		return Option{}, err
	}
	return o, titles.add(o)
}

// titleSet holds the titles of a question's options in the form in which they are compared.
type titleSet map[string]bool

func titlesOf(options []Option, except uuid.UUID) titleSet {
	titles := make(titleSet, len(options))
	for _, o := range options {
		if o.data.ID != except {
			titles[valid.Fold(o.data.Title)] = true
		}
	}
	return titles
}

func (s titleSet) add(o Option) error {
	folded := valid.Fold(o.data.Title)
	if s[folded] {
		return ErrOptionExists
	}
	s[folded] = true
	return nil
}

// EditQuestion returns one question changed.
func (p Questionnaire) EditQuestion(id uuid.UUID, e QuestionEdit) (Question, error) {
	q, err := p.Question(id)
	if err != nil {
		return Question{}, err
	}
	edited, err := q.edit(e)
	if err != nil {
		return Question{}, err
	}
	if p.sortOrderTaken(edited) {
		return Question{}, ErrSortOrderTaken
	}
	return edited, nil
}

// EditOption returns one option changed.
func (p Questionnaire) EditOption(id uuid.UUID, e OptionEdit) (Option, error) {
	o, err := p.Option(id)
	if err != nil {
		return Option{}, err
	}
	edited, err := o.edit(e)
	if err == nil {
		err = titlesOf(p.OptionsOf(o.data.QuestionID), id).add(edited)
	}
	if err != nil {
		return Option{}, err
	}
	return edited, nil
}

// complete says what the questionnaire lacks for publishing.
func (p Questionnaire) complete() error {
	if len(p.questions) == 0 {
		return ErrNoQuestions
	}
	fields := errs.Fields{}
	for i, q := range p.questions {
		n := len(p.OptionsOf(q.data.ID))
		if n == 0 {
			return ErrNoOptions
		}
		fields.Check(q.data.MaxVotes <= n, fmt.Sprintf("nominations.%d.max_votes", i), why.Above(n).Saying("must not exceed the number of options"))
	}
	return fields.Err()
}

// sortOrderTaken reports whether another question has q's sort order. Options may share one.
func (p Questionnaire) sortOrderTaken(q Question) bool {
	return slices.ContainsFunc(p.questions, func(other Question) bool {
		return other.data.ID != q.data.ID && other.data.SortOrder == q.data.SortOrder
	})
}

func (p Questionnaire) clone() Questionnaire {
	return Questionnaire{questions: slices.Clone(p.questions), options: slices.Clone(p.options)}
}

func (p Questionnaire) sorted() Questionnaire {
	questions, options := slices.Clone(p.questions), slices.Clone(p.options)
	slices.SortFunc(questions, func(a, b Question) int {
		return cmp.Or(cmp.Compare(a.data.SortOrder, b.data.SortOrder), compareIDs(a.data.ID, b.data.ID))
	})
	rank := make(map[uuid.UUID]int, len(questions))
	for i, q := range questions {
		rank[q.data.ID] = i
	}
	slices.SortFunc(options, func(a, b Option) int {
		return cmp.Or(
			cmp.Compare(rank[a.data.QuestionID], rank[b.data.QuestionID]),
			cmp.Compare(a.data.SortOrder, b.data.SortOrder), compareIDs(a.data.ID, b.data.ID),
		)
	})
	return Questionnaire{questions: questions, options: options}
}

// nextSortOrder is the place asked for, else the one after the last. After the last and not the number of siblings: when one
// in the middle was deleted, that number is a place already taken.
func nextSortOrder[T any](asked *int, siblings []T, of func(T) int) int {
	if asked != nil {
		return *asked
	}
	last := -1
	for _, s := range siblings {
		last = max(last, of(s))
	}
	return min(last+1, MaxSortOrder)
}

func compareIDs(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) }
