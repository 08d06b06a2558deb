// Package portstest holds what tests of events share: the suites that every implementation of a port must pass, and an implementation
// in memory.
package portstest

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/events/domain"
	"go.updspace.com/events/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/reqctx"
)

// Store is the repositories of one store.
type Store struct {
	Events      ports.Events
	Occurrences ports.Occurrences
	Answers     ports.Answers
	Reminders   ports.Reminders
	Accounts    ports.Accounts
	Invitations ports.Invitations
	Members     ports.Members
	InTenant    ports.TenantMembers
	Inbound     ports.InboundMails
	Tx          ports.Tx
}

// Noon is the time of the suite.
var Noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// NewActor is a user of a new tenant.
func NewActor() authz.Actor { return authz.Actor{Tenant: uuid.New(), User: uuid.New()} }

// As is a request of the actor, who is a member of the tenant.
func As(ctx context.Context, a authz.Actor) context.Context {
	return reqctx.With(ctx, reqctx.Context{TenantID: a.Tenant, TenantSlug: "aef", UserID: a.User, Flags: reqctx.Flags{MembershipStatus: "active"}})
}

// Suite tests a store.
func Suite(t *testing.T, open func(*testing.T) Store) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, Store){
		"an event is stored whole":         eventRoundTrip,
		"a date is stored whole":           occurrenceRoundTrip,
		"a stale change is refused":        staleChange,
		"dates change places at once":      datesChangePlaces,
		"the date that is shown":           shownDate,
		"another tenant sees nothing":      otherTenant,
		"series that need further dates":   continuing,
		"filters and viewers select dates": selection,
		"answers fill seats in order":      answersFillSeats,
		"answers at once are counted":      answersAtOnceAreCounted,
		"an answer needs its version":      answersNeedTheirVersion,
		"answers are listed":               answersAreListed,
		"answers about a series":           answersAboutASeries,
		"reminders are queued and taken":   remindersAreQueued,
		"what members choose":              remindersAreChosen,
		"accounts":                         accountsHaveAStanding,
		"an invitation is stored whole":    invitationRoundTrip,
		"invitations are found":            invitationsAreFound,
		"mails of invitations":             invitationsAreMailed,
		"addresses are forgotten":          addressesAreForgotten,
		"members of groups":                membersOfGroups,
		"a mail is known":                  mailsAreKnown,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open(t))
		})
	}
}

// filled is an event with a value in every field, and its dates.
func filled(t *testing.T, by authz.Actor) (domain.Event, []domain.Occurrence) {
	t.Helper()
	start := Noon.Add(time.Hour)
	event, dates, err := domain.NewEvent(by, "aef", domain.EventDraft{
		Details: domain.Details{Title: "Title", Description: "Ёлка", LocationText: "Here", LocationURL: "https://example.com"},
		GameID:  "chess", Tags: []string{"b", "a"}, Scope: authz.TenantScope(by.Tenant), Visibility: authz.VisibilityPrivate,
		Schedule: domain.ScheduleDraft{
			Starts: start, Ends: start.Add(2 * time.Hour), Zone: "Europe/Moscow", Rule: "FREQ=DAILY",
			RDates: []time.Time{start.Add(time.Hour)}, EXDates: []time.Time{start.AddDate(0, 0, 1)},
		},
		CoHosts: []uuid.UUID{uuid.New(), uuid.New()},
	}, Noon)
	require.NoError(t, err)
	d := event.Data()
	d.Hidden, d.Status, d.CancelReason, d.Sequence = true, domain.StatusCancelled, "reason", 3
	return domain.RestoreEvent(d), dates
}

func (s Store) add(t *testing.T, ctx context.Context, event domain.Event, dates ...domain.Occurrence) {
	t.Helper()
	s.do(t, ctx, func(ctx context.Context) error {
		if err := s.Events.Add(ctx, event); err != nil {
			return err
		}
		return s.Occurrences.Add(ctx, dates...)
	})
}

func (s Store) do(t *testing.T, ctx context.Context, fn func(context.Context) error) {
	t.Helper()
	require.NoError(t, s.Tx.Do(ctx, fn))
}

func eventRoundTrip(t *testing.T, s Store) {
	by := NewActor()
	ctx := As(t.Context(), by)
	event, dates := filled(t, by)
	s.add(t, ctx, event, dates...)
	got, err := s.Events.Find(ctx, event.ID())
	require.NoError(t, err)
	require.Equal(t, event, got)
	s.do(t, ctx, func(ctx context.Context) error { return s.Events.Delete(ctx, event.ID()) })
	_, err = s.Events.Find(ctx, event.ID())
	require.ErrorIs(t, err, domain.ErrEventNotFound)
	left, err := s.Occurrences.List(ctx, event.ID())
	require.NoError(t, err)
	require.Empty(t, left)
}

