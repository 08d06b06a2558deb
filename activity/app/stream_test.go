package app

import (
	"fmt"
	"math"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/activity/domain"
	"go.updspace.com/libs/authz"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func at(seq uint64) domain.Position { return domain.Position{At: noon, Seq: seq} }

func testStream() *Stream {
	return newStream(authz.Actor{Tenant: uuid.New(), User: uuid.New()}, false, domain.DefaultTypes(), nil)
}

func TestNoticesOfOneItemAreOne(t *testing.T) {
	s := testStream()
	s.tell(at(2), Notice{At: at(1), SourceRef: "a", New: true, Created: true}, Notice{At: at(2), SourceRef: "b", Fields: []string{"title"}})
	s.tell(at(3), Notice{At: at(3), SourceRef: "a", Fields: []string{"body"}})
	s.tell(at(3), Notice{At: at(2), SourceRef: "a", Gone: true}) // a replay comes late
	s.tell(at(4), Notice{At: at(4), SourceRef: "b", Fields: []string{"body", "title"}})
	report := s.Take()
	require.Equal(t, []Notice{
		{At: at(3), SourceRef: "a", New: true, Created: true, Fields: []string{"body"}}, {At: at(4), SourceRef: "b", Fields: []string{"body", "title"}},
	}, report.Notices)
	require.Equal(t, at(4), report.At)
	require.False(t, report.Missed || report.Count)
	require.Len(t, s.Wake(), 1)
	require.Empty(t, s.Take().Notices)

	s.tell(at(6), Notice{At: at(5), SourceRef: "c", New: true, Created: true}, Notice{At: at(6), SourceRef: "c", Gone: true})
	report = s.Take()
	require.Equal(t, []Notice{{At: at(6), SourceRef: "c", Gone: true}}, report.Notices)
	require.True(t, report.Count)
}

func TestASlowReaderMissesNoticesAndIsTold(t *testing.T) {
	s := testStream()
	for i := range maxWaiting + 10 {
		n := Notice{At: at(uint64(i + 1)), SourceRef: fmt.Sprint(i)}
		s.tell(n.At, n)
		require.LessOrEqual(t, len(s.waiting), maxWaiting)
	}
	report := s.Take()
	require.True(t, report.Missed && report.Count)
	require.Empty(t, report.Notices, "the reader reads everything anew")
	require.Equal(t, at(maxWaiting+10), report.At)
	s.tell(at(1000), Notice{At: at(1000), SourceRef: "a"})
	report = s.Take()
	require.False(t, report.Missed)
	require.Len(t, report.Notices, 1)
}

// What a count has, it does not get again by a notice that comes later.
func TestACountGoesOnWithNotices(t *testing.T) {
	arrived := Notice{Created: true, New: true, ItemID: 11, Type: domain.PostCreated, OccurredAt: noon.Add(1)}
	count := Unread{Count: 3, lastID: 10, readTo: noon}
	for name, c := range map[string]struct {
		edit  func(*Notice, *Unread)
		added bool
	}{
		"an arrival":           {func(*Notice, *Unread) {}, true},
		"one that is counted":  {func(n *Notice, _ *Unread) { n.ItemID = 10 }, false},
		"an own one":           {func(n *Notice, _ *Unread) { n.Own = true }, false},
		"one that was there":   {func(n *Notice, _ *Unread) { n.Created = false }, false},
		"of another type":      {func(n *Notice, _ *Unread) { n.Type = domain.MemberJoined }, false},
		"of before":            {func(n *Notice, _ *Unread) { n.OccurredAt = noon }, false},
		"who has never read":   {func(_ *Notice, u *Unread) { u.readTo = time.Time{} }, false},
		"as many as there are": {func(_ *Notice, u *Unread) { u.Count = domain.MaxUnread }, false},
		"of a great id":        {func(n *Notice, _ *Unread) { n.ItemID = math.MaxInt64 }, true},
	} {
		n, u := arrived, count
		c.edit(&n, &u)
		before := u.Count
		require.Equal(t, c.added, u.Add(n), name)
		require.Equal(t, c.added, u.Count > before, name)
	}
}

// Thousands of streams that write at once would starve requests.
func TestManyStreamsAreToldOneAfterAnother(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, tenant := NewHub(nil, nil), uuid.New()
		streams := make([]*Stream, 3*toldAtOnce)
		for i := range streams {
			streams[i] = newStream(authz.Actor{Tenant: tenant, User: uuid.New()}, true, domain.DefaultTypes(), nil)
			_, _, err := h.join(streams[i], domain.Position{}, false)
			require.NoError(t, err)
		}
		woken := func() (n int) {
			synctest.Wait()
			for _, s := range streams {
				n += len(s.Wake())
			}
			return n
		}
		sight := []domain.Sight{{Type: domain.PostCreated, Visibility: authz.VisibilityPublic, Scope: authz.TenantScope(tenant)}}
		h.Receive(tenant, at(1), domain.Update{SourceRef: "post:1", Type: domain.PostCreated, OccurredAt: noon, After: sight})
		require.Equal(t, toldAtOnce, woken())
		time.Sleep(toldPause) //nolint:forbidigo // the clock of a bubble
		require.Equal(t, 2*toldAtOnce, woken())
		h.End() // does not wait for the others
		require.Equal(t, 2*toldAtOnce, woken())
	})
}

// Updates of before a place in the history that was forgotten are not known.
func TestTheHistoryOfATenantIsBounded(t *testing.T) {
	h := NewHub(nil, nil)
	h.Started(noon, 0)
	tenant := uuid.New()
	for i := range maxHistory + 2 {
		h.Receive(tenant, domain.Position{At: noon.Add(time.Duration(i) * time.Second), Seq: uint64(i + 1)}, domain.Update{SourceRef: fmt.Sprint(i)})
	}
	join := func(since domain.Position) ([]arrived, bool) {
		s := newStream(authz.Actor{Tenant: tenant, User: uuid.New()}, false, nil, nil)
		replay, known, err := h.join(s, since, true)
		require.NoError(t, err)
		return replay, known
	}
	_, known := join(at(1))
	require.False(t, known)
	_, known = join(domain.Position{At: noon.Add(time.Second), Seq: 2})
	require.False(t, known, "the second is forgotten")
	replay, known := join(domain.Position{At: noon.Add(2 * time.Second), Seq: 3})
	require.True(t, known)
	require.Len(t, replay, maxHistory-1)
	require.Equal(t, uint64(4), replay[0].at.Seq)
	replay, known = join(domain.Position{At: noon.Add(time.Hour), Seq: 5000})
	require.True(t, known)
	require.Empty(t, replay)
	h.End()
	_, _, err := h.join(testStream(), domain.Position{}, false)
	require.Error(t, err)
}
