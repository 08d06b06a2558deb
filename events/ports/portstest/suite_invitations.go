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
)

// invited stores the invitation of an address, or of a user.
func (s Store) invited(t *testing.T, by authz.Actor, event domain.Event, user uuid.UUID, address string, change ...func(*domain.Invitation)) domain.Invitation {
	t.Helper()
	i := event.Invite(by, "aef", user, address, domain.NewInvitationToken(), Noon)
	for _, c := range change {
		c(&i)
	}
	s.do(t, As(t.Context(), by), func(ctx context.Context) error { return s.Invitations.Add(ctx, i) })
	return i
}

// without is an invitation without its token.
func without(i domain.Invitation) domain.Invitation {
	i.Token = ""
	return i
}

func invitationRoundTrip(t *testing.T, s Store) {
	by := NewActor()
	ctx := As(t.Context(), by)
	event, dates := s.scheduled(t, by, 1, domain.AnswerRules{})
	full := s.invited(t, by, event, uuid.Nil, "guest@example.com", func(i *domain.Invitation) {
		i.Batch, i.Withdrawn, i.Told, i.Mail = uuid.New(), true, 3, domain.Mail{Method: domain.MailCancel, Dates: []uuid.UUID{dates[0].ID()}, Due: Noon}
		i.Delivery, i.MessageID, i.MailedAt, i.Failure, i.Recipient = domain.DeliveryFailed, uuid.New(), Noon.Add(time.Second), "unsubscribed", "digest"
	})
	got, err := s.Invitations.Find(ctx, event.ID(), full.ID)
	require.NoError(t, err)
	require.Equal(t, without(full), got, "without the token")
	changed := full
	changed.By, changed.At, changed.Batch, changed.Withdrawn, changed.Told, changed.Mail = uuid.New(), Noon.Add(time.Minute), uuid.New(), false, -1, domain.Mail{}
	changed.Delivery, changed.Failure = domain.DeliveryWaiting, ""
	s.do(t, ctx, func(ctx context.Context) error {
		if _, err := s.Invitations.Lock(ctx, event.ID(), full.ID); err != nil {
			return err
		}
		return s.Invitations.Update(ctx, without(changed))
	})
	kept, err := s.Invitations.Guest(ctx, event.ID(), full.UserID)
	require.NoError(t, err)
	require.Equal(t, changed, *kept, "with the token, which an update leaves as it is")
	missing := changed
	missing.ID = uuid.New()
	for _, err := range []error{
		s.Tx.Do(ctx, func(ctx context.Context) error { return s.Invitations.Update(ctx, missing) }),
		errorOf(s.Invitations.Find(ctx, uuid.New(), full.ID)), errorOf(s.Invitations.Find(As(t.Context(), NewActor()), event.ID(), full.ID)),
	} {
		require.ErrorIs(t, err, domain.ErrInvitationUnknown)
	}
}

func errorOf[T any](_ T, err error) error { return err }

