package activity_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/activity/domain"
	"go.updspace.com/api/activityapi"
	"go.updspace.com/tools/devkit/testkit/service"
)

// An erased member's acts go; what belongs to the tenant stays without its author.
func TestItemsOfAPersonAreExportedAndErased(t *testing.T) {
	s := start(t)
	person, reader := s.Actor(allPermissions...), s.Actor(allPermissions...)
	post := put(t, s, func(d *domain.ItemData) { d.Actor = person.User }).Data().SourceRef
	put(t, s, func(d *domain.ItemData) { d.Type, d.SourceRef, d.Actor = domain.VoteCast, "vote:1", person.User })
	put(t, s, func(d *domain.ItemData) {
		d.Type, d.SourceRef, d.Actor, d.Target = domain.AchievementGranted, "grant:1", uuid.Nil, person.User
	})
	others := put(t, s, nil).Data().SourceRef
	subscribe(t, s, person, scopeOf("TENANT", s.Tenant))
	markRead(t, s, person)

	bff := s.AsService("bff")
	sections := map[string]int{}
	params := &activityapi.ExportPersonalDataParams{Limit: new(2)}
	for {
		r, err := bff.ExportPersonalDataWithResponse(t.Context(), person.User, params)
		for _, item := range service.OK(t, r, err).JSON200.Items {
			sections[item.Section]++
		}
		next, err := r.JSON200.NextCursor.Get()
		if err != nil {
			break
		}
		params.Cursor = &next
	}
	require.Equal(t, []int{3, 1, 1}, []int{sections["items"], sections["subscription"], sections["feed_read"]})

	receipt, err := bff.ErasePersonalDataWithResponse(t.Context(), person.User, &activityapi.ErasePersonalDataParams{})
	counts := service.OK(t, receipt, err).JSON200.Counts
	require.Equal(t, []int64{3, 1, 1}, []int64{counts["items"], counts["subscription"], counts["feed_read"]})
	r, err := s.As(reader).ListFeedWithResponse(t.Context(), &activityapi.ListFeedParams{Types: new("post.created,vote.cast,achievement.granted")})
	items := service.OK(t, r, err).JSON200.Items
	require.Equal(t, []string{others, post}, []string{items[0].SourceRef, items[1].SourceRef})
	require.True(t, items[1].ActorUserID.IsNull())
	require.Len(t, items, 2)
}
