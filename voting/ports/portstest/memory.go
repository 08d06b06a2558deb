// Package portstest holds what tests of voting share: the suites that every implementation of a port must pass, and an
// implementation in memory.
package portstest

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/groups"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/valid"
	"go.updspace.com/tools/devkit/testkit/memory"
	"go.updspace.com/voting/domain"
	"go.updspace.com/voting/ports"
)

// Memory keeps everything in memory. It passes the same suite as PostgreSQL does, so what is built on it holds there.
type Memory struct {
	*memory.DB
	*memory.Events[domain.Event]
	*memory.Audit

	polls        *memory.Table[uuid.UUID, domain.Poll]
	questions    *memory.Table[uuid.UUID, domain.Question]
	options      *memory.Table[uuid.UUID, domain.Option]
	ballots      *memory.Table[uuid.UUID, domain.Ballot]
	participants *memory.Table[participantKey, domain.Participant]
	invites      *memory.Table[participantKey, domain.Participant]
	groups       *memory.Groups
}

type participantKey struct{ poll, user uuid.UUID }

// NewMemory is empty.
func NewMemory() *Memory {
	db := memory.New()
	return &Memory{
		DB: db, Events: memory.NewEvents[domain.Event](db), Audit: memory.NewAudit(db),
		polls: memory.NewTable[uuid.UUID, domain.Poll](db), questions: memory.NewTable[uuid.UUID, domain.Question](db),
		options: memory.NewTable[uuid.UUID, domain.Option](db), ballots: memory.NewTable[uuid.UUID, domain.Ballot](db),
		participants: memory.NewTable[participantKey, domain.Participant](db), groups: memory.NewGroups(db),
		invites: memory.NewTable[participantKey, domain.Participant](db),
	}
}

// Polls is the memory as ports.Polls; the other methods accordingly.
func (m *Memory) Polls() ports.Polls                   { return memoryPolls{m} }
func (m *Memory) Questionnaires() ports.Questionnaires { return memoryQuestionnaires{m} }
func (m *Memory) Ballots() ports.Ballots               { return memoryBallots{m} }
func (m *Memory) Participants() ports.Participants     { return memoryParticipants{m} }
func (m *Memory) Invites() ports.Invites               { return memoryInvites{m} }
func (m *Memory) Groups() groups.Store                 { return m.groups }

type memoryParticipants struct{ *Memory }

func (m memoryParticipants) Role(ctx context.Context, poll, user uuid.UUID) (domain.Role, error) {
	p, _ := m.participants.Get(ctx, participantKey{poll, user})
	return p.Role, nil
}

func (m memoryParticipants) List(ctx context.Context, poll uuid.UUID) ([]domain.Participant, error) {
	return listed(ctx, m.participants, poll), nil
}

// listed are the participants or invites of a poll.
func listed(ctx context.Context, table *memory.Table[participantKey, domain.Participant], poll uuid.UUID) []domain.Participant {
	list := table.All(ctx, func(p domain.Participant) bool { return p.PollID == poll })
	slices.SortFunc(list, func(a, b domain.Participant) int {
		return cmp.Or(a.AddedAt.Compare(b.AddedAt), bytes.Compare(a.UserID[:], b.UserID[:]))
	})
	return list
}

func (m memoryParticipants) Put(ctx context.Context, participants ...domain.Participant) error {
	for _, p := range participants {
		m.participants.Put(ctx, participantKey{p.PollID, p.UserID}, p)
	}
	return nil
}

func (m memoryParticipants) Remove(ctx context.Context, poll, user uuid.UUID) error {
	m.participants.Delete(ctx, func(p domain.Participant) bool { return p.PollID == poll && p.UserID == user })
	return nil
}

type memoryInvites struct{ *Memory }

func (m memoryInvites) List(ctx context.Context, poll uuid.UUID) ([]domain.Participant, error) {
	return listed(ctx, m.invites, poll), nil
}

func (m memoryInvites) ListPending(ctx context.Context, user uuid.UUID, limit int) (pending []ports.PendingInvite, err error) {
	invites := m.invites.All(ctx, func(p domain.Participant) bool { return p.UserID == user && p.Status == domain.InvitePending })
	slices.SortFunc(invites, func(a, b domain.Participant) int {
		return cmp.Or(b.AddedAt.Compare(a.AddedAt), bytes.Compare(a.PollID[:], b.PollID[:]))
	})
	for _, invite := range invites {
		if poll, ok := m.polls.Get(ctx, invite.PollID); ok && !poll.Data().Hidden && len(pending) < limit {
			pending = append(pending, ports.PendingInvite{Invite: invite, Poll: poll})
		}
	}
	return pending, nil
}

