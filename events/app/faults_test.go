package app_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/events/app"
	"go.updspace.com/events/domain"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/page"
	"go.updspace.com/tools/devkit/testkit/faults"
)

// faulty are ports whose calls fail one after another. The audit log and the groups are the kit's.
func faulty(f *faults.Faults, d app.Deps) app.Deps {
	d.Access = faults.Access(f, d.Access)
	d.Events, d.Occurrences, d.Answers = faultyEvents{d.Events, f}, faultyOccurrences{d.Occurrences, f}, faultyAnswers{d.Answers, f}
	d.Attendance = faultyAttendance{d.Attendance, f}
	d.Reminders, d.Accounts = faultyReminders{d.Reminders, f}, faultyAccounts{d.Accounts, f}
	d.Invitations, d.Members = faultyInvitations{d.Invitations, f}, faultyMembers{d.Members, f}
	d.Mails, d.Inbound = faultyInvitationMails{d.Mails, f}, faultyInboundMails{d.Inbound, f}
	d.Publisher, d.Tx, d.Once = faults.NewEvents[domain.DomainEvent](f, d.Publisher), faults.NewTx(f, d.Tx), faults.Once(f, d.Once)
	return d
}

// scene is a fixture with a series that has one seat: the member has it on the first date, a guest waits, and both are due to be reminded.
type scene struct {
	*fixture
	event app.EventView
	token domain.InvitationToken // of the guest
	guest domain.Invitation
}

func newScene(t *testing.T) scene {
	t.Helper()
	s := scene{fixture: newFixture(t)}
	s.event = s.make(weekly, capacity(1))
	s.answer(s.member, s.event, domain.AnswerGoing)
	s.token = s.invited(s.event, "guest@example.com")
	_, err := s.links.Answer(t.Context(), app.AnswerInvitation{Token: s.token, Answer: domain.AnswerDraft{Status: domain.AnswerGoing}})
	require.NoError(t, err)
	s.guest = s.listed(s.event)[0]
	return s
}

// result leaves out what a use case returns besides its error.
func result[T any](_ T, err error) error { return err }

