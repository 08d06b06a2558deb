package domain

import "github.com/google/uuid"

// Tally is the number of ballots per option. Options without any are absent.
type Tally map[uuid.UUID]int64

// Results are what the ballots of a poll came to.
type Results struct {
	PollID    uuid.UUID
	Questions []QuestionResult
}

// QuestionResult is the outcome of one question.
type QuestionResult struct {
	QuestionID uuid.UUID
	Title      string
	Options    []OptionResult
}

// OptionResult is the outcome of one option.
type OptionResult struct {
	OptionID uuid.UUID
	Title    string
	Votes    int64
}

// Results lays a tally out on the paper: every question with every option, in their order.
func (p Paper) Results(poll uuid.UUID, tally Tally) Results {
	r := Results{PollID: poll, Questions: make([]QuestionResult, 0, len(p.questions))}
	for _, q := range p.questions {
		options := p.OptionsOf(q.data.ID)
		qr := QuestionResult{QuestionID: q.data.ID, Title: q.data.Title, Options: make([]OptionResult, 0, len(options))}
		for _, o := range options {
			qr.Options = append(qr.Options, OptionResult{OptionID: o.data.ID, Title: o.data.Title, Votes: tally[o.data.ID]})
		}
		r.Questions = append(r.Questions, qr)
	}
	return r
}
