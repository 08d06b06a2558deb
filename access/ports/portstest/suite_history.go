package portstest

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
)

// Chronicle is a journal that can be read.
type Chronicle interface {
	ports.Journal
	ports.History
}

// RunHistory holds a journal to what ports.Journal and ports.History promise.
func RunHistory(t *testing.T, fresh func(t testing.TB) Chronicle) {
	j := fresh(t)
	entry := func(tenant, by uuid.UUID, action, typ, id string, at time.Time) domain.Entry {
		return domain.Entry{Tenant: tenant, PerformedBy: by, Action: action, TargetType: typ, TargetID: id, At: at, Metadata: map[string]string{"a": "b"}}
	}
	at := func(minutes int) time.Time { return noon.Add(time.Duration(minutes) * time.Minute) }
	entries := []domain.Entry{
		entry(Tenant, users[0], "role_created", "role", "1", at(0)),
		entry(Tenant, users[1], "role_deleted", "role", "1", at(1)),
		entry(Tenant, users[0], "binding_created", "binding", "1", at(2)),
		entry(Tenant, uuid.Nil, "binding_created", "binding", "2", at(2)),
		entry(Tenant, users[1], "write_refused", "role", "", at(3)),
	}
	entries[0].Keys = []string{"voting.poll.read", "voting.vote.cast"}
	entries[1].Keys = []string{}
	entries[4].Metadata = map[string]string{}
	for _, e := range entries {
		require.NoError(t, j.Record(within(Tenant), e))
	}
	require.NoError(t, j.Record(within(Other), entry(Other, users[0], "role_created", "role", "1", at(1))))

	nobody := uuid.Nil
	for name, c := range map[string]struct {
		search ports.EntrySearch
		want   []int
	}{
		"everything":  {ports.EntrySearch{}, []int{4, 3, 2, 1, 0}},
		"an actor":    {ports.EntrySearch{Actor: &users[0]}, []int{2, 0}},
		"no actor":    {ports.EntrySearch{Actor: &nobody}, []int{3}},
		"an action":   {ports.EntrySearch{Action: "binding_created"}, []int{3, 2}},
		"a kind":      {ports.EntrySearch{TargetType: "role"}, []int{4, 1, 0}},
		"a thing":     {ports.EntrySearch{TargetType: "role", TargetID: "1"}, []int{1, 0}},
		"from":        {ports.EntrySearch{From: at(2)}, []int{4, 3, 2}},
		"to":          {ports.EntrySearch{To: at(2)}, []int{1, 0}},
		"from and to": {ports.EntrySearch{From: at(1), To: at(3)}, []int{3, 2, 1}},
		"all at once": {ports.EntrySearch{Actor: &users[1], Action: "role_deleted", TargetType: "role", TargetID: "1", From: at(1), To: at(2)}, []int{1}},
		"nothing":     {ports.EntrySearch{Action: "none"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			for _, limit := range []int{1, 2, 100} {
				var got []domain.Entry
				search := c.search
				search.Limit = limit
				for {
					page, err := j.Page(within(Tenant), search)
					require.NoError(t, err)
					require.LessOrEqual(t, len(page), limit)
					for _, e := range page {
						require.NotEqual(t, uuid.Nil, e.ID)
						got = append(got, e.Entry)
					}
					if len(page) < limit {
						break
					}
					last := page[len(page)-1]
					search.After = &ports.Position{At: last.At, ID: last.ID}
				}
				var want []domain.Entry
				for _, i := range c.want {
					want = append(want, entries[i])
				}
				require.Equal(t, want, got)
			}
		})
	}
}
