package app

import (
	"context"
	"slices"
	"sync"

	"github.com/google/uuid"

	"go.updspace.com/activity/domain"
	"go.updspace.com/activity/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/reqctx"
)

// asked is how many questions to access are under way for one delivery.
const asked = 4

// delivery decides who of some readers is told of updates. It asks access once for what updates have in common, and never what it asked for
// updates before: rights may have changed since.
type delivery struct {
	audience ports.Audience
	tenant   uuid.UUID
	streams  []*Stream
	users    []uuid.UUID // those of streams whose rights are asked for
	answers  map[question]map[uuid.UUID]bool
}

// question is what is asked about readers: about all of them, or about the two that a private item names.
type question struct {
	check         authz.Check
	private       bool
	actor, target uuid.UUID
}

func newDelivery(audience ports.Audience, tenant uuid.UUID, streams []*Stream) *delivery {
	d := &delivery{audience: audience, tenant: tenant, streams: streams, answers: map[question]map[uuid.UUID]bool{}}
	known := make(map[uuid.UUID]bool, len(streams))
	for _, s := range streams {
		if !s.all && !known[s.by.User] {
			known[s.by.User] = true
			d.users = append(d.users, s.by.User)
		}
	}
	return d
}

// of returns the notices for each stream.
func (d *delivery) of(ctx context.Context, batch []arrived) (map[*Stream][]Notice, error) {
	ctx = reqctx.With(ctx, reqctx.Context{TenantID: d.tenant, RequestID: uuid.NewString()})
	notices := map[*Stream][]Notice{}
	for _, u := range batch {
		if !slices.ContainsFunc(d.streams, func(s *Stream) bool { return s.wants(u.Update) }) {
			continue
		}
		after, err := d.sees(ctx, u.After)
		if err != nil {
			return nil, err
		}
		before := after
		if !slices.Equal(u.Before, u.After) {
			if before, err = d.sees(ctx, u.Before); err != nil {
				return nil, err
			}
		}
		for _, s := range d.streams {
			if !s.wants(u.Update) {
				continue
			}
			sees, saw := after(s), before(s)
			if !sees && !saw {
				continue
			}
			own := slices.Concat(u.After, u.Before)[0].Actor == s.by.User
			notices[s] = append(notices[s], Notice{
				At: u.at, SourceRef: u.SourceRef, ItemID: u.ItemID, Type: u.Type, OccurredAt: u.OccurredAt,
				Gone: !sees, New: sees && !saw, Created: sees && len(u.Before) == 0, Own: own, Fields: u.Fields,
			})
		}
	}
	return notices, nil
}

// sees returns who sees an item, by all of its sights.
func (d *delivery) sees(ctx context.Context, sights []domain.Sight) (func(*Stream) bool, error) {
	if len(sights) == 0 {
		return func(*Stream) bool { return false }, nil
	}
	var all []map[uuid.UUID]bool
	for _, sight := range sights {
		for _, check := range sight.Checks() {
			allowed, err := d.allowed(ctx, check, sight)
			if err != nil {
				return nil, err
			}
			all = append(all, allowed)
		}
	}
	return func(s *Stream) bool {
		if !sights[0].Within(s.scopes) || slices.ContainsFunc(sights, func(sight domain.Sight) bool { return !sight.Names(s.by.User) }) {
			return false
		}
		return s.all || !slices.ContainsFunc(all, func(allowed map[uuid.UUID]bool) bool { return !allowed[s.by.User] })
	}, nil
}

func (d *delivery) allowed(ctx context.Context, check authz.Check, sight domain.Sight) (map[uuid.UUID]bool, error) {
	q, users := question{check: check}, d.users
	if sight.Visibility == authz.VisibilityPrivate {
		q.private, q.actor, q.target = true, sight.Actor, sight.Target
		users = slices.DeleteFunc(slices.Clone(users), func(user uuid.UUID) bool { return !sight.Names(user) })
	}
	if found, known := d.answers[q]; known {
		return found, nil
	}
	found, err := d.ask(ctx, check, users)
	d.answers[q] = found
	return found, err
}

// ask asks about users in parts, some at once.
func (d *delivery) ask(ctx context.Context, check authz.Check, users []uuid.UUID) (map[uuid.UUID]bool, error) {
	var mu sync.Mutex
	var failure error
	found := make(map[uuid.UUID]bool, len(users))
	var parts sync.WaitGroup
	slots := make(chan struct{}, asked)
	for part := range slices.Chunk(users, ports.MaxAudience) {
		slots <- struct{}{}
		parts.Go(func() {
			defer func() { <-slots }()
			allowed, err := d.audience.AllowedUsers(ctx, check, part)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				failure = err
			}
			for _, user := range allowed {
				found[user] = true
			}
		})
	}
	parts.Wait()
	return found, failure
}