func invitationsAreFound(t *testing.T, s Store) {
	by := NewActor()
	ctx := As(t.Context(), by)
	event, dates := s.scheduled(t, by, 2, domain.AnswerRules{})
	member, batch := uuid.New(), uuid.New()
	guest := s.invited(t, by, event, uuid.Nil, "guest@example.com", func(i *domain.Invitation) { i.Batch = batch })
	user := s.invited(t, by, event, member, "")
	withdrawn := s.invited(t, by, event, uuid.Nil, "other@example.com", func(i *domain.Invitation) { i.Withdrawn, i.Batch = true, batch })

	found, err := s.Invitations.FindByToken(t.Context(), guest.Token)
	require.NoError(t, err)
	require.Equal(t, ports.InvitationOfTenant{Tenant: by.Tenant, Invitation: without(guest)}, found, "of any tenant")
	for _, wrong := range []domain.InvitationToken{"", "x", guest.Token + "a"} {
		_, err = s.Invitations.FindByToken(t.Context(), wrong)
		require.ErrorIs(t, err, domain.ErrInvitationUnknown)
	}
	none, err := s.Invitations.Guest(ctx, event.ID(), member)
	require.NoError(t, err)
	require.Nil(t, none, "a member is no guest")
	for user, want := range map[uuid.UUID]bool{guest.UserID: true, member: true, withdrawn.UserID: false} {
		is, err := s.Answers.IsGuest(ctx, event.ID(), user)
		require.NoError(t, err)
		require.Equal(t, want, is)
	}
	s.do(t, ctx, func(ctx context.Context) error {
		existing, err := s.Invitations.Existing(ctx, event.ID(), []uuid.UUID{member, uuid.New()}, []string{"other@example.com", "", "new@example.com"})
		require.ElementsMatch(t, []domain.Invitation{without(user), without(withdrawn)}, existing)
		return err
	})

	s.answered(t, ctx, event, dates[0], domain.Answer{UserID: guest.UserID, Status: domain.AnswerInterested})
	s.answered(t, ctx, event, dates[1], domain.Answer{UserID: guest.UserID, Status: domain.AnswerGoing, At: Noon.Add(time.Minute)})
	page, err := s.Invitations.Page(ctx, event.ID(), uuid.Nil, 100)
	require.NoError(t, err)
	require.Equal(t, []uuid.UUID{withdrawn.ID, user.ID, guest.ID}, []uuid.UUID{page[0].ID, page[1].ID, page[2].ID}, "the latest first")
	require.Nil(t, page[1].Reply)
	require.Equal(t, domain.Answer{UserID: guest.UserID, Guest: true, Status: domain.AnswerGoing, At: Noon.Add(time.Minute)}, *page[2].Reply, "the last answer")
	page, err = s.Invitations.Page(ctx, event.ID(), withdrawn.ID, 1)
	require.NoError(t, err)
	require.Len(t, page, 1)
	require.Equal(t, user.ID, page[0].ID)
	copies, err := s.Invitations.Copies(ctx, event.ID())
	require.NoError(t, err)
	require.Equal(t, []domain.Invitation{without(guest), without(user)}, copies)
	list, err := s.Answers.Page(ctx, dates[1].ID(), ports.AnswerFilter{}, nil, 1)
	require.NoError(t, err)
	require.Equal(t, []any{true, "guest@example.com"}, []any{list[0].Guest, list[0].Address})

	for want, count := range map[int]func() (int, error){
		3: func() (int, error) { return s.Invitations.Count(ctx, event.ID()) },
		2: func() (int, error) { return s.Invitations.CountBatch(ctx, batch) },
		0: func() (int, error) { return s.Invitations.CountAddresses(ctx, by.User, Noon) },
	} {
		n, err := count()
		require.NoError(t, err)
		require.Equal(t, want, n)
	}
	addresses, err := s.Invitations.CountAddresses(ctx, by.User, Noon.Add(-time.Second))
	require.NoError(t, err)
	require.Equal(t, 2, addresses)
}

