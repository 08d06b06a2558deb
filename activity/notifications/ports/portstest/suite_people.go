package portstest

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/activity/notifications/domain"
	"go.updspace.com/libs/authz"
)

func notices(t *testing.T, s Store) {
	tenant := uuid.New()
	n := newNotice(tenant, "poll_closing:1")
	later := newNotice(tenant, "poll_closing:1")
	later.Due = noon.Add(time.Hour)
	put := func(n domain.Notice, replace bool) {
		s.do(t, tenant, func(ctx context.Context) error { return s.Notices.Put(ctx, n, replace) })
	}
	due := func(at time.Time) (ids []uuid.UUID) {
		found, err := s.Notices.Due(in(tenant), at, 100)
		require.NoError(t, err)
		for _, n := range found {
			if n.Tenant == tenant {
				ids = append(ids, n.ID)
			}
		}
		return ids
	}
	put(n, false)
	put(later, false)
	found, err := s.Notices.Due(in(tenant), noon, 100)
	require.NoError(t, err)
	require.Equal(t, []domain.Notice{n}, found, "it is stored whole, and the one that waits stays")
	put(later, true)
	require.Empty(t, due(noon))
	require.Equal(t, []uuid.UUID{later.ID}, due(noon.Add(time.Hour)))
	s.do(t, uuid.New(), func(ctx context.Context) error { return s.Notices.Drop(ctx, n.Cause) })
	require.Len(t, due(noon.Add(time.Hour)), 1, "another tenant's")
	s.do(t, tenant, func(ctx context.Context) error { return s.Notices.DropSubject(ctx, n.Subject) })
	require.Empty(t, due(noon.Add(time.Hour)))
}

func advance(t *testing.T, s Store) {
	tenant, person := uuid.New(), uuid.New()
	n := newNotice(tenant, "a")
	s.do(t, tenant, func(ctx context.Context) error { return s.Notices.Put(ctx, n, false) })
	move := func(n domain.Notice, to uuid.UUID, done bool) (mine bool) {
		s.do(t, tenant, func(ctx context.Context) (err error) {
			mine, err = s.Notices.Advance(ctx, n, to, done)
			return err
		})
		return mine
	}
	require.True(t, move(n, person, false))
	require.False(t, move(n, person, false), "another instance has told it")
	require.False(t, move(n, uuid.Nil, true))
	n.After = person
	require.True(t, move(n, uuid.Nil, true))
	require.False(t, move(n, uuid.Nil, true), "it is done")
}

