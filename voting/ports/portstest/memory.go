// Package portstest holds what tests of voting share: the suites that every implementation of a port must pass, an
// implementation in memory, and fakes of the ports that lead out of the service.
package portstest

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/google/uuid"

	"go.updspace.com/libs/reqctx"
	"go.updspace.com/voting/domain"
	"go.updspace.com/voting/ports"
)

// Memory keeps everything in memory. It passes the same suite as PostgreSQL does, so what is built on it holds there.
type Memory struct {
	mu    sync.Mutex
	state state
}

type state struct {
	polls     map[uuid.UUID]domain.Poll
	questions map[uuid.UUID]domain.Question
	options   map[uuid.UUID]domain.Option
	ballots   []domain.Ballot // in the order they were cast
	made      map[onceKey]uuid.UUID
	events    []domain.Event
}

type onceKey struct {
	tenant, user       uuid.UUID
	request, operation string
}

// NewMemory is empty.
func NewMemory() *Memory {
	return &Memory{state: state{
		polls: map[uuid.UUID]domain.Poll{}, questions: map[uuid.UUID]domain.Question{}, options: map[uuid.UUID]domain.Option{},
		made: map[onceKey]uuid.UUID{},
	}}
}

// Polls is the memory as ports.Polls; the other methods accordingly.
func (m *Memory) Polls() ports.Polls     { return memoryPolls{m} }
func (m *Memory) Papers() ports.Papers   { return memoryPapers{m} }
func (m *Memory) Ballots() ports.Ballots { return memoryBallots{m} }

type inTx struct{}

