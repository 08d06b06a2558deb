package app_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/groups"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit/faults"
	"go.updspace.com/voting/app"
	"go.updspace.com/voting/domain"
)

// scene is a fixture with a poll in a community, a draft, people in them and a ballot.
type scene struct {
	*fixture
	community authz.Scope
	poll      app.PollInfo // private, in the community, open for a day, with the member's ballot
	draft     app.PollInfo
	ballot    domain.Ballot
}

func newScene(t *testing.T) scene {
	s := scene{fixture: newFixture(t), community: authz.CommunityScope(uuid.New())}
	s.group(s.community, s.community.ID, groups.Active)
	s.poll = s.make(func(in *app.CreatePoll) {
		in.ScopeType, in.ScopeID = s.community.Type, s.community.ID.String()
		in.Poll.Visibility, in.Poll.Schedule.Ends = authz.VisibilityPrivate, s.clock.Now().Add(hour(24))
		in.AllowRevoting = new(true)
	}, 2)
	s.draft = s.make(nil)
	for _, poll := range []app.PollInfo{s.poll, s.draft} {
		_, err := s.participants.Put(s.as(s.maker), s.maker, poll.Poll.ID(), s.member.User, domain.RoleParticipant, false)
		require.NoError(t, err)
	}
	_, err := s.participants.Put(s.as(s.maker), s.maker, s.poll.Poll.ID(), s.admin.User, domain.RoleParticipant, true)
	require.NoError(t, err)
	_, err = s.questions.Add(s.as(s.maker), s.maker, app.AddQuestion{
		PollID: s.draft.Poll.ID(), Question: domain.QuestionDraft{Title: "q", Options: []domain.OptionDraft{{Title: "o"}}},
	})
	require.NoError(t, err)
	s.draft, err = s.polls.Info(s.as(s.maker), s.maker, s.draft.Poll.ID())
	require.NoError(t, err)
	s.ballot = s.cast(s.member, s.poll, 0)
	return s
}

// result leaves out what a use case returns besides its error.
func result[T any](_ T, err error) error { return err }

