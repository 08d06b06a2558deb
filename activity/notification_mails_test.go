package activity_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/activityapi"
	"go.updspace.com/api/gamificationevents"
	"go.updspace.com/api/identityevents"
	"go.updspace.com/api/mailevents"
	"go.updspace.com/api/portalevents"
	"go.updspace.com/api/votingevents"
	"go.updspace.com/libs/authz"
	"go.updspace.com/tools/devkit/testkit/service"
)

// mails are the requested mails: to whom, of what kind, and the English subject.
func (s telling) mails() (mails []mailevents.MessageRequest) {
	s.t.Helper()
	for _, e := range s.Events() {
		if e.Type == mailevents.TypeMessageRequested {
			data, err := mailevents.DecodeMessageRequest(e.Type, e.Data)
			require.NoError(s.t, err)
			mails = append(mails, data)
		}
	}
	return mails
}

func (s telling) named(slug string) {
	s.t.Helper()
	require.NoError(s.t, s.handle(s.event(identityevents.TypeTenantCreated, identityevents.Tenant{TenantID: s.Tenant, Slug: slug, Name: "AEF", CreatedAt: s.Clock.Now()})))
}

// A cause that arrives at two instances many times is one mail.
func TestAMailIsAskedForOnce(t *testing.T) {
	t.Parallel()
	s := startTelling(t)
	s.named("aef")
	person, moderator, community := s.member(), s.member(), uuid.New()
	added := s.event(portalevents.TypeMembershipAdded, membership(moderator.User, person.User, community))
	var wg sync.WaitGroup
	for range 6 {
		wg.Go(func() {
			require.NoError(t, s.handle(added))
			require.NoError(t, s.app.Tell(context.Background()))
		})
	}
	wg.Wait()
	require.NoError(t, s.app.Tell(context.Background()))
	mails := s.mails()
	require.Len(t, mails, 1)
	require.Equal(t, person.User, *mails[0].ToUser)
	require.Equal(t, "activity.request_decided", mails[0].Kind)
	require.Equal(t, "You are a member now: Raiders", mails[0].Contents[1].Subject)
	require.Contains(t, mails[0].Contents[1].Text, "/c/"+community.String())
	require.Contains(t, mails[0].Contents[0].Text, "Вы теперь в составе")

	off := []activityapi.NotificationChoice{{Kind: "request_decided", Channel: "email", Enabled: false}}
	r, err := s.As(person).UpdateNotificationPreferencesWithResponse(t.Context(), activityapi.NotificationPreferencesUpdate{Choices: off})
	service.OK(t, r, err)
	s.happened(portalevents.TypeMembershipAdded, membership(moderator.User, person.User, uuid.New()))
	require.Len(t, s.mails(), 1)
}

func TestADigestHasWhatIsUnreadAndSeen(t *testing.T) {
	t.Parallel()
	s := startTelling(t)
	s.named("aef")
	person := s.member(pollRead)
	choices := []activityapi.NotificationChoice{{Kind: "badge", Channel: "email", Enabled: true}, {Kind: "poll_opened", Channel: "email", Enabled: true}}
	r, err := s.As(person).UpdateNotificationPreferencesWithResponse(t.Context(), activityapi.NotificationPreferencesUpdate{
		Choices: choices, EmailFrequency: new(activityapi.EmailFrequencyDaily), DigestHour: new(7), TimeZone: new("Europe/Moscow"),
	})
	service.OK(t, r, err)
	for range 2 {
		s.happened(gamificationevents.TypeGrantCreated, s.badge(person.User))
		s.Clock.Advance(time.Second)
	}
	read, err := s.As(person).MarkNotificationReadWithResponse(t.Context(), s.inbox(person)[1].ID)
	service.OK(t, read, err)
	community := uuid.New()
	s.joins(person.User, community)
	s.Access.Grant(person, authz.CommunityScope(community), pollRead)
	s.happened(votingevents.TypePollPublished, s.poll(authz.CommunityScope(community), "community", uuid.New()))
	require.Empty(t, s.mails())
	s.Access.Revoke(person, pollRead)

	seven := s.Clock.Now().Truncate(24 * time.Hour).Add(4 * time.Hour) // in Moscow
	if !seven.After(s.Clock.Now()) {
		seven = seven.Add(24 * time.Hour)
	}
	s.Clock.Advance(seven.Sub(s.Clock.Now()) - time.Second)
	require.NoError(t, s.app.SendDigests(context.Background()))
	require.Empty(t, s.mails(), "before the hour that the person has chosen, where the person is")
	s.Clock.Advance(time.Second)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() { require.NoError(t, s.app.SendDigests(context.Background())) })
	}
	wg.Wait()
	mails := s.mails()
	require.Len(t, mails, 1, "one digest, whoever sends it")
	require.Equal(t, "activity.digest", mails[0].Kind)
	require.Equal(t, "Notifications: 1", mails[0].Contents[1].Subject)
	require.Contains(t, mails[0].Contents[1].Text, "You have a new badge: Full hold")
	require.Contains(t, mails[0].Contents[0].Text, "У вас новый знак: ")
	require.NotContains(t, mails[0].Contents[1].Text, "Where do we go?", "what the person may not see any more")

	s.Clock.Advance(24 * time.Hour)
	require.NoError(t, s.app.SendDigests(context.Background()))
	require.Len(t, s.mails(), 1, "nothing is told twice, and no empty mail is sent")
}
