package httpapi

import (
	"time"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"

	"go.updspace.com/api/commonapi"
	"go.updspace.com/api/votingapi"
	"go.updspace.com/voting/app"
	"go.updspace.com/voting/domain"
)

// FromAPI functions turn what the wire brought into what the use cases take; ToAPI functions go the other way.

// FromAPIListPolls converts the query of a list.
func FromAPIListPolls(p votingapi.ListPollsParams) app.ListPolls {
	return app.ListPolls{
		ScopeType: domain.ScopeType(value(p.ScopeType)), ScopeID: value(p.ScopeID),
		Status: domain.Status(value(p.Status)), Words: value(p.Q),
		Limit: int(valueOr(p.Limit, 20)), Offset: int(value(p.Offset)),
	}
}

// FromAPIPollCreate converts a new poll.
func FromAPIPollCreate(b votingapi.PollCreate) app.CreatePoll {
	return app.CreatePoll{
		Poll: domain.PollDraft{
			Title: b.Title, Description: get(b.Description), Visibility: domain.Visibility(value(b.Visibility)), Template: get(b.Template),
			Rules: domain.Rules{
				AllowRevoting: value(b.AllowRevoting), Anonymous: value(b.Anonymous),
				Results: domain.ResultsVisibility(value(b.ResultsVisibility)),
			},
			Settings: b.Settings, Schedule: domain.Schedule{Starts: get(b.StartsAt), Ends: get(b.EndsAt)},
		},
		ScopeType: domain.ScopeType(value(b.ScopeType)), ScopeID: get(b.ScopeID),
		Status: domain.Status(value(b.Status)), Questions: each(get(b.Nominations), FromAPINominationCreate),
	}
}

// FromAPIPollUpdate converts the change of a poll.
func FromAPIPollUpdate(b votingapi.PollUpdate) app.UpdatePoll {
	return app.UpdatePoll{
		Edit: domain.PollEdit{
			Title: b.Title, Description: edit(b.Description), Visibility: as[domain.Visibility](b.Visibility),
			AllowRevoting: b.AllowRevoting, Anonymous: b.Anonymous, Results: as[domain.ResultsVisibility](b.ResultsVisibility),
			Settings: value(b.Settings), Starts: edit(b.StartsAt), Ends: edit(b.EndsAt),
		},
		Status: as[domain.Status](b.Status),
	}
}

// FromAPINominationCreate converts a new question.
func FromAPINominationCreate(b votingapi.NominationCreate) domain.QuestionDraft {
	return domain.QuestionDraft{
		Title: b.Title, Description: get(b.Description), Kind: domain.Kind(value(b.Kind)), SortOrder: place(b.SortOrder),
		MaxVotes: int(value(b.MaxVotes)), IsRequired: value(b.IsRequired), Config: b.Config,
		Options: each(get(b.Options), FromAPIOptionCreate),
	}
}

// FromAPINominationUpdate converts the change of a question.
func FromAPINominationUpdate(b votingapi.NominationUpdate) domain.QuestionEdit {
	return domain.QuestionEdit{
		Title: b.Title, Description: edit(b.Description), Kind: as[domain.Kind](b.Kind), SortOrder: number(b.SortOrder),
		MaxVotes: number(b.MaxVotes), IsRequired: b.IsRequired, Config: value(b.Config),
	}
}

// FromAPIOptionCreate converts a new option.
func FromAPIOptionCreate(b votingapi.OptionCreate) domain.OptionDraft {
	return domain.OptionDraft{
		Title: b.Title, Description: get(b.Description), MediaURL: get(b.MediaURL), GameID: get(b.GameID), SortOrder: place(b.SortOrder),
	}
}

// FromAPIOptionUpdate converts the change of an option.
func FromAPIOptionUpdate(b votingapi.OptionUpdate) domain.OptionEdit {
	return domain.OptionEdit{
		Title: b.Title, Description: edit(b.Description), MediaURL: edit(b.MediaURL), GameID: edit(b.GameID), SortOrder: number(b.SortOrder),
	}
}

// ToAPIPoll converts a poll.
func ToAPIPoll(v app.PollView) votingapi.Poll {
	d := v.Poll.Data()
	return votingapi.Poll{
		ID: d.ID, TenantID: d.TenantID, Title: d.Title, Description: d.Description, Status: votingapi.PollStatus(d.Status),
		ScopeType: votingapi.ScopeType(d.Scope.Type), ScopeID: d.Scope.ID, Visibility: votingapi.Visibility(d.Visibility), Template: d.Template,
		AllowRevoting: d.Rules.AllowRevoting, Anonymous: d.Rules.Anonymous, ResultsVisibility: votingapi.ResultsVisibility(d.Rules.Results),
		Settings:  votingapi.Poll_Settings{TotalVotes: v.Votes, AdditionalProperties: d.Settings},
		CreatedBy: d.CreatedBy, StartsAt: orNull(d.Schedule.Starts, time.Time{}), EndsAt: orNull(d.Schedule.Ends, time.Time{}),
		CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt,
	}
}