func audiences(t *testing.T, s Store) {
	tenant, chess, team, event, date := uuid.New(), uuid.New(), uuid.New(), uuid.New(), uuid.New()
	people := []uuid.UUID{uuid.New(), uuid.New(), uuid.New(), uuid.New()}
	slices.SortFunc(people, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
	join := func(scope authz.Scope, community, person uuid.UUID, member bool) {
		s.do(t, tenant, func(ctx context.Context) error {
			return s.People.SetMember(ctx, domain.Membership{Scope: scope, Community: community, Person: person, Member: member})
		})
	}
	for _, person := range people {
		join(authz.TenantScope(tenant), uuid.Nil, person, true)
	}
	for _, person := range people[:3] {
		join(authz.CommunityScope(chess), chess, person, true)
	}
	join(authz.TeamScope(team), chess, people[0], true)
	next := func(n domain.Notice, limit int) []uuid.UUID {
		found, err := s.People.Next(in(tenant), n, limit)
		require.NoError(t, err)
		return found
	}
	of := func(scope authz.Scope) domain.Notice {
		n := newNotice(tenant, "a")
		n.To, n.Sight.Scope = domain.Members, scope
		return n
	}
	n := of(authz.CommunityScope(chess))
	require.Equal(t, people[:2], next(n, 2))
	n.After = people[1]
	require.Equal(t, people[2:3], next(n, 2))
	n.After = uuid.Nil
	block := func(blocked bool) {
		s.do(t, tenant, func(ctx context.Context) error { return s.People.SetBlocked(ctx, people[0], blocked) })
	}
	block(true)
	require.Equal(t, people[1:3], next(n, 10))
	block(false)
	join(authz.TenantScope(tenant), uuid.Nil, people[1], false)
	require.Equal(t, []uuid.UUID{people[0], people[2]}, next(n, 10), "only members of the tenant")
	named := newNotice(tenant, "b")
	named.Persons = []uuid.UUID{people[3], people[1], uuid.New()}
	require.Equal(t, people[3:], next(named, 10))
	s.do(t, tenant, func(ctx context.Context) error { return s.People.Close(ctx, authz.CommunityScope(chess)) })
	require.Empty(t, next(n, 10))
	require.Empty(t, next(of(authz.TeamScope(team)), 10), "its teams are closed, too")

	attend := func(person, occurrence uuid.UUID, coming bool) {
		s.do(t, tenant, func(ctx context.Context) error {
			return s.People.SetAttendance(ctx, domain.Attendance{Event: event, Occurrence: occurrence, Person: person, Coming: coming})
		})
	}
	attend(people[0], date, true)
	attend(people[2], uuid.Nil, true)
	attend(people[3], uuid.New(), true)
	come := newNotice(tenant, "c")
	come.To, come.Event, come.Occurrence = domain.Attendees, event, date
	require.Equal(t, []uuid.UUID{people[0], people[2]}, next(come, 10), "of the date, and of all dates")
	come.Occurrence = uuid.Nil
	require.Equal(t, []uuid.UUID{people[0], people[2], people[3]}, next(come, 10))
	attend(people[0], date, false)
	attend(people[3], uuid.Nil, false)
	require.Equal(t, people[2:3], next(come, 10))

	s.do(t, tenant, func(ctx context.Context) error {
		if err := s.People.SetUsername(ctx, people[0], "anna"); err != nil {
			return err
		}
		return s.People.SetSlug(ctx, "aef")
	})
	found, err := s.People.Named(in(tenant), []string{"anna", "boris", ""})
	require.NoError(t, err)
	require.Equal(t, people[:1], found)
	s.do(t, tenant, func(ctx context.Context) error {
		return errors.Join(s.People.SetBlocked(ctx, people[2], true), s.People.Forget(ctx, people[0]), s.People.Forget(ctx, people[2]))
	})
	found, err = s.People.Named(in(tenant), []string{"anna"})
	require.NoError(t, err)
	require.Empty(t, found)
	require.Equal(t, people[2:3], next(come, 10), "nothing is known of the account")
	slug, err := s.People.Slug(in(tenant))
	require.NoError(t, err)
	require.Equal(t, "aef", slug)
	slug, err = s.People.Slug(in(uuid.New()))
	require.NoError(t, err)
	require.Empty(t, slug)
}

func preferences(t *testing.T, s Store) {
	tenant, person, other := uuid.New(), uuid.New(), uuid.New()
	settings, err := s.Preferences.Settings(in(tenant), person)
	require.NoError(t, err)
	require.Equal(t, domain.DefaultSettings(), settings)
	daily := domain.Settings{Frequency: domain.Daily, Hour: 7, Weekday: time.Friday, Zone: "Europe/Berlin", Next: noon}
	s.do(t, tenant, func(ctx context.Context) error {
		for _, on := range []bool{true, false} { // the last one counts
			if err := s.Preferences.SetChoices(ctx, person, []domain.Choice{{Kind: domain.KindReply, Channel: domain.Email, On: on}}); err != nil {
				return err
			}
		}
		return s.Preferences.SetSettings(ctx, person, daily)
	})
	settings, err = s.Preferences.Settings(in(tenant), person)
	require.NoError(t, err)
	require.Equal(t, daily, settings)
	want := []domain.Choice{{Kind: domain.KindReply, Channel: domain.Email}}
	choices, err := s.Preferences.Choices(in(tenant), person)
	require.NoError(t, err)
	require.Equal(t, want, choices)
	n := newNotice(tenant, "a")
	n.Kind, n.Scope = domain.KindReply, authz.CommunityScope(uuid.New())
	s.do(t, tenant, func(ctx context.Context) error {
		return s.Preferences.Mute(ctx, person, domain.Mute{Scope: n.Scope, Until: noon.Add(time.Hour)}, 10, noon)
	})
	wishes, err := s.Preferences.Wishes(in(tenant), n, []uuid.UUID{person, other}, noon)
	require.NoError(t, err)
	require.Equal(t, []any{want, true, daily}, []any{wishes[person].Choices, wishes[person].Muted, wishes[person].Settings})
	require.Equal(t, []any{0, false, domain.DefaultSettings()}, []any{len(wishes[other].Choices), wishes[other].Muted, wishes[other].Settings})
	wishes, err = s.Preferences.Wishes(in(tenant), n, []uuid.UUID{person}, noon.Add(time.Hour))
	require.NoError(t, err)
	require.False(t, wishes[person].Muted, "the term is over")
}

func mutes(t *testing.T, s Store) {
	tenant, person := uuid.New(), uuid.New()
	mute := func(scope authz.Scope, until time.Time) error {
		return s.Tx.Do(in(tenant), func(ctx context.Context) error {
			return s.Preferences.Mute(ctx, person, domain.Mute{Scope: scope, Until: until}, 2, noon)
		})
	}
	first, second := authz.CommunityScope(uuid.New()), authz.TeamScope(uuid.New())
	require.NoError(t, mute(first, noon.Add(time.Hour)))
	require.NoError(t, mute(first, time.Time{}), "the same scope again")
	require.NoError(t, mute(second, noon.Add(time.Minute)))
	require.ErrorIs(t, mute(authz.TeamScope(uuid.New()), time.Time{}), domain.ErrTooManyMutes)
	found, err := s.Preferences.Mutes(in(tenant), person, noon.Add(2*time.Minute))
	require.NoError(t, err)
	require.Equal(t, []domain.Mute{{Scope: first}}, found, "the other's term is over")
	s.do(t, tenant, func(ctx context.Context) error { return s.Preferences.Unmute(ctx, person, first) })
	found, err = s.Preferences.Mutes(in(tenant), person, noon)
	require.NoError(t, err)
	require.Equal(t, []domain.Mute{{Scope: second, Until: noon.Add(time.Minute)}}, found)
}

func digests(t *testing.T, s Store) {
	tenant, person := uuid.New(), uuid.New()
	daily := domain.Settings{Frequency: domain.Daily, Hour: 7, Zone: "UTC", Next: noon}
	s.do(t, tenant, func(ctx context.Context) error { return s.Preferences.SetSettings(ctx, person, daily) })
	due, err := s.Preferences.DigestsDue(in(tenant), noon, 10)
	require.NoError(t, err)
	require.Equal(t, []domain.DigestDue{{Tenant: tenant, Person: person, Settings: daily}}, due)
	n := newNotice(tenant, "a")
	s.tell(t, n, person, noon)
	s.tell(t, newNotice(tenant, "b"), person, noon.Add(time.Minute))
	pending := func() int {
		found, err := s.Inbox.Pending(in(tenant), person, 10)
		require.NoError(t, err)
		return len(found)
	}
	require.Equal(t, 2, pending())
	s.do(t, tenant, func(ctx context.Context) error { return s.Inbox.TakeDigest(ctx, person, noon) })
	require.Equal(t, 1, pending(), "what was told later waits for the next one")
	for _, want := range []bool{true, false} {
		s.do(t, tenant, func(ctx context.Context) error {
			mine, err := s.Preferences.Postpone(ctx, due[0], noon.Add(24*time.Hour))
			require.Equal(t, want, mine)
			return err
		})
	}
	due, err = s.Preferences.DigestsDue(in(tenant), noon, 10)
	require.NoError(t, err)
	require.Empty(t, due)
}