func (m memoryInvites) Put(ctx context.Context, invites ...domain.Participant) error {
	for _, p := range invites {
		m.invites.Put(ctx, participantKey{p.PollID, p.UserID}, p)
	}
	return nil
}

func (m memoryInvites) Remove(ctx context.Context, poll uuid.UUID, users ...uuid.UUID) error {
	m.invites.Delete(ctx, func(p domain.Participant) bool { return p.PollID == poll && slices.Contains(users, p.UserID) })
	return nil
}

type memoryPolls struct{ *Memory }

func (m memoryPolls) Find(ctx context.Context, id uuid.UUID) (domain.Poll, error) {
	poll, ok := m.polls.Get(ctx, id)
	if !ok {
		return domain.Poll{}, domain.ErrPollNotFound
	}
	return poll, nil
}

func (m memoryPolls) Lock(ctx context.Context, id uuid.UUID) (domain.Poll, error) {
	if err := m.RequireTx(ctx, "Lock"); err != nil {
		return domain.Poll{}, err
	}
	return m.Find(ctx, id)
}

func (m memoryPolls) LockFree(ctx context.Context, id uuid.UUID) (domain.Poll, error) {
	return m.Lock(ctx, id)
}

func (m memoryPolls) LockShared(ctx context.Context, id uuid.UUID) (domain.Poll, error) {
	return m.Lock(ctx, id)
}

func (m memoryPolls) Add(ctx context.Context, poll domain.Poll) error {
	m.polls.Put(ctx, poll.ID(), poll)
	return nil
}

func (m memoryPolls) Update(ctx context.Context, poll domain.Poll) error {
	return m.Do(ctx, func(ctx context.Context) error {
		if was, ok := m.polls.Get(ctx, poll.ID()); !ok || was.Version() >= poll.Version() {
			return errors.New("portstest: poll changed without its lock")
		}
		return m.Add(ctx, poll)
	})
}

func (m memoryPolls) Delete(ctx context.Context, id uuid.UUID) error {
	return m.Do(ctx, func(ctx context.Context) error {
		m.polls.Delete(ctx, func(p domain.Poll) bool { return p.ID() == id })
		m.questions.Delete(ctx, func(q domain.Question) bool { return q.Data().PollID == id })
		m.options.Delete(ctx, func(o domain.Option) bool { return o.Data().PollID == id })
		m.participants.Delete(ctx, func(p domain.Participant) bool { return p.PollID == id })
		m.ballots.Delete(ctx, func(b domain.Ballot) bool { return b.Data().PollID == id })
		return nil
	})
}

func (m memoryPolls) Audiences(ctx context.Context, filter ports.PollFilter) (audiences []authz.Audience, err error) {
	for _, poll := range m.matching(ctx, filter) {
		if audience := poll.Audience(); !slices.Contains(audiences, audience) {
			audiences = append(audiences, audience)
		}
	}
	return audiences, nil
}

func (m memoryPolls) Page(ctx context.Context, filter ports.PollFilter, viewer authz.Viewer, r ports.PageRange) ([]domain.Poll, error) {
	polls, err := m.visible(ctx, filter, viewer)
	if r.After != nil {
		polls = slices.DeleteFunc(polls, func(p domain.Poll) bool {
			return cmp.Or(r.After.CreatedAt.Compare(p.Data().CreatedAt), bytes.Compare(r.After.ID[:], idOf(p))) <= 0
		})
	}
	polls = polls[min(r.Offset, len(polls)):]
	return polls[:min(r.Limit, len(polls))], err
}

func (m memoryPolls) Count(ctx context.Context, filter ports.PollFilter, viewer authz.Viewer) (int, error) {
	polls, err := m.visible(ctx, filter, viewer)
	return len(polls), err
}

func (m memoryPolls) visible(ctx context.Context, filter ports.PollFilter, viewer authz.Viewer) (polls []domain.Poll, err error) {
	err = m.Do(ctx, func(ctx context.Context) error {
		polls = slices.DeleteFunc(m.matching(ctx, filter), func(p domain.Poll) bool {
			participant, _ := m.participants.Get(ctx, participantKey{p.ID(), viewer.Actor.User})
			return !domain.NewPollAccess(p, viewer.Actor, participant.Role, domain.GrantsOf(viewer, p)).CanRead
		})
		return nil
	})
	return polls, err
}

