package domain

import (
	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
)

// Option is one answer to a question, made by Questionnaire.Add and Questionnaire.AddOption.
type Option struct {
	data OptionData
}

// OptionData is all data of an option.
type OptionData struct {
	ID          uuid.UUID
	PollID      uuid.UUID
	QuestionID  uuid.UUID
	Title       string
	Description string
	MediaURL    string
	GameID      uuid.UUID // uuid.Nil for none; opaque to voting
	SortOrder   int
}

// OptionDraft is what the creator of an option decides.
type OptionDraft struct {
	Title       string
	Description string
	MediaURL    string
	GameID      uuid.UUID
	SortOrder   *int // default: after the last
}

// OptionEdit says what to change; nil leaves a field as it is, a pointer to a zero value clears it.
type OptionEdit struct {
	Title       *string
	Description *string
	MediaURL    *string
	GameID      *uuid.UUID
	SortOrder   *int
}

// RestoreOption returns a stored option. It is for repositories only.
func RestoreOption(d OptionData) Option { return Option{data: d} }

// Data returns a copy of all data of the option.
func (o Option) Data() OptionData { return o.data }

// ID is the option's id.
func (o Option) ID() uuid.UUID { return o.data.ID }

func (d OptionData) checked(fields errs.Fields, prefix string) (Option, error) {
	d.Title = title(d.Title, prefix+"title", fields)
	if d.Title == "" {
		return Option{}, ErrOptionTitleRequired
	}
	d.Description = description(d.Description, prefix+"description", fields)
	d.MediaURL = mediaURL(d.MediaURL, prefix+"media_url", fields)
	fields.Check(d.SortOrder >= 0 && d.SortOrder <= MaxSortOrder, prefix+"sort_order", why.Outside(0, MaxSortOrder))
	return Option{data: d}, nil
}

func (o Option) edit(e OptionEdit) (Option, error) {
	d := o.data
	set(&d.Title, e.Title)
	set(&d.Description, e.Description)
	set(&d.MediaURL, e.MediaURL)
	set(&d.GameID, e.GameID)
	set(&d.SortOrder, e.SortOrder)
	return alone(d.checked)
}
