package app

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/bff/domain"
)

const (
	// streamsChecked is how often streams are looked at without a reason: for the end of a session's time, and for what no event has told.
	streamsChecked = time.Minute
	// streamsAtOnce is how many streams are looked at at once. Each may ask the ID service.
	streamsAtOnce = 16
)

// Streams are the requests that stay open: streams of events, and requests that wait for news. Each ends with the session that it was opened in,
// and with the user's standing in the tenant, so that what a member may see no longer does not flow on.
type Streams struct {
	sessions *Sessions
	tenants  *Tenants

	mu     sync.Mutex
	open   map[domain.Hash]map[*stream]struct{} // by session
	marked map[*stream]struct{}                 // to be looked at
	wake   chan struct{}
}

type stream struct {
	session domain.Session
	tenant  domain.Tenant
	end     context.CancelCauseFunc
}

// NewStreams returns none. Streams are looked at while Run runs.
func NewStreams(sessions *Sessions, tenants *Tenants) *Streams {
	return &Streams{
		sessions: sessions, tenants: tenants, open: map[domain.Hash]map[*stream]struct{}{}, marked: map[*stream]struct{}{}, wake: make(chan struct{}, 1),
	}
}

// Hold returns a context that ends when the session ends, or the user may act in the tenant no longer. Its cause is the error that a new request
// would be refused with. The session was found before; what has ended since is noticed here.
func (s *Streams) Hold(ctx context.Context, session domain.Session, tenant domain.Tenant) (held context.Context, release func(), err error) {
	held, end := context.WithCancelCause(ctx)
	one := &stream{session: session, tenant: tenant, end: end}
	s.mu.Lock()
	if s.open[session.ID] == nil {
		s.open[session.ID] = map[*stream]struct{}{}
	}
	s.open[session.ID][one] = struct{}{}
	s.mu.Unlock()
	release = func() { s.remove(one); end(nil) }
	if err := s.check(ctx, one); err != nil {
		release()
		return nil, nil, err
	}
	return held, release, nil
}

func (s *Streams) remove(one *stream) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.marked, one)
	of := s.open[one.session.ID]
	if delete(of, one); len(of) == 0 {
		delete(s.open, one.session.ID)
	}
}

// check refuses a stream as a new request would be refused.
func (s *Streams) check(ctx context.Context, one *stream) error {
	if err := s.tenants.check(ctx, one.tenant.Slug); err != nil {
		return err
	}
	session, err := s.sessions.Find(ctx, one.session.ID)
	if err != nil {
		return err
	}
	_, err = s.sessions.Authorize(ctx, session, one.tenant)
	return err
}

// End ends the streams of sessions that have ended.
func (s *Streams) End(sessions ...domain.Hash) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range sessions {
		for one := range s.open[id] {
			one.end(domain.ErrUnauthenticated)
		}
	}
}

// Recheck looks at all streams anew: ends of sessions, or changes of accounts, may have been missed.
func (s *Streams) Recheck() { s.mark(func(*stream) bool { return true }) }

// RecheckUser looks at the streams of a user anew.
func (s *Streams) RecheckUser(user uuid.UUID) {
	s.mark(func(one *stream) bool { return one.session.UserID == user })
}

// RecheckTenant looks at the streams of a tenant anew.
func (s *Streams) RecheckTenant(slug string) {
	s.mark(func(one *stream) bool { return one.tenant.Slug == slug })
}

func (s *Streams) mark(match func(*stream) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, of := range s.open {
		for one := range of {
			if match(one) {
				s.marked[one] = struct{}{}
			}
		}
	}
	if len(s.marked) == 0 {
		return
	}
	select {
	case s.wake <- struct{}{}:
	default: // not looked since the last signal
	}
}

// Run looks at the streams that are marked, and at all of them now and then, until ctx ends.
func (s *Streams) Run(ctx context.Context) error {
	tick := time.NewTicker(streamsChecked)
	defer tick.Stop()
	var checks sync.WaitGroup
	defer checks.Wait()
	slots := make(chan struct{}, streamsAtOnce)
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			s.Recheck()
		case <-s.wake:
		}
		for _, one := range s.takeMarked() {
			select {
			case slots <- struct{}{}:
			case <-ctx.Done():
				return nil
			}
			checks.Go(func() {
				defer func() { <-slots }()
				if err := s.check(ctx, one); err != nil && ctx.Err() == nil {
					one.end(err)
				}
			})
		}
	}
}

func (s *Streams) takeMarked() []*stream {
	s.mu.Lock()
	defer s.mu.Unlock()
	taken := make([]*stream, 0, len(s.marked))
	for one := range s.marked {
		taken = append(taken, one)
	}
	clear(s.marked)
	return taken
}