// A use case that cannot read or write what it needs fails, whatever that is.
func TestUseCasesFailWithWhatTheyCall(t *testing.T) {
	t.Parallel()
	for name, use := range map[string]func(s scene, d app.Deps) error{
		"answer": func(s scene, d app.Deps) error {
			in := app.SetAnswer{Event: s.event.Event.ID(), Answer: domain.AnswerDraft{Status: domain.AnswerInterested}}
			return result((&app.Answers{Deps: d}).Set(s.as(s.maker), s.maker, in))
		},
		"withdraw an answer about a series": func(s scene, d app.Deps) error {
			in := app.SetAnswer{Event: s.event.Event.ID(), Series: true, Answer: domain.AnswerDraft{Status: domain.AnswerWithdrawn}}
			return result((&app.Answers{Deps: d}).Set(s.as(s.member), s.member, in))
		},
		"list answers": func(s scene, d app.Deps) error {
			return result((&app.Answers{Deps: d}).List(s.as(s.member), s.member, app.ListAnswers{Event: s.event.Event.ID(), Request: page.Request{Limit: 1}}))
		},
		"choose when to be reminded": func(s scene, d app.Deps) error {
			reminders := &app.Reminders{Deps: d}
			if _, err := reminders.SetSettings(s.as(s.member), s.member, new([]int{60})); err != nil {
				return err
			}
			if _, err := reminders.SetChoice(s.as(s.member), s.member, s.event.Event.ID(), new([]int{60})); err != nil {
				return err
			}
			return result(reminders.Settings(s.as(s.member), s.member))
		},
		"remind": func(s scene, d app.Deps) error {
			s.clock.Set(s.event.Occurrence.Data().Starts.Add(-24 * time.Hour))
			return app.NewLifecycle(d).Remind(s.t.Context())
		},
		"remind a guest": func(s scene, d app.Deps) error {
			s.answer(s.member, s.event, domain.AnswerWithdrawn)
			s.clock.Set(s.event.Occurrence.Data().Starts.Add(-24 * time.Hour))
			return app.NewLifecycle(d).Remind(s.t.Context())
		},
		"tell a guest of a seat": func(s scene, d app.Deps) error {
			s.answer(s.member, s.event, domain.AnswerWithdrawn)
			return app.NewLifecycle(d).TellPromotions(s.t.Context())
		},
		"invite": func(s scene, d app.Deps) error {
			in := app.CreateInvitations{Event: s.event.Event.ID(), Invitees: domain.Invitees{Users: []uuid.UUID{uuid.New()}, Addresses: []string{"new@example.com"}}}
			return result((&app.Invitations{Deps: d}).Create(s.as(s.maker), s.maker, in))
		},
		"list invitations": func(s scene, d app.Deps) error {
			return result((&app.Invitations{Deps: d}).List(s.as(s.maker), s.maker, s.event.Event.ID(), page.Request{Limit: 1}))
		},
		"send an invitation again": func(s scene, d app.Deps) error {
			s.clock.Advance(domain.ResendPause)
			return result((&app.Invitations{Deps: d}).Resend(s.as(s.maker), s.maker, s.event.Event.ID(), s.guest.ID))
		},
		"withdraw an invitation": func(s scene, d app.Deps) error {
			return (&app.Invitations{Deps: d}).Withdraw(s.as(s.maker), s.maker, s.event.Event.ID(), s.guest.ID)
		},
		"mail invitations": func(s scene, d app.Deps) error {
			s.invite(s.event, domain.Invitees{Addresses: []string{"new@example.com"}})
			return app.NewLifecycle(d).MailInvitations(s.t.Context())
		},
		"show a link": func(s scene, d app.Deps) error {
			return result((&app.InvitationLinks{Deps: d}).Show(s.t.Context(), s.token))
		},
		"answer by a link": func(s scene, d app.Deps) error {
			in := app.AnswerInvitation{Token: s.token, Answer: domain.AnswerDraft{Status: domain.AnswerNotGoing}}
			return result((&app.InvitationLinks{Deps: d}).Answer(s.t.Context(), in))
		},
		"answer by mail": func(s scene, d app.Deps) error {
			return result((&app.InvitationLinks{Deps: d}).Reply(s.t.Context(), domain.MailReply{
				MessageID: "1", Token: s.token, UID: s.event.Event.Data().ICalUID, From: s.guest.Address, Attendee: s.guest.Address,
				Answers: []domain.MailAnswer{{Status: domain.AnswerNotGoing, On: &domain.DateName{At: s.event.Occurrence.Data().Original}}},
			}))
		},
		"note what became of a mail, and who is whose member": func(s scene, d app.Deps) error {
			l, ctx := app.NewLifecycle(d), s.as(authz.Actor{Tenant: s.maker.Tenant})
			for _, fn := range []func() error{
				func() error {
					return l.MailDone(ctx, s.guest.MessageID, domain.MailOutcome{Delivery: domain.DeliverySent})
				},
				func() error { return l.MembershipChanged(ctx, authz.CommunityScope(uuid.New()), s.member.User, true) },
				func() error { return l.AccountSuspended(ctx, s.member.User, true) },
				func() error { return l.SystemAdminChanged(ctx, s.member.User, true) },
				func() error { return l.ForgetInvited(context.Background()) },
			} {
				if err := fn(); err != nil {
					return err
				}
			}
			return nil
		},
		"delete an event": func(s scene, d app.Deps) error {
			return (&app.Events{Deps: d}).Delete(s.as(s.maker), s.maker, app.ChangeEvent{ID: s.event.Event.ID()})
		},
		"change an event that people are invited to": func(s scene, d app.Deps) error {
			edit := domain.EventEdit{Title: new("Later"), Capacity: new(5)}
			return result((&app.Events{Deps: d}).Update(s.as(s.maker), s.maker, app.ChangeEvent{ID: s.event.Event.ID()}, edit))
		},
		"check in, by one's own code and by that of the date, and take it back": func(s scene, d app.Deps) error {
			attendance, date := &app.Attendance{Deps: d}, app.DateOf{Event: s.event.Event.ID()}
			s.clock.Set(s.event.Occurrence.Data().Starts)
			secret, err := s.deps.Attendance.Secret(s.as(s.maker), date.Event)
			if err != nil {
				return err
			}
			id := s.event.Occurrence.ID()
			if _, err := attendance.Scan(s.as(s.maker), s.maker, date, secret.MemberCode(id, s.member.User)); err != nil {
				return err
			}
			if _, err := attendance.Enter(s.as(s.member), s.member, date, secret.DateCode(id)); err != nil {
				return err
			}
			if _, err := attendance.List(s.as(s.maker), s.maker, date, nil, page.Request{Limit: 1}); err != nil {
				return err
			}
			return attendance.Unmark(s.as(s.maker), s.maker, date, s.member.User)
		},
		"change, cancel and restore one date": func(s scene, d app.Deps) error {
			dates, in := &app.Occurrences{Deps: d}, app.ChangeOccurrence{Event: s.event.Event.ID(), ID: s.event.Occurrence.ID()}
			if _, err := dates.Edit(s.as(s.maker), s.maker, in, domain.OccurrenceEdit{Title: new("Final")}); err != nil {
				return err
			}
			if _, err := dates.Cancel(s.as(s.maker), s.maker, in, "Storm"); err != nil {
				return err
			}
			return result(dates.Restore(s.as(s.maker), s.maker, in))
		},
		"give a series more dates and fewer": func(s scene, d app.Deps) error {
			events, in := &app.Events{Deps: d}, app.ChangeEvent{ID: s.event.Event.ID()}
			if _, err := events.Update(s.as(s.maker), s.maker, in, domain.EventEdit{Rule: new("FREQ=WEEKLY;COUNT=4")}); err != nil {
				return err
			}
			return result(events.Update(s.as(s.maker), s.maker, in, domain.EventEdit{Rule: new("FREQ=WEEKLY;COUNT=2")}))
		},
		"let a series go on": func(s scene, d app.Deps) error {
			s.make(func(d *domain.EventDraft) { d.Schedule.Rule = "FREQ=YEARLY" })
			s.clock.Advance(4 * 366 * 24 * time.Hour)
			return app.NewLifecycle(d).Extend(s.t.Context())
		},
		"divide a series": func(s scene, d app.Deps) error {
			dates, err := s.deps.Occurrences.List(s.as(s.maker), s.event.Event.ID())
			if err != nil {
				return err
			}
			in := app.ChangeOccurrence{Event: s.event.Event.ID(), ID: dates[1].ID()}
			return result((&app.Occurrences{Deps: d}).Split(s.as(s.maker), s.maker, in, domain.EventEdit{Title: new("Second")}))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			faults.Each(t, func(f *faults.Faults) func() error {
				s := newScene(t)
				return func() error { return use(s, faulty(f, s.deps)) }
			})
		})
	}
}