// Do runs fn alone, and undoes what it did when it fails.
func (m *Memory) Do(ctx context.Context, fn func(context.Context) error) error {
	if ctx.Value(inTx{}) != nil {
		return fn(ctx)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	before := m.state.clone()
	err := fn(context.WithValue(ctx, inTx{}, true))
	if err != nil {
		m.state = before
	}
	return err
}

func (s state) clone() state {
	return state{
		polls: maps.Clone(s.polls), questions: maps.Clone(s.questions), options: maps.Clone(s.options),
		ballots: slices.Clone(s.ballots), made: maps.Clone(s.made), events: slices.Clone(s.events),
	}
}

// use gives access to the state, in a transaction or on its own.
func (m *Memory) use(ctx context.Context, fn func(*state)) {
	if ctx.Value(inTx{}) == nil {
		m.mu.Lock()
		defer m.mu.Unlock()
	}
	fn(&m.state)
}

// Once implements ports.Once.
func (m *Memory) Once(ctx context.Context, operation string, _ any, create func(context.Context) (uuid.UUID, error)) (id uuid.UUID, err error) {
	rc := reqctx.From(ctx)
	key := onceKey{tenant: rc.TenantID, user: rc.UserID, request: rc.RequestID, operation: operation}
	err = m.Do(ctx, func(ctx context.Context) error {
		if made, ok := m.state.made[key]; ok {
			id = made
			return nil
		}
		if id, err = create(ctx); err == nil {
			m.state.made[key] = id
		}
		return err
	})
	return id, err
}

// Publish implements ports.Events.
func (m *Memory) Publish(ctx context.Context, events ...domain.Event) error {
	if ctx.Value(inTx{}) == nil {
		return errors.New("portstest: Publish outside of Do")
	}
	m.state.events = append(m.state.events, events...)
	return nil
}

// Events returns what was published and committed, in order.
func (m *Memory) Events() (events []domain.Event) {
	m.use(context.Background(), func(s *state) { events = slices.Clone(s.events) })
	return events
}

type memoryPolls struct{ *Memory }

func (m memoryPolls) Find(ctx context.Context, id uuid.UUID) (poll domain.Poll, err error) {
	m.use(ctx, func(s *state) { poll, err = s.poll(ctx, id) })
	return poll, err
}

func (s *state) poll(ctx context.Context, id uuid.UUID) (domain.Poll, error) {
	poll, ok := s.polls[id]
	if !ok || poll.Data().TenantID != reqctx.From(ctx).TenantID {
		return domain.Poll{}, domain.ErrPollNotFound
	}
	return poll, nil
}

func (m memoryPolls) Lock(ctx context.Context, id uuid.UUID) (domain.Poll, error) {
	if ctx.Value(inTx{}) == nil {
		return domain.Poll{}, errors.New("portstest: Lock outside of Do")
	}
	return m.Find(ctx, id)
}

func (m memoryPolls) Add(ctx context.Context, poll domain.Poll) error {
	m.use(ctx, func(s *state) { s.polls[poll.ID()] = poll })
	return nil
}

func (m memoryPolls) Update(ctx context.Context, poll domain.Poll) (err error) {
	m.use(ctx, func(s *state) {
		if was, e := s.poll(ctx, poll.ID()); e != nil || was.Version() >= poll.Version() {
			err = errors.New("portstest: poll changed without its lock")
			return
		}
		s.polls[poll.ID()] = poll
	})
	return err
}

func (m memoryPolls) Delete(ctx context.Context, id uuid.UUID) error {
	m.use(ctx, func(s *state) {
		if _, err := s.poll(ctx, id); err != nil {
			return
		}
		delete(s.polls, id)
		maps.DeleteFunc(s.questions, func(_ uuid.UUID, q domain.Question) bool { return q.Data().PollID == id })
		maps.DeleteFunc(s.options, func(_ uuid.UUID, o domain.Option) bool { return o.Data().PollID == id })
	})
	return nil
}

func (m memoryPolls) Places(ctx context.Context, search ports.PollSearch) (places []ports.Place, err error) {
	m.use(ctx, func(s *state) {
		for _, poll := range s.matching(ctx, search) {
			if place := placeOf(poll); !slices.Contains(places, place) {
				places = append(places, place)
			}
		}
	})
	return places, nil
}

func (m memoryPolls) Page(ctx context.Context, search ports.PollSearch, viewer ports.Viewer, limit, offset int) (page []domain.Poll, total int, err error) {
	m.use(ctx, func(s *state) {
		page = slices.DeleteFunc(s.matching(ctx, search), func(p domain.Poll) bool { return !sees(viewer, p) })
	})
	total = len(page)
	page = page[min(offset, total):]
	return page[:min(limit, len(page))], total, nil
}

func placeOf(p domain.Poll) ports.Place {
	d := p.Data()
	return ports.Place{Scope: d.Scope.ForAccess(d.TenantID), Visibility: d.Visibility}
}

func sees(v ports.Viewer, p domain.Poll) bool {
	place, d := placeOf(p), p.Data()
	return slices.Contains(v.Manages, place.Scope) ||
		slices.Contains(v.Reads, place.Scope) && d.CreatedBy == v.Actor.User ||
		slices.Contains(v.Open, place) && d.Status != domain.StatusDraft
}

// matching lists polls newest first.
func (s *state) matching(ctx context.Context, search ports.PollSearch) (found []domain.Poll) {
	words := strings.ToLower(strings.TrimSpace(search.Words))
	for _, poll := range s.polls {
		d := poll.Data()
		if d.TenantID == reqctx.From(ctx).TenantID &&
			(search.ScopeType == "" || d.Scope.Type == search.ScopeType) &&
			(search.ScopeID == "" || d.Scope.ID == search.ScopeID) &&
			(search.Status == "" || d.Status == search.Status) &&
			(strings.Contains(strings.ToLower(d.Title), words) || strings.Contains(strings.ToLower(d.Description), words)) {
			found = append(found, poll)
		}
	}
	slices.SortFunc(found, func(a, b domain.Poll) int {
		return cmp.Or(b.Data().CreatedAt.Compare(a.Data().CreatedAt), strings.Compare(b.ID().String(), a.ID().String()))
	})
	return found
}
