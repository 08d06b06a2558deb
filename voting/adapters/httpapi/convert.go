package httpapi

import (
	"cmp"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"

	"go.updspace.com/api/commonapi"
	"go.updspace.com/api/votingapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/wire"
	"go.updspace.com/voting/app"
	"go.updspace.com/voting/domain"
	"go.updspace.com/voting/ports"
)

// FromAPI functions convert requests to inputs of use cases, ToAPI functions results to responses.

// FromAPIListPolls converts the query of a list.
func FromAPIListPolls(p votingapi.ListPollsParams) app.ListPolls {
	return app.ListPolls{
		ScopeType: authz.ScopeType(wire.Value(p.ScopeType)), ScopeID: wire.Value(p.ScopeID),
		Status: domain.Status(wire.Value(p.Status)), Query: wire.Value(p.Q), Cursor: wire.Value(p.Cursor),
		Limit: int(wire.ValueOr(p.Limit, 20)), Offset: int(wire.Value(p.Offset)),
	}
}

// FromAPIPollCreate converts a new poll.
func FromAPIPollCreate(b votingapi.PollCreate) app.CreatePoll {
	return app.CreatePoll{
		Poll: domain.PollDraft{
			Title: b.Title, Description: wire.Get(b.Description), Visibility: authz.Visibility(wire.Value(b.Visibility)), Template: wire.Get(b.Template),
			Rules: domain.Rules{
				Anonymous: wire.Value(b.Anonymous),
				Results:   domain.ResultsVisibility(wire.Value(b.ResultsVisibility)),
			},
			Settings: b.Settings, Schedule: domain.Schedule{Starts: wire.Get(b.StartsAt), Ends: wire.Get(b.EndsAt)},
		},
		AllowRevoting: b.AllowRevoting, ScopeType: authz.ScopeType(wire.Value(b.ScopeType)), ScopeID: wire.Get(b.ScopeID),
		Status: domain.Status(wire.Value(b.Status)), Language: domain.Language(wire.Value(b.Language)), Questions: wire.Each(wire.Get(b.Nominations), FromAPINominationCreate),
	}
}

// FromAPIPollUpdate converts the change of a poll.
func FromAPIPollUpdate(b votingapi.PollUpdate) app.UpdatePoll {
	return app.UpdatePoll{
		Edit: domain.PollEdit{
			Title: b.Title, Description: wire.Edit(b.Description), Visibility: wire.As[authz.Visibility](b.Visibility),
			AllowRevoting: b.AllowRevoting, Anonymous: b.Anonymous, Results: wire.As[domain.ResultsVisibility](b.ResultsVisibility),
			Settings: wire.Value(b.Settings), Starts: wire.Edit(b.StartsAt), Ends: wire.Edit(b.EndsAt),
			AmendmentReason: wire.Value(b.AmendmentReason),
		},
		Status: wire.As[domain.Status](b.Status),
	}
}

// FromAPINominationCreate converts a new question.
func FromAPINominationCreate(b votingapi.NominationCreate) domain.QuestionDraft {
	return domain.QuestionDraft{
		Title: b.Title, Description: wire.Get(b.Description), Kind: domain.Kind(wire.Value(b.Kind)), SortOrder: sortOrder(b.SortOrder),
		MaxVotes: int(wire.Value(b.MaxVotes)), IsRequired: wire.Value(b.IsRequired), Config: b.Config,
		Options: wire.Each(wire.Get(b.Options), FromAPIOptionCreate),
	}
}

// FromAPINominationUpdate converts the change of a question.
func FromAPINominationUpdate(b votingapi.NominationUpdate) domain.QuestionEdit {
	return domain.QuestionEdit{
		Title: b.Title, Description: wire.Edit(b.Description), Kind: wire.As[domain.Kind](b.Kind), SortOrder: number(b.SortOrder),
		MaxVotes: number(b.MaxVotes), IsRequired: b.IsRequired, Config: wire.Value(b.Config),
	}
}

// FromAPIOptionCreate converts a new option.
func FromAPIOptionCreate(b votingapi.OptionCreate) domain.OptionDraft {
	return domain.OptionDraft{
		Title: b.Title, Description: wire.Get(b.Description), MediaURL: wire.Get(b.MediaURL), GameID: wire.Get(b.GameID), SortOrder: sortOrder(b.SortOrder),
	}
}