// Mails are due, taken, asked for once, and told anew when the event changes.
func invitationsAreMailed(t *testing.T, s Store) {
	by := NewActor()
	ctx := As(t.Context(), by)
	event, dates := s.scheduled(t, by, 2, domain.AnswerRules{})
	told := s.invited(t, by, event, uuid.Nil, "told@example.com")
	due := func(now time.Time) bool {
		t.Helper()
		list, err := s.Invitations.ListDue(t.Context(), now, 1_000)
		require.NoError(t, err)
		for _, e := range list {
			if e == (ports.EventOfTenant{Tenant: by.Tenant, Event: event.ID()}) {
				return true
			}
		}
		return false
	}
	take := func(now time.Time) (list []domain.Invitation) {
		t.Helper()
		s.do(t, ctx, func(ctx context.Context) (err error) {
			list, err = s.Invitations.Take(ctx, event.ID(), now, 100)
			return err
		})
		return list
	}
	require.False(t, due(Noon.Add(-time.Second)))
	require.True(t, due(Noon))
	require.Empty(t, take(Noon.Add(-time.Second)))
	list := take(Noon)
	require.Equal(t, []domain.Invitation{told}, list, "with its token")
	list[0].MessageID = uuid.New()
	s.do(t, ctx, func(ctx context.Context) error { return s.Invitations.Mailed(ctx, 4, Noon, list...) })
	require.False(t, due(Noon))
	find := func(id uuid.UUID) domain.Invitation {
		t.Helper()
		i, err := s.Invitations.Find(ctx, event.ID(), id)
		require.NoError(t, err)
		return i
	}
	mailed := find(told.ID)
	require.Equal(t, []any{4, domain.Mail{}, domain.DeliveryQueued, list[0].MessageID, Noon}, []any{mailed.Told, mailed.Mail, mailed.Delivery, mailed.MessageID, mailed.MailedAt})
	deliver := func(message uuid.UUID, outcome domain.MailOutcome) {
		t.Helper()
		s.do(t, ctx, func(ctx context.Context) error { return s.Invitations.Delivered(ctx, message, outcome) })
	}
	deliver(uuid.New(), domain.MailOutcome{Delivery: domain.DeliveryFailed, Failure: "not_accepted"})
	require.Equal(t, domain.DeliveryQueued, find(told.ID).Delivery, "another mail")
	deliver(list[0].MessageID, domain.MailOutcome{Delivery: domain.DeliverySent, Recipient: "digest"})
	deliver(list[0].MessageID, domain.MailOutcome{Delivery: domain.DeliveryFailed, Failure: "not_accepted"})
	require.Equal(t, []any{domain.DeliverySent, "", "digest"}, []any{find(told.ID).Delivery, find(told.ID).Failure, find(told.ID).Recipient}, "what came first counts")

	untold := s.invited(t, by, event, uuid.Nil, "untold@example.com")
	off := s.invited(t, by, event, uuid.Nil, "off@example.com", func(i *domain.Invitation) { i.Withdrawn, i.Mail = true, domain.Mail{} })
	tell := func(mail domain.Mail) {
		t.Helper()
		s.do(t, ctx, func(ctx context.Context) error { return s.Invitations.Tell(ctx, event.ID(), mail) })
	}
	later, first, second := Noon.Add(time.Minute), dates[0].ID(), dates[1].ID()
	tell(domain.Mail{Dates: []uuid.UUID{first}, Due: later})
	tell(domain.Mail{Method: domain.MailRequest, Due: later.Add(time.Minute)})
	tell(domain.Mail{Dates: []uuid.UUID{second}, Due: later.Add(time.Minute)})
	require.Equal(t, domain.Mail{Method: domain.MailRequest, Dates: []uuid.UUID{first, second}, Due: later}, find(told.ID).Mail, "one mail about all")
	require.Equal(t, domain.DeliveryWaiting, find(told.ID).Delivery)
	require.Equal(t, domain.Mail{Method: domain.MailRequest, Due: Noon}, find(untold.ID).Mail, "the first mail tells all")
	require.Equal(t, domain.Mail{}, find(off.ID).Mail)
	tell(domain.Mail{Method: domain.MailCancel, Due: Noon})
	require.Equal(t, domain.Mail{Method: domain.MailCancel, Due: Noon}, find(told.ID).Mail)
	require.Equal(t, domain.Mail{}, find(untold.ID).Mail, "who was not told need not hear of it")
	s.do(t, ctx, func(ctx context.Context) error {
		all, err := s.Invitations.TakeTold(ctx, event.ID(), uuid.Nil, 100)
		require.Len(t, all, 1)
		require.Equal(t, told.Token, all[0].Token)
		rest, _ := s.Invitations.TakeTold(ctx, event.ID(), told.ID, 100)
		require.Empty(t, rest)
		return err
	})

	draft := event.Touch(Noon).Data()
	draft.Status = domain.StatusDraft
	s.do(t, ctx, func(ctx context.Context) error { return s.Events.Update(ctx, domain.RestoreEvent(draft)) })
	require.False(t, due(later), "a draft is not told of")
	s.do(t, ctx, func(ctx context.Context) error { return s.Events.Delete(ctx, event.ID()) })
	_, err := s.Invitations.Find(ctx, event.ID(), told.ID)
	require.ErrorIs(t, err, domain.ErrInvitationUnknown)
}

