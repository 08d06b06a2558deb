package outbox_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/outbox"
)

// follow starts a follower, and waits until it has its place in the stream.
func (s *system) follow(got *seen) (since time.Time, stop func()) {
	s.t.Helper()
	started := make(chan time.Time, 1)
	stop = start(s.t, outbox.NewFollower(outbox.FollowerConfig{NATSURL: s.broker.URL, Name: "follower", Types: []string{"voting.>"}, Logger: quiet},
		func(since time.Time, _ uint64) { started <- since },
		func(_ context.Context, e outbox.Followed) {
			if e.Seq == 0 || e.At.IsZero() {
				panic("an event without a place")
			}
			got.add(e.Event)
		}).Run)
	return <-started, stop
}

// Every follower gets all events of its time, in order and once, also those that were published while the broker was away.
func TestFollowersGetTheEventsOfTheirTime(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.publish("poll/1", 0)
	require.NoError(t, outbox.WaitPublished(t.Context(), s.from))
	var first, second seen
	since, _ := s.follow(&first)
	require.False(t, since.Before(time.Now().Add(-time.Minute)))
	_, stop := s.follow(&second)
	arrived := func(got *seen, want ...int) {
		t.Helper()
		require.Eventually(t, func() bool { return len(got.all()) >= len(want) }, patience, tick)
		require.Equal(t, want, got.all())
	}
	s.publish("poll/1", 1)
	s.publish("poll/1", 2)
	arrived(&first, 1, 2)
	arrived(&second, 1, 2)
	stop()
	s.broker.Stop()
	s.publish("poll/1", 3)
	s.publish("poll/1", 4)
	s.broker.Start()
	arrived(&first, 1, 2, 3, 4)
	require.Equal(t, []int{1, 2}, second.all(), "it has stopped")
}