// FromAPIOptionUpdate converts the change of an option.
func FromAPIOptionUpdate(b votingapi.OptionUpdate) domain.OptionEdit {
	return domain.OptionEdit{
		Title: b.Title, Description: wire.Edit(b.Description), MediaURL: wire.Edit(b.MediaURL), GameID: wire.Edit(b.GameID), SortOrder: number(b.SortOrder),
	}
}

// ToAPIPoll converts a poll.
func ToAPIPoll(v app.PollView) votingapi.Poll {
	d := v.Poll.Data()
	return votingapi.Poll{
		ID: d.ID, TenantID: d.TenantID, Title: d.Title, Description: d.Description, Status: votingapi.PollStatus(d.Status),
		ScopeType: votingapi.ScopeType(d.Scope.Type), ScopeID: d.Scope.ID.String(), Visibility: commonapi.Visibility(d.Visibility), Template: d.Template,
		AllowRevoting: d.Rules.AllowRevoting, Anonymous: d.Rules.Anonymous, ResultsVisibility: votingapi.ResultsVisibility(d.Rules.Results),
		Settings:   votingapi.Poll_Settings{TotalVotes: v.Votes, AdditionalProperties: d.Settings},
		Amendments: wire.Each(d.Amendments, ToAPIAmendment),
		CreatedBy:  d.CreatedBy, StartsAt: wire.TimeOrNull(d.Schedule.Starts), EndsAt: wire.TimeOrNull(d.Schedule.Ends),
		CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt, Phase: votingapi.PollPhase(v.Phase),
	}
}

// ToAPIAmendment converts an amendment.
func ToAPIAmendment(a domain.Amendment) votingapi.Amendment {
	return votingapi.Amendment{AmendedAt: a.At, Reason: a.Reason, PreviousTitle: a.Title, PreviousDescription: a.Description}
}

// ToAPIPollPage converts a page of polls.
func ToAPIPollPage(p app.PollPage) votingapi.PollPage {
	return votingapi.PollPage{Items: wire.Each(p.Items, ToAPIPoll), NextCursor: wire.OrNull(p.Next), Pagination: commonapi.Pagination{
		Total: p.Total, Limit: p.Limit, Offset: p.Offset, HasNext: p.Next != "", HasPrev: p.Offset > 0,
	}}
}

// ToAPIPollInfo converts a poll with its questionnaire.
func ToAPIPollInfo(i app.PollInfo) votingapi.PollInfo {
	return votingapi.PollInfo{
		Poll: ToAPIPoll(i.PollView), Nominations: wire.Each(i.Questionnaire.Questions(), ToAPINomination), Options: wire.Each(i.Questionnaire.Options(), ToAPIOption),
		Meta: ToAPIPollMeta(i.Standing),
	}
}

// ToAPIPollMeta converts the caller's standing in a poll.
func ToAPIPollMeta(s domain.Standing) votingapi.PollMeta {
	return votingapi.PollMeta{
		HasVoted: s.Progress.Votes > 0, CanVote: s.CanVote(), CannotVote: wire.OrNull(votingapi.CannotVote(s.CannotVote)), Todo: s.ToDo(),
		Votes: int32(s.Progress.Votes), VotesLeft: s.Progress.VotesLeft, Role: wire.OrNull(votingapi.MyRole(s.Role)),
		CanEditQuestions: s.CanEditQuestions, CanManage: s.CanManage, CanDelete: s.CanDelete, CanReadResults: s.CanReadResults,
	}
}

// FromAPIListMyPolls converts the query of a list.
func FromAPIListMyPolls(p votingapi.ListMyPollsParams) app.ListMyPolls {
	return app.ListMyPolls{
		ScopeType: authz.ScopeType(wire.Value(p.ScopeType)), ScopeID: wire.Value(p.ScopeID), Phase: domain.Phase(wire.Value(p.Phase)),
		Query: wire.Value(p.Q), Sort: ports.PollSort(wire.Value(p.Sort)), Page: page.Request{Limit: wire.Value(p.Limit), Cursor: wire.Value(p.Cursor)},
	}
}