func occurrenceRoundTrip(t *testing.T, s Store) {
	by := NewActor()
	ctx := As(t.Context(), by)
	event, dates := filled(t, by)
	d := dates[0].Data()
	d.Starts, d.Ends, d.Moved, d.Cancelled, d.CancelReason, d.Sequence = d.Starts.Add(time.Minute), d.Ends.Add(time.Hour), true, true, "reason", 2
	d.Own = domain.OwnDetails{Title: new("own"), Description: new(""), LocationText: new("there"), LocationURL: new("http://example.org")}
	full := domain.RestoreOccurrence(d)
	s.add(t, ctx, event, full)
	got, err := s.Occurrences.Find(ctx, event.ID(), full.ID())
	require.NoError(t, err)
	require.Equal(t, full, got)
	require.NoError(t, s.Tx.Do(ctx, func(ctx context.Context) error { return s.Occurrences.Update(ctx, dates[0]) }))
	require.NoError(t, s.Tx.Do(ctx, func(ctx context.Context) (err error) {
		got, err = s.Occurrences.Lock(ctx, event.ID(), full.ID())
		return err
	}))
	require.Equal(t, dates[0], got)
	_, err = s.Occurrences.Find(ctx, uuid.New(), full.ID())
	require.ErrorIs(t, err, domain.ErrOccurrenceNotFound)
	s.do(t, ctx, func(ctx context.Context) error { return s.Occurrences.Remove(ctx, full.ID()) })
	_, err = s.Occurrences.First(ctx, event.ID())
	require.ErrorIs(t, err, domain.ErrOccurrenceNotFound)
}

func staleChange(t *testing.T, s Store) {
	by := NewActor()
	ctx := As(t.Context(), by)
	event, dates := filled(t, by)
	s.add(t, ctx, event, dates[0])
	changed := event.Touch(Noon)
	update := func(e domain.Event) error {
		return s.Tx.Do(ctx, func(ctx context.Context) error {
			if _, err := s.Events.Lock(ctx, e.ID()); err != nil {
				return err
			}
			return s.Events.Update(ctx, e)
		})
	}
	require.NoError(t, update(changed))
	require.Error(t, update(changed))
}

// A series that begins a day later: each date takes the place of the next one.
func datesChangePlaces(t *testing.T, s Store) {
	by := NewActor()
	ctx := As(t.Context(), by)
	event, dates := filled(t, by)
	s.add(t, ctx, event, dates[2:5]...)
	first, last := dates[2].Data(), dates[4].Data()
	first.RecurrenceID, last.RecurrenceID = last.RecurrenceID, first.RecurrenceID
	require.NoError(t, s.Tx.Do(ctx, func(ctx context.Context) error {
		return s.Occurrences.Update(ctx, domain.RestoreOccurrence(first), domain.RestoreOccurrence(last))
	}))
	require.Error(t, s.Tx.Do(ctx, func(ctx context.Context) error {
		last.RecurrenceID = first.RecurrenceID
		return s.Occurrences.Update(ctx, domain.RestoreOccurrence(last))
	}), "two dates in one place")
}

func shownDate(t *testing.T, s Store) {
	by := NewActor()
	ctx := As(t.Context(), by)
	event, dates := filled(t, by)
	dates = dates[2:5] // a day apart, of two hours
	s.add(t, ctx, event, dates...)
	for _, c := range []struct {
		at   time.Time
		want domain.Occurrence
	}{
		{Noon, dates[0]},
		{dates[0].Data().Ends.Add(-time.Second), dates[0]},
		{dates[0].Data().Ends, dates[1]},
		{dates[2].Data().Ends.AddDate(1, 0, 0), dates[2]},
	} {
		got, err := s.Occurrences.Shown(ctx, event.ID(), c.at)
		require.NoError(t, err)
		require.Equal(t, c.want.ID(), got.ID(), c.at)
	}
	after := ports.PositionOf(dates[0])
	page, err := s.Occurrences.Page(ctx, event.ID(), time.Time{}, &after, 1)
	require.NoError(t, err)
	require.Equal(t, dates[1:2], page)
	page, err = s.Occurrences.Page(ctx, event.ID(), dates[1].Data().Ends, nil, 9)
	require.NoError(t, err)
	require.Equal(t, dates[1:], page)
}

func otherTenant(t *testing.T, s Store) {
	by := NewActor()
	event, dates := filled(t, by)
	s.add(t, As(t.Context(), by), event, dates[0])
	ctx := As(t.Context(), NewActor())
	_, err := s.Events.Find(ctx, event.ID())
	require.ErrorIs(t, err, domain.ErrEventNotFound)
	_, err = s.Occurrences.Find(ctx, event.ID(), dates[0].ID())
	require.ErrorIs(t, err, domain.ErrOccurrenceNotFound)
	s.do(t, ctx, func(ctx context.Context) error { return s.Events.Delete(ctx, event.ID()) })
	_, err = s.Events.Find(As(t.Context(), by), event.ID())
	require.NoError(t, err)
}