func (m memoryPolls) ListViewed(ctx context.Context, query ports.ViewedPolls, viewer authz.Viewer) ([]ports.ViewedPoll, error) {
	found, err := m.viewed(ctx, query.Filter, viewer, func(p domain.Poll, role domain.Role, standing domain.Standing) (ports.ViewedPoll, bool) {
		position := query.Sort.Position(p, standing, query.Now)
		matches := (query.Phase == "" || p.Phase(query.Now) == query.Phase) && (query.After == nil || comparePositions(position, *query.After) > 0)
		return ports.ViewedPoll{Poll: p, Role: role, Position: position}, matches
	}, query.Now)
	slices.SortFunc(found, func(a, b ports.ViewedPoll) int { return comparePositions(a.Position, b.Position) })
	return found[:min(query.Limit, len(found))], err
}

func comparePositions(a, b ports.ViewedPosition) int {
	return cmp.Or(cmp.Compare(a.Rank, b.Rank), cmp.Compare(a.Key, b.Key), bytes.Compare(a.ID[:], b.ID[:]))
}

func (m memoryPolls) CountViewed(ctx context.Context, filter ports.PollFilter, now time.Time, viewer authz.Viewer) (ports.PhaseCounts, error) {
	counts := ports.PhaseCounts{Phases: map[domain.Phase]int{}}
	_, err := m.viewed(ctx, filter, viewer, func(p domain.Poll, _ domain.Role, standing domain.Standing) (none ports.ViewedPoll, listed bool) {
		counts.Phases[p.Phase(now)]++
		if standing.ToDo() {
			counts.ToDo++
		}
		return none, false
	}, now)
	return counts, err
}

// viewed calls fn with the polls that the viewer sees and returns what fn lists.
func (m memoryPolls) viewed(
	ctx context.Context, filter ports.PollFilter, viewer authz.Viewer,
	fn func(domain.Poll, domain.Role, domain.Standing) (ports.ViewedPoll, bool), now time.Time,
) (listed []ports.ViewedPoll, err error) {
	polls, err := m.visible(ctx, filter, viewer)
	for _, p := range polls {
		participant, _ := m.participants.Get(ctx, participantKey{p.ID(), viewer.Actor.User})
		progress, err := m.Ballots().Progress(ctx, viewer.Actor.User, p.ID())
		if err != nil {
			return nil, err
		}
		if item, ok := fn(p, participant.Role, domain.StandingOf(viewer, p, participant.Role, progress[p.ID()], now)); ok {
			listed = append(listed, item)
		}
	}
	return listed, err
}

func (m memoryPolls) ListByGroup(ctx context.Context, group authz.Scope) (ids []uuid.UUID, err error) {
	for _, poll := range m.matching(ctx, ports.PollFilter{}) {
		if m.groups.Within(ctx, group, poll.Data().Scope) {
			ids = append(ids, poll.ID())
		}
	}
	return ids, nil
}

func (m memoryPolls) ListOpening(ctx context.Context, now time.Time, limit int) ([]ports.PollOfTenant, error) {
	return m.due(ctx, limit, func(p domain.Poll) bool { _, opened := p.Open(now); return opened }), nil
}

func (m memoryPolls) ListEnded(ctx context.Context, now time.Time, limit int) ([]ports.PollOfTenant, error) {
	return m.due(ctx, limit, func(p domain.Poll) bool { _, closed := p.CloseEnded(now); return closed }), nil
}

func (m memoryPolls) due(ctx context.Context, limit int, is func(domain.Poll) bool) (due []ports.PollOfTenant) {
	for _, poll := range m.polls.AllTenants(ctx, is) {
		if len(due) < limit {
			due = append(due, ports.PollOfTenant{Tenant: poll.Data().TenantID, Poll: poll.ID()})
		}
	}
	return due
}

func idOf(p domain.Poll) []byte {
	id := p.ID()
	return id[:]
}

// matching lists polls newest first.
func (m memoryPolls) matching(ctx context.Context, filter ports.PollFilter) []domain.Poll {
	query := valid.Fold(strings.TrimSpace(filter.Query))
	found := m.polls.All(ctx, func(poll domain.Poll) bool {
		d := poll.Data()
		return d.TenantID == reqctx.From(ctx).TenantID &&
			(filter.ScopeType == "" || d.Scope.Type == filter.ScopeType) &&
			(filter.ScopeID == uuid.Nil || d.Scope.ID == filter.ScopeID) &&
			(filter.Status == "" || d.Status == filter.Status) &&
			(strings.Contains(valid.Fold(d.Title), query) || strings.Contains(valid.Fold(d.Description), query))
	})
	slices.SortFunc(found, func(a, b domain.Poll) int {
		return cmp.Or(b.Data().CreatedAt.Compare(a.Data().CreatedAt), bytes.Compare(idOf(b), idOf(a)))
	})
	return found
}
