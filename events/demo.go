package events

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/events/app"
	"go.updspace.com/events/domain"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/idempotency"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/seal"
)

// The demo tenant and its accounts, the same in the demo data of all services.
var (
	demoTenant = uuid.MustParse("00000000-0000-0000-0000-000000000001")
	demoAdmin  = uuid.MustParse("00000000-0000-4000-8000-000000000001") // admin@aef.test
	demoMember = uuid.MustParse("00000000-0000-4000-8000-000000000002") // member@aef.test
	demoSecond = uuid.MustParse("00000000-0000-4000-8000-000000000003") // second@aef.test
)

const (
	demoTitle     = "Game night"
	demoCancelled = "Вечер настольных ролевых игр"
	demoInvited   = "Фестиваль настольных игр"
	demoAddress   = "nadya@example.com" // of no account
)

// SeedDemo makes events for the weeks around now, unless they are there, through the use cases. The database must be migrated.
func SeedDemo(ctx context.Context, cfg Config) error {
	db, err := servicefx.OpenDemo(ctx, cfg.ServiceConfig)
	if err != nil {
		return err
	}
	defer db.Close()
	sealer, err := seal.Parse(cfg.SealKeys)
	if err != nil {
		return err
	}
	clock := servicefx.NewDemoClock()
	deps, err := newDeps(authz.AllowAll{}, db, newPublisher(db, cfg, clock), nil, sealer, audit.New(db), idempotency.NewStore(db), clock)
	if err != nil {
		return err
	}
	admin := authz.Actor{Tenant: demoTenant, User: demoAdmin}
	ctx = reqctx.With(ctx, reqctx.Context{TenantID: demoTenant, TenantSlug: "aef", UserID: demoAdmin})
	events := app.Events{Deps: deps}
	if list, err := events.List(ctx, admin, app.ListEvents{Query: demoTitle, Limit: 1}); err != nil || list.Total > 0 {
		return err
	}
	answers := app.Answers{Deps: deps}
	for i, draft := range demoEvents(clock.Now()) {
		made := time.Duration(14-i) * 24 * time.Hour
		clock.Ago(made)
		event, err := events.Create(ctx, admin, app.CreateEvent{Event: draft, ScopeType: authz.ScopeTenant})
		if err != nil {
			return err
		}
		if draft.Status == domain.StatusDraft || draft.Visibility == authz.VisibilityPrivate {
			continue
		}
		if draft.Details.Title == demoCancelled {
			clock.Ago(26 * time.Hour)
			if _, err := events.Cancel(ctx, admin, app.ChangeEvent{ID: event.Event.ID()}, "Ведущий заболел, новую дату объявим."); err != nil {
				return err
			}
			continue
		}
		for n, user := range []uuid.UUID{demoMember, demoSecond, demoAdmin} {
			clock.Ago(made - time.Duration(n*3+i*5+2)*time.Hour)
			ctx := reqctx.With(ctx, reqctx.Context{TenantID: demoTenant, TenantSlug: "aef", UserID: user})
			going := app.SetAnswer{Event: event.Event.ID(), Answer: domain.AnswerDraft{Status: domain.AnswerGoing}}
			if draft.Answers.PlusOnes > 0 && user == demoMember {
				going.Answer.PlusOnes, going.Answer.Comment = 1, "Опоздаю на полчаса."
			}
			if _, err := answers.Set(ctx, authz.Actor{Tenant: demoTenant, User: user}, going); err != nil {
				return err
			}
		}
		if draft.Details.Title == demoInvited {
			clock.Ago(0)
			if err := inviteDemo(ctx, deps, admin, event.Event.ID()); err != nil {
				return err
			}
		}
	}
	return nil
}

// inviteDemo invites a member and an address to an event; the person at the address answers by the link. Their mails are sent when the
// service runs.
func inviteDemo(ctx context.Context, deps app.Deps, by authz.Actor, event uuid.UUID) error {
	invitations := app.Invitations{Deps: deps}
	invitees := domain.Invitees{Users: []uuid.UUID{demoMember}, Addresses: []string{demoAddress}}
	if _, err := invitations.Create(ctx, by, app.CreateInvitations{Event: event, Invitees: invitees}); err != nil {
		return err
	}
	invited, err := deps.Invitations.Page(ctx, event, uuid.Nil, len(invitees.Users)+len(invitees.Addresses))
	if err != nil {
		return err
	}
	links := app.InvitationLinks{Deps: deps}
	for _, i := range invited {
		guest, err := deps.Invitations.Guest(ctx, event, i.UserID)
		if err != nil {
			return err
		}
		if guest == nil {
			continue // the member
		}
		if _, err := links.Answer(ctx, app.AnswerInvitation{Token: guest.Token, Answer: domain.AnswerDraft{Status: domain.AnswerInterested}}); err != nil {
			return err
		}
	}
	return nil
}

// demoEvents are a series in a zone with daylight saving, which leaves a date out, an event that is full, one of today, which takes
// check-ins, whole days with guests who are invited, a draft, a private event and one that is cancelled.
func demoEvents(now time.Time) []domain.EventDraft {
	at := func(days, hour int, lasts time.Duration) domain.ScheduleDraft {
		start := time.Date(now.Year(), now.Month(), now.Day()+days, hour, 0, 0, 0, time.UTC)
		return domain.ScheduleDraft{Starts: start, Ends: start.Add(lasts), Zone: "Europe/Moscow"}
	}
	weekly := at(-13, 17, 3*time.Hour)
	weekly.Zone, weekly.Rule = "Europe/Berlin", "FREQ=WEEKLY"
	weekly.EXDates = []time.Time{weekly.Starts.AddDate(0, 0, 28)}
	today := at(0, 0, 24*time.Hour)
	today.Zone, today.AllDay = "UTC", true
	days := at(20, 0, 48*time.Hour)
	days.Zone, days.AllDay = "UTC", true
	return []domain.EventDraft{
		{
			Details:  domain.Details{Title: demoTitle, Description: "Board games and snacks. Bring a friend.", LocationText: "Club, room 2"},
			Schedule: weekly, GameID: "Каркассон", Tags: []string{"board games"},
		},
		{
			Details: domain.Details{
				Title: "Открытый день клуба", Description: "Приходите в любое время: игры, чай и экскурсия.", LocationText: "Клуб, все залы",
			},
			Schedule: today, Tags: []string{"клуб", "новички"}, Answers: domain.AnswerRules{Capacity: 60, PlusOnes: 2}, CoHosts: []uuid.UUID{demoSecond},
		},
		{
			Details:  domain.Details{Title: "Рейд: Огненные недра", Description: "Сбор за 15 минут. Нужны два лекаря.", LocationURL: "https://discord.com/"},
			Schedule: at(3, 16, 4*time.Hour), Tags: []string{"рейд"}, Answers: domain.AnswerRules{Capacity: 2},
		},
		{Details: domain.Details{Title: demoInvited, LocationText: "Экспоцентр, зал 3"}, Schedule: days},
		{Details: domain.Details{Title: "Собрание организаторов"}, Schedule: at(6, 15, time.Hour), Visibility: authz.VisibilityPrivate},
		{Details: domain.Details{Title: demoCancelled, LocationText: "Клуб, зал 1"}, Schedule: at(5, 16, 4*time.Hour), Tags: []string{"рейд"}},
		{Details: domain.Details{Title: "Турнир по шахматам"}, Schedule: at(12, 9, 8*time.Hour), Status: domain.StatusDraft},
	}
}