func continuing(t *testing.T, s Store) {
	by := NewActor()
	event, dates := filled(t, by)
	d := event.Data()
	d.Status = domain.StatusScheduled
	s.add(t, As(t.Context(), by), domain.RestoreEvent(d), dates[0])
	at := dates[0].Data().Original
	for before, want := range map[time.Time]bool{at: false, at.Add(time.Second): true} {
		due, err := s.Events.ListContinuing(t.Context(), before, 1_000)
		require.NoError(t, err)
		if want {
			require.Contains(t, due, ports.EventOfTenant{Tenant: by.Tenant, Event: event.ID()})
		} else {
			require.NotContains(t, due, ports.EventOfTenant{Tenant: by.Tenant, Event: event.ID()})
		}
	}
}

// Page, Count and Audiences follow domain.NewEventAccess and the filter.
func selection(t *testing.T, s Store) {
	by := NewActor()
	ctx := As(t.Context(), by)
	tenant := authz.TenantScope(by.Tenant)
	var all []domain.Event
	for _, visibility := range []authz.Visibility{authz.VisibilityPublic, authz.VisibilityCommunity, authz.VisibilityPrivate} {
		for _, status := range []domain.Status{domain.StatusScheduled, domain.StatusDraft, domain.StatusCancelled} {
			for _, hidden := range []bool{false, true} {
				event, dates := filled(t, authz.Actor{Tenant: by.Tenant, User: uuid.New()})
				d := event.Data()
				d.Visibility, d.Status, d.Hidden = visibility, status, hidden
				event = domain.RestoreEvent(d)
				s.add(t, ctx, event, dates[0])
				all = append(all, event)
			}
		}
	}
	audiences, err := s.Events.Audiences(ctx, ports.Filter{})
	require.NoError(t, err)
	require.Len(t, audiences, 3)
	public := authz.Audience{Scope: tenant, Visibility: authz.VisibilityPublic}
	holds := func(p ...authz.Permission) map[authz.Permission][]authz.Scope {
		held := map[authz.Permission][]authz.Scope{}
		for _, permission := range p {
			held[permission] = []authz.Scope{tenant}
		}
		return held
	}
	for _, viewer := range []authz.Viewer{
		{Actor: by},
		{Actor: by, Holds: holds(domain.PermissionEventRead)},
		{Actor: by, Holds: holds(domain.PermissionEventRead), Audiences: []authz.Audience{public}},
		{Actor: by, Holds: holds(domain.PermissionEventRead), Audiences: []authz.Audience{public, {Scope: tenant, Visibility: authz.VisibilityCommunity}}},
		{Actor: by, Holds: holds(domain.PermissionEventRead, domain.PermissionEventManage)},
		{Actor: authz.Actor{Tenant: by.Tenant, User: all[4].Data().CreatedBy}, Holds: holds(domain.PermissionEventRead)},
		{Actor: authz.Actor{Tenant: by.Tenant, User: all[5].Data().CoHosts[1]}, Holds: holds(domain.PermissionEventRead)},
	} {
		want := map[uuid.UUID]bool{}
		for _, event := range all {
			if domain.NewEventAccess(event, viewer.Actor, domain.GrantsOf(viewer, event)).CanRead {
				want[event.ID()] = true
			}
		}
		dated, err := s.Events.Page(ctx, ports.Filter{}, viewer, ports.Range{Limit: 100})
		require.NoError(t, err)
		got := map[uuid.UUID]bool{}
		for _, d := range dated {
			got[d.Event.ID()] = true
		}
		require.Equal(t, want, got)
		count, err := s.Events.Count(ctx, ports.Filter{}, viewer)
		require.NoError(t, err)
		require.Equal(t, len(want), count)
	}
	admin := authz.Viewer{Actor: by, Holds: holds(domain.PermissionEventRead, domain.PermissionEventManage)}
	for _, c := range []struct {
		filter ports.Filter
		want   int
	}{
		{ports.Filter{ScopeType: authz.ScopeTenant, ScopeID: by.Tenant}, 18}, {ports.Filter{ScopeType: authz.ScopeTeam}, 0},
		{ports.Filter{Query: "елка"}, 18}, {ports.Filter{Query: "nothing"}, 0}, {ports.Filter{Tag: "a"}, 18}, {ports.Filter{Tag: "c"}, 0},
		{ports.Filter{GameID: "chess"}, 18}, {ports.Filter{Visibility: authz.VisibilityPublic}, 6}, {ports.Filter{Status: domain.StatusDraft}, 6},
		{ports.Filter{Host: all[0].Data().CreatedBy}, 1}, {ports.Filter{Host: all[0].Data().CoHosts[0]}, 1},
		{ports.Filter{From: Noon.Add(3 * time.Hour), To: Noon.Add(time.Hour)}, 18},
		{ports.Filter{From: Noon.Add(3*time.Hour + time.Second)}, 0}, {ports.Filter{To: Noon}, 0},
	} {
		count, err := s.Events.Count(ctx, c.filter, admin)
		require.NoError(t, err)
		require.Equal(t, c.want, count, "%+v", c.filter)
	}
}
