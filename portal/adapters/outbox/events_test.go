package outbox_test

import (
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	kit "go.updspace.com/libs/outbox"
	"go.updspace.com/libs/testkit"
	"go.updspace.com/portal/adapters/outbox"
	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports/portstest"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// document is api/events/portal.yaml.
type document struct {
	Source string
	Events map[string]struct {
		Subject string
		Data    struct {
			Ref string `yaml:"$ref"`
		}
	}
	Schemas map[string]any
}

func read(t *testing.T) (document, map[string]*openapi3.Schema) {
	t.Helper()
	raw, err := os.ReadFile("../../../api/events/portal.yaml")
	require.NoError(t, err)
	var d document
	require.NoError(t, yaml.Unmarshal(raw, &d))
	schemas := map[string]*openapi3.Schema{}
	for name, s := range d.Schemas {
		text, err := json.Marshal(s)
		require.NoError(t, err)
		schema := openapi3.NewSchema()
		require.NoError(t, json.Unmarshal(text, schema))
		require.NoError(t, schema.Validate(t.Context()))
		schemas["#/schemas/"+name] = schema
	}
	return d, schemas
}

// groupFamilies are the events told of here.
var groupFamilies = []string{"portal.community.", "portal.team.", "portal.membership."}

// Every event about groups that the document lists can be told, nothing else is, and what is told is what it says.
func TestEventsAreWhatTheirDocumentSays(t *testing.T) {
	db := testkit.DB(t)
	events := outbox.New(kit.NewPublisher(db, "portal"))
	by := portstest.Someone()
	ctx := portstest.As(t.Context(), by)
	community := portstest.NewCommunity(t, by, domain.GroupDraft{Name: "Шахматы"})
	team := portstest.NewTeam(t, by, community, domain.GroupDraft{Name: "Дебюты", JoinPolicy: domain.JoinOpen})

	told := map[string]bool{}
	doc, schemas := read(t)
	for _, g := range []domain.Group{community, team} {
		founded := g.Found(domain.Belonging{User: by.User, Community: domain.Seat{Group: community}}, portstest.Noon)
		m := founded[len(founded)-1].Membership
		about, member := domain.GroupEvent{Group: g, By: by.User}, domain.MembershipEvent{Group: g, Membership: m, By: by.User}
		for _, event := range []domain.Event{
			domain.GroupCreated{GroupEvent: about}, domain.GroupUpdated{GroupEvent: about}, domain.GroupArchived{GroupEvent: about},
			domain.GroupRestored{GroupEvent: about}, domain.GroupDeleted{GroupEvent: about},
			domain.MembershipAdded{MembershipEvent: member}, domain.MembershipChanged{MembershipEvent: member}, domain.MembershipRemoved{MembershipEvent: member},
		} {
			require.NoError(t, db.Do(ctx, func(ctx context.Context) error { return events.Publish(ctx, event) }))
			var text string
			require.NoError(t, db.Read(ctx, func(ctx context.Context) error {
				return db.Conn(ctx).NewRaw("SELECT event FROM outbox ORDER BY seq DESC LIMIT 1").Scan(ctx, &text)
			}))
			var wire struct {
				Source, Type, Subject, ActorID string
				Data                           map[string]any
			}
			require.NoError(t, json.Unmarshal([]byte(text), &wire))
			listed, ok := doc.Events[wire.Type]
			require.True(t, ok, "%s is not in the document", wire.Type)
			told[wire.Type] = true
			require.Equal(t, doc.Source, wire.Source)
			require.Equal(t, filled(listed.Subject, wire.Data), wire.Subject)
			require.NoError(t, schemas[listed.Data.Ref].VisitJSON(wire.Data), "%s: %s", wire.Type, text)
			require.Equal(t, strings.ToLower(string(g.Scope().Type))+":"+g.ID().String(), wire.Data["source_ref"])
			require.Equal(t, by.User.String(), wire.Data["actor_id"])
			require.Equal(t, community.ID().String(), wire.Data["community_id"])
		}
	}
	for kind := range doc.Events {
		for _, family := range groupFamilies {
			require.True(t, !strings.HasPrefix(kind, family) || told[kind], "%s is in the document and never told", kind)
		}
	}
}

// filled is a subject with its names replaced by what the data has under them.
func filled(subject string, data map[string]any) string {
	for name, value := range data {
		if text, ok := value.(string); ok {
			subject = strings.ReplaceAll(subject, "{"+name+"}", text)
		}
	}
	return subject
}

func TestAnEventWithoutItsChangeIsRefused(t *testing.T) {
	db := testkit.DB(t)
	by := portstest.Someone()
	g := portstest.NewCommunity(t, by, domain.GroupDraft{Name: "t"})
	err := outbox.New(kit.NewPublisher(db, "portal")).Publish(portstest.As(t.Context(), by), domain.GroupCreated{GroupEvent: domain.GroupEvent{Group: g, By: uuid.New()}})
	require.Error(t, err)
}
