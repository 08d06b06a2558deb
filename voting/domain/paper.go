package domain

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
)

// How much fits on a paper.
const (
	MaxQuestions = 100
	MaxOptions   = 200 // of one question
)

// Paper is the ballot paper of a poll: its questions and their options, both by sort order. The zero Paper is empty.
type Paper struct {
	questions []Question
	options   []Option
}

// RestorePaper takes back a paper from where it was stored.
func RestorePaper(questions []Question, options []Option) Paper {
	return Paper{questions: questions, options: options}.sorted()
}

// Questions returns the questions in their order.
func (p Paper) Questions() []Question { return slices.Clone(p.questions) }

// Options returns the options of all questions: by question, then in their own order.
func (p Paper) Options() []Option { return slices.Clone(p.options) }

// Question finds a question.
func (p Paper) Question(id uuid.UUID) (Question, error) {
	for _, q := range p.questions {
		if q.data.ID == id {
			return q, nil
		}
	}
	return Question{}, ErrQuestionNotFound
}

// Option finds an option.
func (p Paper) Option(id uuid.UUID) (Option, error) {
	for _, o := range p.options {
		if o.data.ID == id {
			return o, nil
		}
	}
	return Option{}, ErrOptionNotFound
}

// OptionsOf returns the options of one question, in their order.
func (p Paper) OptionsOf(question uuid.UUID) []Option {
	var of []Option
	for _, o := range p.options {
		if o.data.QuestionID == question {
			of = append(of, o)
		}
	}
	return of
}

// Write returns the paper with all the questions on it. What is wrong is named by the place in the list.
func (p Paper) Write(poll uuid.UUID, drafts []QuestionDraft) (Paper, error) {
	fields := errs.Fields{}
	for i, draft := range drafts {
		written, _, err := p.add(poll, draft, fields, fmt.Sprintf("nominations.%d.", i))
		if err != nil {
			return Paper{}, err
		}
		p = written
	}
	if err := fields.Err(); err != nil {
		return Paper{}, err
	}
	return p, nil
}

// Add returns the paper with a question and its options on it.
func (p Paper) Add(poll uuid.UUID, draft QuestionDraft) (Paper, Question, error) {
	fields := errs.Fields{}
	written, q, err := p.add(poll, draft, fields, "")
	if err == nil {
		err = fields.Err()
	}
	if err != nil {
		return Paper{}, Question{}, err
	}
	return written, q, nil
}

func (p Paper) add(poll uuid.UUID, draft QuestionDraft, fields errs.Fields, prefix string) (Paper, Question, error) {
	if len(p.questions) >= MaxQuestions {
		return Paper{}, Question{}, ErrTooManyQuestions
	}
	q, err := QuestionData{
		ID: newID(), PollID: poll,
		Title: draft.Title, Description: draft.Description, Kind: cmp.Or(draft.Kind, KindCustom),
		SortOrder: place(draft.SortOrder, p.questions, func(q Question) int { return q.data.SortOrder }),
		MaxVotes:  cmp.Or(draft.MaxVotes, 1), IsRequired: draft.IsRequired, Config: draft.Config,
	}.checked(fields, prefix)
	if err != nil {
		return Paper{}, Question{}, err
	}
	if p.taken(q) {
		return Paper{}, Question{}, ErrSortOrderTaken
	}
	p = Paper{questions: append(p.Questions(), q), options: p.options}
	for i, option := range draft.Options {
		if p, _, err = p.addOption(q, option, fields, fmt.Sprintf("%soptions.%d.", prefix, i)); err != nil {
			return Paper{}, Question{}, err
		}
	}
	return p.sorted(), q, nil
}

// AddOption returns the paper with one more option.
func (p Paper) AddOption(question uuid.UUID, draft OptionDraft) (Paper, Option, error) {
	q, err := p.Question(question)
	if err != nil {
		return Paper{}, Option{}, err
	}
	fields := errs.Fields{}
	written, o, err := p.addOption(q, draft, fields, "")
	if err == nil {
		err = fields.Err()
	}
	if err != nil {
		return Paper{}, Option{}, err
	}
	return written.sorted(), o, nil
}

func (p Paper) addOption(q Question, draft OptionDraft, fields errs.Fields, prefix string) (Paper, Option, error) {
	siblings := p.OptionsOf(q.data.ID)
	if len(siblings) >= MaxOptions {
		return Paper{}, Option{}, ErrTooManyOptions
	}
	o, err := OptionData{
		ID: newID(), PollID: q.data.PollID, QuestionID: q.data.ID,
		Title: draft.Title, Description: draft.Description, MediaURL: draft.MediaURL, GameID: draft.GameID,
		SortOrder: place(draft.SortOrder, siblings, func(o Option) int { return o.data.SortOrder }),
	}.checked(fields, prefix)
	if err != nil {
		return Paper{}, Option{}, err
	}
	return Paper{questions: p.questions, options: append(p.Options(), o)}, o, nil
}

// EditQuestion returns one question changed.
func (p Paper) EditQuestion(id uuid.UUID, e QuestionEdit) (Question, error) {
	q, err := p.Question(id)
	if err != nil {
		return Question{}, err
	}
	edited, err := q.edit(e)
	if err != nil {
		return Question{}, err
	}
	if p.taken(edited) {
		return Question{}, ErrSortOrderTaken
	}
	return edited, nil
}

// EditOption returns one option changed.
func (p Paper) EditOption(id uuid.UUID, e OptionEdit) (Option, error) {
	o, err := p.Option(id)
	if err != nil {
		return Option{}, err
	}
	return o.edit(e)
}

// complete says what the paper lacks for being handed out.
func (p Paper) complete() error {
	if len(p.questions) == 0 {
		return ErrNoQuestions
	}
	fields := errs.Fields{}
	for i, q := range p.questions {
		n := len(p.OptionsOf(q.data.ID))
		if n == 0 {
			return ErrNoOptions
		}
		fields.Check(q.data.MaxVotes <= n, fmt.Sprintf("nominations.%d.max_votes", i), "must not exceed the number of options")
	}
	return fields.Err()
}

// taken reports whether another question has q's place. Places of options may be shared.
func (p Paper) taken(q Question) bool {
	return slices.ContainsFunc(p.questions, func(other Question) bool {
		return other.data.ID != q.data.ID && other.data.SortOrder == q.data.SortOrder
	})
}

func (p Paper) sorted() Paper {
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
	return Paper{questions: questions, options: options}
}

// place is the place asked for, else the one after the last. After the last and not the number of siblings: when one
// in the middle was deleted, that number is a place already taken.
func place[T any](asked *int, siblings []T, of func(T) int) int {
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