// ToAPIPollPage converts a page of polls.
func ToAPIPollPage(p app.PollPage) votingapi.PollPage {
	return votingapi.PollPage{Items: each(p.Items, ToAPIPoll), Pagination: commonapi.Pagination{
		Total: p.Total, Limit: p.Limit, Offset: p.Offset, HasNext: p.Offset+p.Limit < p.Total, HasPrev: p.Offset > 0,
	}}
}

// ToAPIPollInfo converts a poll with its paper.
func ToAPIPollInfo(i app.PollInfo) votingapi.PollInfo {
	return votingapi.PollInfo{
		Poll: ToAPIPoll(i.PollView), Nominations: each(i.Paper.Questions(), ToAPINomination), Options: each(i.Paper.Options(), ToAPIOption),
		Meta: votingapi.PollMeta{HasVoted: i.HasVoted, CanVote: i.CanVote},
	}
}

// ToAPINomination converts a question.
func ToAPINomination(q domain.Question) votingapi.Nomination {
	d := q.Data()
	return votingapi.Nomination{
		ID: d.ID, PollID: d.PollID, Title: d.Title, Description: d.Description, Kind: votingapi.NominationKind(d.Kind),
		SortOrder: int32(d.SortOrder), MaxVotes: int32(d.MaxVotes), IsRequired: d.IsRequired, Config: d.Config,
	}
}

// ToAPIOption converts an option.
func ToAPIOption(o domain.Option) votingapi.Option {
	d := o.Data()
	return votingapi.Option{
		ID: d.ID, NominationID: d.QuestionID, Title: d.Title, Description: d.Description, MediaURL: d.MediaURL,
		GameID: orNull(d.GameID, uuid.Nil), SortOrder: int32(d.SortOrder),
	}
}

// ToAPIVote converts a ballot.
func ToAPIVote(b domain.Ballot) votingapi.Vote {
	d := b.Data()
	return votingapi.Vote{ID: d.ID, PollID: d.PollID, NominationID: d.QuestionID, OptionID: d.OptionID, UserID: d.UserID, CreatedAt: d.CastAt}
}

// ToAPIResults converts results.
func ToAPIResults(r domain.Results) votingapi.PollResults {
	return votingapi.PollResults{PollID: r.PollID, Nominations: each(r.Questions, func(q domain.QuestionResult) votingapi.NominationResult {
		return votingapi.NominationResult{NominationID: q.QuestionID, Title: q.Title, Options: each(q.Options, func(o domain.OptionResult) votingapi.OptionResult {
			return votingapi.OptionResult{OptionID: o.OptionID, Text: o.Title, Votes: o.Votes}
		})}
	})}
}

// each converts a list; an empty one stays a list, because null is not one on the wire.
func each[A, B any](list []A, convert func(A) B) []B {
	converted := make([]B, len(list))
	for i, v := range list {
		converted[i] = convert(v)
	}
	return converted
}

// value is what an optional field holds, or nothing; valueOr has something else in that case.
func value[T any](p *T) (v T) { return valueOr(p, v) }

func valueOr[T any](p *T, otherwise T) T {
	if p == nil {
		return otherwise
	}
	return *p
}

// get is what a nullable field holds, or nothing when it is null or absent.
func get[T any](n nullable.Nullable[T]) (v T) {
	if got, err := n.Get(); err == nil {
		v = got
	}
	return v
}

// edit says what a nullable field asks for: nil for nothing, nothing for null.
func edit[T any](n nullable.Nullable[T]) *T {
	if !n.IsSpecified() {
		return nil
	}
	v := get(n)
	return &v
}

// as changes the type of an optional enumeration.
func as[B, A ~string](p *A) *B {
	if p == nil {
		return nil
	}
	v := B(*p)
	return &v
}

func number(p *int32) *int {
	if p == nil {
		return nil
	}
	v := int(*p)
	return &v
}

// place is a sort order that may be left to us.
func place(n nullable.Nullable[int32]) *int {
	if v, err := n.Get(); err == nil {
		return number(&v)
	}
	return nil
}

// orNull is null for the value that stands for none.
func orNull[T comparable](v, none T) nullable.Nullable[T] {
	if v == none {
		return nullable.NewNullNullable[T]()
	}
	return nullable.NewNullableWithValue(v)
}
