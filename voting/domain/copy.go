package domain

import "maps"

// Draft returns what makes a copy of the poll, without its schedule. title replaces the title unless it is nil.
func (p Poll) Draft(title *string) PollDraft {
	d := p.data
	set(&d.Title, title)
	return PollDraft{
		Title: d.Title, Description: d.Description, Scope: d.Scope, Visibility: d.Visibility, Template: d.Template, Rules: d.Rules,
		Settings: maps.Clone(d.Settings),
	}
}

// Drafts returns what makes a copy of the questionnaire.
func (p Questionnaire) Drafts() []QuestionDraft {
	drafts := make([]QuestionDraft, len(p.questions))
	for i, q := range p.questions {
		d := q.data
		drafts[i] = QuestionDraft{
			Title: d.Title, Description: d.Description, Kind: d.Kind, SortOrder: &d.SortOrder, MaxVotes: d.MaxVotes, IsRequired: d.IsRequired,
			Config: maps.Clone(d.Config),
		}
		for _, o := range p.OptionsOf(d.ID) {
			o := o.data
			drafts[i].Options = append(drafts[i].Options, OptionDraft{
				Title: o.Title, Description: o.Description, MediaURL: o.MediaURL, GameID: o.GameID, SortOrder: &o.SortOrder,
			})
		}
	}
	return drafts
}