// A use case that cannot read or write what it needs fails, whatever that is.
func TestUseCasesFailWithWhatTheyCall(t *testing.T) {
	t.Parallel()
	type use func(s scene, d app.Deps) error
	for name, use := range map[string]use{
		"create a poll in a community": func(s scene, d app.Deps) error {
			in := app.CreatePoll{Poll: domain.PollDraft{Title: "poll"}, ScopeType: s.community.Type, ScopeID: s.community.ID.String()}
			return result((&app.Polls{Deps: d}).Create(s.as(s.maker), s.maker, in))
		},
		"copy a poll": func(s scene, d app.Deps) error {
			return result((&app.Polls{Deps: d}).Copy(s.as(s.maker), s.maker, app.CopyPoll{PollID: s.poll.Poll.ID()}))
		},
		"read a poll": func(s scene, d app.Deps) error {
			return result((&app.Polls{Deps: d}).Get(s.as(s.member), s.member, s.poll.Poll.ID()))
		},
		"read a poll with its questions": func(s scene, d app.Deps) error {
			return result((&app.Polls{Deps: d}).Info(s.as(s.member), s.member, s.poll.Poll.ID()))
		},
		"list polls": func(s scene, d app.Deps) error {
			return result((&app.Polls{Deps: d}).List(s.as(s.maker), s.maker, app.ListPolls{}))
		},
		"list one's own polls": func(s scene, d app.Deps) error {
			return result((&app.Polls{Deps: d}).ListMine(s.as(s.maker), s.maker, app.ListMyPolls{}))
		},
		"change and publish a poll": func(s scene, d app.Deps) error {
			in := app.UpdatePoll{Edit: domain.PollEdit{Title: new("other")}, Status: new(domain.StatusActive)}
			return result((&app.Polls{Deps: d}).Update(s.as(s.maker), s.maker, s.draft.Poll.ID(), in))
		},
		"close a poll in a community": func(s scene, d app.Deps) error {
			return result((&app.Polls{Deps: d}).Update(s.as(s.maker), s.maker, s.poll.Poll.ID(), app.UpdatePoll{Status: new(domain.StatusClosed)}))
		},
		"delete a poll": func(s scene, d app.Deps) error {
			return (&app.Polls{Deps: d}).Delete(s.as(s.maker), s.maker, s.draft.Poll.ID())
		},
		"add a question": func(s scene, d app.Deps) error {
			in := app.AddQuestion{PollID: s.draft.Poll.ID(), Question: domain.QuestionDraft{Title: "q", Options: []domain.OptionDraft{{Title: "o"}}}}
			return result((&app.Questions{Deps: d}).Add(s.as(s.maker), s.maker, in))
		},
		"edit a question": func(s scene, d app.Deps) error {
			edit := domain.QuestionEdit{Title: new("other")}
			return result((&app.Questions{Deps: d}).Edit(s.as(s.maker), s.maker, s.draft.Poll.ID(), s.draft.Questionnaire.Questions()[0].ID(), edit))
		},
		"remove a question": func(s scene, d app.Deps) error {
			return (&app.Questions{Deps: d}).Remove(s.as(s.maker), s.maker, s.draft.Poll.ID(), s.draft.Questionnaire.Questions()[0].ID())
		},
		"add an option": func(s scene, d app.Deps) error {
			in := app.AddOption{PollID: s.draft.Poll.ID(), QuestionID: s.draft.Questionnaire.Questions()[0].ID(), Option: domain.OptionDraft{Title: "p"}}
			return result((&app.Questions{Deps: d}).AddOption(s.as(s.maker), s.maker, in))
		},
		"add an option again": func(s scene, d app.Deps) error {
			ctx := s.as(s.maker)
			in := app.AddOption{PollID: s.draft.Poll.ID(), QuestionID: s.draft.Questionnaire.Questions()[0].ID(), Option: domain.OptionDraft{Title: "p"}}
			if _, err := s.questions.AddOption(ctx, s.maker, in); err != nil {
				return err
			}
			return result((&app.Questions{Deps: d}).AddOption(ctx, s.maker, in))
		},
		"edit an option": func(s scene, d app.Deps) error {
			edit := domain.OptionEdit{Title: new("other")}
			return result((&app.Questions{Deps: d}).EditOption(s.as(s.maker), s.maker, s.draft.Poll.ID(), s.draft.Questionnaire.Options()[0].ID(), edit))
		},
		"remove an option": func(s scene, d app.Deps) error {
			return (&app.Questions{Deps: d}).RemoveOption(s.as(s.maker), s.maker, s.draft.Poll.ID(), s.draft.Questionnaire.Options()[0].ID())
		},
		"list participants": func(s scene, d app.Deps) error {
			return result((&app.Participants{Deps: d}).List(s.as(s.maker), s.maker, s.poll.Poll.ID()))
		},
		"add a participant": func(s scene, d app.Deps) error {
			return result((&app.Participants{Deps: d}).Put(s.as(s.maker), s.maker, s.draft.Poll.ID(), s.admin.User, domain.RoleParticipant, false))
		},
		"add a participant who is invited": func(s scene, d app.Deps) error {
			return result((&app.Participants{Deps: d}).Put(s.as(s.maker), s.maker, s.poll.Poll.ID(), s.admin.User, domain.RoleParticipant, false))
		},
		"invite participants": func(s scene, d app.Deps) error {
			in := app.AddParticipants{Users: []uuid.UUID{s.admin.User}, Role: domain.RoleParticipant, Invite: true}
			_, _, err := (&app.Participants{Deps: d}).Add(s.as(s.maker), s.maker, s.draft.Poll.ID(), in)
			return err
		},
		"change a participant": func(s scene, d app.Deps) error {
			return result((&app.Participants{Deps: d}).Put(s.as(s.maker), s.maker, s.draft.Poll.ID(), s.member.User, domain.RoleObserver, false))
		},
		"remove a participant": func(s scene, d app.Deps) error {
			return (&app.Participants{Deps: d}).Remove(s.as(s.maker), s.maker, s.draft.Poll.ID(), s.member.User)
		},
		"withdraw an invite": func(s scene, d app.Deps) error {
			return (&app.Participants{Deps: d}).Remove(s.as(s.maker), s.maker, s.poll.Poll.ID(), s.admin.User)
		},
		"list one's own invites": func(s scene, d app.Deps) error {
			return result((&app.Invites{Deps: d}).ListMine(s.as(s.admin), s.admin))
		},
		"accept an invite": func(s scene, d app.Deps) error {
			return result((&app.Invites{Deps: d}).Accept(s.as(s.admin), s.admin, s.poll.Poll.ID()))
		},
		"accept an invite again": func(s scene, d app.Deps) error {
			if _, err := s.invites.Accept(s.as(s.admin), s.admin, s.poll.Poll.ID()); err != nil {
				return err
			}
			return result((&app.Invites{Deps: d}).Accept(s.as(s.admin), s.admin, s.poll.Poll.ID()))
		},
		"decline an invite": func(s scene, d app.Deps) error {
			return (&app.Invites{Deps: d}).Decline(s.as(s.admin), s.admin, s.poll.Poll.ID())
		},
		"vote": func(s scene, d app.Deps) error {
			return result((&app.Ballots{Deps: d}).Cast(s.as(s.maker), s.maker, pick(s.poll, 1)))
		},
		"vote for another option": func(s scene, d app.Deps) error {
			return result((&app.Ballots{Deps: d}).Replace(s.as(s.member), s.member, app.ReplaceBallot{PollID: s.poll.Poll.ID(), Answers: []domain.Answer{answer(s.poll, 1)}}))
		},
		"revoke a vote": func(s scene, d app.Deps) error {
			return (&app.Ballots{Deps: d}).Revoke(s.as(s.member), s.member, s.ballot.ID())
		},
		"list one's own ballots": func(s scene, d app.Deps) error {
			return result((&app.Ballots{Deps: d}).Mine(s.as(s.member), s.member, s.poll.Poll.ID()))
		},
		"read results": func(s scene, d app.Deps) error {
			return result((&app.Results{Deps: d}).Get(s.as(s.maker), s.maker, s.poll.Poll.ID()))
		},
		"export results": func(s scene, d app.Deps) error {
			return result((&app.Results{Deps: d}).Export(s.as(s.maker), s.maker, s.poll.Poll.ID()))
		},
		"upload, show and remove a picture": func(s scene, d app.Deps) error {
			images, id := &app.Images{Deps: d}, s.draft.Poll.ID()
			image, err := images.Upload(s.as(s.maker), s.maker, id, strings.NewReader("picture"))
			if err != nil {
				return err
			}
			if _, _, err := images.Open(s.as(s.maker), s.maker, id, image.ID()); err != nil {
				return err
			}
			return images.Sweep(s.as(s.maker))
		},
		"read the audit log": func(s scene, d app.Deps) error {
			return result((&app.Audit{Deps: d}).List(s.as(s.admin), s.admin, audit.Filter{}, page.Request{}))
		},
		"close polls that have ended": func(s scene, d app.Deps) error {
			s.clock.Advance(hour(25))
			return app.NewLifecycle(d).FollowSchedules(context.Background())
		},
		"close the polls of an archived community": func(s scene, d app.Deps) error {
			ctx := reqctx.With(t.Context(), reqctx.Context{TenantID: s.admin.Tenant})
			return s.memory.Do(ctx, func(ctx context.Context) error {
				return app.NewLifecycle(d).GroupChanged(ctx, groups.Group{Scope: s.community, Community: s.community.ID, State: groups.Archived})
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			faults.Each(t, func(f *faults.Faults) func() error {
				s := newScene(t)
				return func() error { return use(s, faulty(f, s.polls.Deps)) }
			})
		})
	}
}

// answer answers the question of an option with it.
func answer(info app.PollInfo, option int) domain.Answer {
	o := info.Questionnaire.Options()[option].Data()
	return domain.Answer{QuestionID: o.QuestionID, OptionIDs: []uuid.UUID{o.ID}}
}

// A cursor that no page of the list gave is refused: a list that began anew would show its first page for the next.
func TestCursorsOfOtherListsAreRefused(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	cursor := page.Encode("other", 1)
	_, err := s.polls.List(s.as(s.maker), s.maker, app.ListPolls{Cursor: cursor})
	require.Equal(t, errs.Invalid, errs.KindOf(err))
	_, err = s.polls.ListMine(s.as(s.maker), s.maker, app.ListMyPolls{Page: page.Request{Cursor: cursor}})
	require.Equal(t, errs.Invalid, errs.KindOf(err))
}