func addressesAreForgotten(t *testing.T, s Store) {
	by := NewActor()
	ctx := As(t.Context(), by)
	event, dates := s.scheduled(t, by, 2, domain.AnswerRules{})
	guest, user := s.invited(t, by, event, uuid.Nil, "guest@example.com"), s.invited(t, by, event, uuid.New(), "")
	ends := dates[1].Data().Ends
	addressAfter := func(before time.Time) string {
		t.Helper()
		require.NoError(t, s.Invitations.ForgetAddresses(t.Context(), before))
		got, err := s.Invitations.Find(ctx, event.ID(), guest.ID)
		require.NoError(t, err)
		return got.Address
	}
	require.Equal(t, "guest@example.com", addressAfter(ends), "the last date counts")
	require.Empty(t, addressAfter(ends.Add(time.Second)))
	_, err := s.Invitations.FindByToken(t.Context(), guest.Token)
	require.ErrorIs(t, err, domain.ErrInvitationUnknown, "the link has ended")
	_, err = s.Invitations.FindByToken(t.Context(), user.Token)
	require.NoError(t, err)
}

func membersOfGroups(t *testing.T, s Store) {
	by := NewActor()
	ctx := As(t.Context(), by)
	chess, team := authz.CommunityScope(uuid.New()), authz.TeamScope(uuid.New())
	a, b, c := uuid.New(), uuid.New(), uuid.New()
	put := func(group authz.Scope, user uuid.UUID, member bool) {
		t.Helper()
		s.do(t, ctx, func(ctx context.Context) error { return s.Members.Put(ctx, group, user, member) })
	}
	list := func(ctx context.Context, limit int, groups ...authz.Scope) []uuid.UUID {
		t.Helper()
		got, err := s.Members.List(ctx, groups, limit)
		require.NoError(t, err)
		return got
	}
	for range 2 {
		put(chess, a, true)
	}
	put(chess, b, true)
	put(chess, c, true)
	put(chess, c, false)
	put(team, b, true)
	require.ElementsMatch(t, []uuid.UUID{a, b}, list(ctx, 10, chess, team), "each once")
	require.Len(t, list(ctx, 1, chess), 1)
	require.Empty(t, list(As(t.Context(), NewActor()), 10, chess))
	s.do(t, ctx, func(ctx context.Context) error { return s.Members.RemoveAll(ctx, chess) })
	require.Equal(t, []uuid.UUID{b}, list(ctx, 10, chess, team))
}

func mailsAreKnown(t *testing.T, s Store) {
	ctx := As(t.Context(), NewActor())
	known := func(ctx context.Context) bool {
		t.Helper()
		is, err := s.Inbound.Known(ctx, "<1@x>")
		require.NoError(t, err)
		return is
	}
	require.False(t, known(ctx))
	for range 2 {
		require.NoError(t, s.Inbound.Remember(ctx, "<1@x>", Noon))
	}
	require.True(t, known(ctx))
	require.False(t, known(As(t.Context(), NewActor())), "another tenant")
	require.NoError(t, s.Inbound.Forget(t.Context(), Noon))
	require.True(t, known(ctx))
	require.NoError(t, s.Inbound.Forget(t.Context(), Noon.Add(time.Second)))
	require.False(t, known(ctx))
}
