package outbox_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/events"
	kit "go.updspace.com/libs/outbox"
	"go.updspace.com/portal/adapters/outbox"
	groupsdomain "go.updspace.com/portal/groups/domain"
	"go.updspace.com/portal/ports/portstest"
	"go.updspace.com/tools/devkit/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// groupFamilies are the events that are tested here.
var groupFamilies = []string{"portal.community.", "portal.team.", "portal.membership."}

// Every event about groups in the document can be published. The publisher refuses events that it does not describe.
func TestEventsMatchTheirDocument(t *testing.T) {
	db := testkit.DB(t)
	producer := outbox.NewGroupEvents(kit.NewPublisher(db, "portal").Validating())
	by := portstest.Someone()
	ctx := portstest.As(t.Context(), by)
	community := portstest.NewCommunity(t, by, groupsdomain.GroupDraft{Name: "Шахматы"})
	team := portstest.NewTeam(t, by, community, groupsdomain.GroupDraft{Name: "Дебюты", JoinPolicy: groupsdomain.PolicyOpen})

	published := map[string]bool{}
	doc, err := events.Of("portal")
	require.NoError(t, err)
	for _, g := range []groupsdomain.Group{community, team} {
		founded := groupsdomain.UserMemberships{User: by.User, Community: groupsdomain.GroupMembership{Group: community}}.InitialMembers(g, portstest.Noon)
		m := founded[len(founded)-1].Membership
		var all []groupsdomain.Event
		for _, happened := range []groupsdomain.Happened{groupsdomain.Created, groupsdomain.Updated, groupsdomain.Archived, groupsdomain.Restored, groupsdomain.Deleted} {
			all = append(all, groupsdomain.GroupEvent{Happened: happened, Group: g, By: by.User})
		}
		for _, happened := range []groupsdomain.Happened{groupsdomain.Added, groupsdomain.Changed, groupsdomain.Removed} {
			all = append(all, groupsdomain.MembershipEvent{Happened: happened, Group: g, Membership: m, By: by.User})
		}
		for _, event := range all {
			require.NoError(t, db.Do(ctx, func(ctx context.Context) error { return producer.Publish(ctx, event) }))
			var text string
			require.NoError(t, db.Read(ctx, func(ctx context.Context) error {
				return db.Conn(ctx).NewRaw("SELECT event FROM outbox ORDER BY seq DESC LIMIT 1").Scan(ctx, &text)
			}))
			var wire struct {
				Source, Type, Subject, ActorID string
				Data                           map[string]any
			}
			require.NoError(t, json.Unmarshal([]byte(text), &wire))
			published[wire.Type] = true
			require.Equal(t, doc.Source, wire.Source)
			require.Equal(t, strings.ToLower(string(g.Scope().Type))+":"+g.ID().String(), wire.Data["source_ref"])
			require.Equal(t, by.User.String(), wire.Data["actor_id"])
			require.Equal(t, community.ID().String(), wire.Data["community_id"])
		}
	}
	for kind := range doc.Events {
		for _, family := range groupFamilies {
			require.True(t, !strings.HasPrefix(kind, family) || published[kind], "%s is in the document and is not published", kind)
		}
	}
}

func TestAnEventWithoutItsChangeIsRefused(t *testing.T) {
	db := testkit.DB(t)
	by := portstest.Someone()
	g := portstest.NewCommunity(t, by, groupsdomain.GroupDraft{Name: "t"})
	err := outbox.NewGroupEvents(kit.NewPublisher(db, "portal").Validating()).Publish(portstest.As(t.Context(), by), groupsdomain.GroupEvent{Happened: groupsdomain.Created, Group: g, By: uuid.New()})
	require.Error(t, err)
}
