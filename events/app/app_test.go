package app_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/events/app"
	"go.updspace.com/events/domain"
	"go.updspace.com/events/ports/portstest"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/authz/authztest"
	"go.updspace.com/tools/devkit/testkit"
)

// The permissions that the platform's roles have.
var (
	memberKeys = []authz.Permission{domain.PermissionEventRead, domain.PermissionRSVPSet}
	makerKeys  = append([]authz.Permission{domain.PermissionEventCreate}, memberKeys...)
)

// fixture is the use cases on ports in memory: one tenant with a maker of events and a member.
type fixture struct {
	t      *testing.T
	memory *portstest.Memory
	access *authztest.Access
	clock  *testkit.Clock
	deps   app.Deps

	events      *app.Events
	occurrences *app.Occurrences
	answers     *app.Answers
	reminders   *app.Reminders
	invitations *app.Invitations
	links       *app.InvitationLinks
	lifecycle   *app.Lifecycle

	maker, member authz.Actor
}

func newFixture(t *testing.T, change ...func(*app.Deps)) *fixture {
	t.Helper()
	m, access, clock := portstest.NewMemory(), &authztest.Access{}, testkit.NewClock()
	clock.Set(portstest.Noon)
	store := m.Store()
	deps := app.Deps{
		Access: access, Events: store.Events, Occurrences: store.Occurrences, Answers: store.Answers, Reminders: store.Reminders, Accounts: store.Accounts, Attendance: m.Attendance(),
		Invitations: store.Invitations, Members: store.Members, Inbound: store.Inbound, Mails: m.Mails(), Groups: m.Groups(),
		Publisher: m, Audit: m, Tx: m, Once: m, Clock: clock,
	}
	for _, c := range change {
		c(&deps)
	}
	h := &fixture{
		t: t, memory: m, access: access, clock: clock, deps: deps,
		events: &app.Events{Deps: deps}, occurrences: &app.Occurrences{Deps: deps}, answers: &app.Answers{Deps: deps}, reminders: &app.Reminders{Deps: deps},
		invitations: &app.Invitations{Deps: deps}, links: &app.InvitationLinks{Deps: deps}, lifecycle: app.NewLifecycle(deps), maker: portstest.NewActor(),
	}
	access.Member(h.maker, makerKeys...)
	h.member = h.actor(memberKeys...)
	return h
}

// actor is a further member of the tenant.
func (h *fixture) actor(permissions ...authz.Permission) authz.Actor {
	a := authz.Actor{Tenant: h.maker.Tenant, User: uuid.New()}
	h.access.Member(a, permissions...)
	return a
}

func (h *fixture) as(a authz.Actor) context.Context { return portstest.As(h.t.Context(), a) }

// inTenant runs what an event or a job does.
func (h *fixture) inTenant(fn func(ctx context.Context) error) {
	h.t.Helper()
	require.NoError(h.t, h.memory.Do(portstest.As(h.t.Context(), authz.Actor{Tenant: h.maker.Tenant}), fn))
}

// make creates an event of the maker of two hours that begins in two days.
func (h *fixture) make(change ...func(*domain.EventDraft)) app.EventView {
	h.t.Helper()
	start := h.clock.Now().Add(48 * time.Hour)
	draft := domain.EventDraft{Details: domain.Details{Title: "Game night"}, Schedule: domain.ScheduleDraft{Starts: start, Ends: start.Add(2 * time.Hour), Zone: "UTC"}}
	for _, c := range change {
		c(&draft)
	}
	view, err := h.events.Create(h.as(h.maker), h.maker, app.CreateEvent{Event: draft, ScopeType: authz.ScopeTenant})
	require.NoError(h.t, err)
	return view
}

func capacity(n int) func(*domain.EventDraft) {
	return func(d *domain.EventDraft) { d.Answers.Capacity = n }
}

// weekly makes a series of three dates.
func weekly(d *domain.EventDraft) { d.Schedule.Rule = "FREQ=WEEKLY;COUNT=3" }

func private(d *domain.EventDraft) { d.Visibility = authz.VisibilityPrivate }

func (h *fixture) set(by authz.Actor, event app.EventView, status domain.AnswerStatus, change ...func(*app.SetAnswer)) (app.EventView, error) {
	in := app.SetAnswer{Event: event.Event.ID(), Answer: domain.AnswerDraft{Status: status}}
	for _, c := range change {
		c(&in)
	}
	return h.answers.Set(h.as(by), by, in)
}

// answer is set that must be accepted.
func (h *fixture) answer(by authz.Actor, event app.EventView, status domain.AnswerStatus, change ...func(*app.SetAnswer)) app.EventView {
	h.t.Helper()
	view, err := h.set(by, event, status, change...)
	require.NoError(h.t, err)
	return view
}

// published are the events of a type that were published.
func published[E domain.DomainEvent](h *fixture) (list []E) {
	for _, e := range h.memory.Published() {
		if event, ok := e.(E); ok {
			list = append(list, event)
		}
	}
	return list
}