// ToAPIMyPollPage converts a page of polls with the caller's standing.
func ToAPIMyPollPage(p app.MyPolls) votingapi.MyPollPage {
	count := func(phase domain.Phase) int32 { return int32(p.Counts.Phases[phase]) }
	return votingapi.MyPollPage{
		Items: wire.Each(p.Items, func(m app.MyPoll) votingapi.MyPoll {
			return votingapi.MyPoll{Poll: ToAPIPoll(m.PollView), My: ToAPIPollMeta(m.Standing)}
		}),
		Totals: votingapi.PollTotals{
			Todo: int32(p.Counts.ToDo), Open: count(domain.PhaseOpen), Scheduled: count(domain.PhaseScheduled),
			Draft: count(domain.PhaseDraft), Closed: count(domain.PhaseClosed),
		},
		NextCursor: wire.OrNull(p.Next),
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
		GameID: wire.OrNull(d.GameID), SortOrder: int32(d.SortOrder),
	}
}

// ToAPIVote converts a ballot.
func ToAPIVote(b domain.Ballot) votingapi.Vote {
	d := b.Data()
	return votingapi.Vote{ID: d.ID, PollID: d.PollID, NominationID: d.QuestionID, OptionID: d.OptionID, UserID: d.UserID, CreatedAt: d.CastAt}
}

// ToAPIResults converts results.
func ToAPIResults(r domain.Results) votingapi.PollResults {
	return votingapi.PollResults{
		PollID: r.PollID, Final: r.Final, TotalVotes: r.Votes, Turnout: ToAPITurnout(r.Turnout),
		Nominations: wire.Each(r.Questions, func(q domain.QuestionResult) votingapi.NominationResult {
			return votingapi.NominationResult{
				NominationID: q.QuestionID, Title: q.Title, Votes: q.Votes, Voters: q.Voters,
				Winners: wire.Each(q.Winners, func(id uuid.UUID) uuid.UUID { return id }), Tie: q.Tie(),
				Options: wire.Each(q.Options, func(o domain.OptionResult) votingapi.OptionResult {
					return votingapi.OptionResult{OptionID: o.OptionID, Text: o.Title, Votes: o.Votes, Percent: o.Percent}
				}),
			}
		}),
	}
}

// ToAPITurnout converts the turnout.
func ToAPITurnout(t domain.Turnout) votingapi.Turnout {
	turnout := votingapi.Turnout{Voters: t.Voters, Eligible: nullable.NewNullNullable[int64](), Percent: nullable.NewNullNullable[float64]()}
	if t.Eligible != nil {
		turnout.Eligible.Set(*t.Eligible)
	}
	if wire.Value(t.Eligible) > 0 {
		turnout.Percent.Set(domain.Percent(t.Voters, *t.Eligible))
	}
	return turnout
}

// ToAPITemplate converts a template. Its plain texts are Russian, as the old frontends know them.
func ToAPITemplate(t domain.Template) votingapi.Template {
	return votingapi.Template{
		Slug: t.Slug, Title: t.Title.RU, TitleI18N: ToAPILocalized(t.Title), Description: t.Description.RU, DescriptionI18N: ToAPILocalized(t.Description),
		Visibility: commonapi.VisibilityPublic,
		Settings:   votingapi.TemplateSettings{AllowRevoting: t.Rules.AllowRevoting, ResultsVisibility: votingapi.ResultsVisibility(t.Rules.Results)},
		Questions: wire.Each(t.Questions, func(q domain.TemplateQuestion) votingapi.TemplateQuestion {
			return votingapi.TemplateQuestion{
				Title: q.Title.RU, TitleI18N: ToAPILocalized(q.Title), HintI18N: ToAPILocalized(q.Hint), Kind: votingapi.NominationKindCustom,
				MaxVotes: int32(max(q.MaxVotes, 1)), IsRequired: q.IsRequired,
			}
		}),
	}
}

// ToAPILocalized converts a text.
func ToAPILocalized(t domain.Localized) votingapi.LocalizedText {
	return votingapi.LocalizedText{Ru: t.RU, En: t.EN}
}

// ToAPIParticipant converts a participant.
func ToAPIParticipant(p domain.Participant) votingapi.Participant {
	return votingapi.Participant{
		UserID: p.UserID, Role: votingapi.ParticipantRole(p.Role), InvitedBy: p.InvitedBy,
		Status: cmp.Or(votingapi.ParticipantStatus(p.Status), votingapi.ParticipantStatusAccepted),
	}
}

func number(p *int32) *int {
	if p == nil {
		return nil
	}
	v := int(*p)
	return &v
}

// sortOrder is nil when the service chooses the sort order.
func sortOrder(n nullable.Nullable[int32]) *int {
	if v, err := n.Get(); err == nil {
		return number(&v)
	}
	return nil
}
