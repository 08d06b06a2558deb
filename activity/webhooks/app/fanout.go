package app

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/activity/webhooks/domain"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/groups"
	"go.updspace.com/libs/reqctx"
)

// Fanout makes deliveries of domain events.
type Fanout struct{ Deps }

// Received is a domain event and when it happened.
type Received struct {
	domain.Told
	At time.Time
}

// Record stores a delivery for each event and each endpoint of the tenant that wants it. It runs in the transaction of the consumer.
func (s Fanout) Record(ctx context.Context, events []Received) error {
	endpoints, err := s.Endpoints.List(ctx)
	if err != nil || len(endpoints) == 0 {
		return err
	}
	ids := make([]uuid.UUID, len(endpoints))
	for i, endpoint := range endpoints {
		ids[i] = endpoint.ID()
	}
	waiting, err := s.Deliveries.CountWaiting(ctx, ids)
	if err != nil {
		return err
	}
	tenant, now := reqctx.From(ctx).TenantID, s.Clock.Now()
	var made []domain.Delivery
	for _, event := range events {
		data, people, ok := event.Published()
		if !ok {
			continue
		}
		wanting, err := s.wanting(ctx, endpoints, event)
		if err != nil {
			return err
		}
		for _, endpoint := range wanting {
			body, err := s.encode(ctx, endpoint, event.Type, event.At, data)
			if err != nil {
				return err
			}
			delivery := domain.NewDelivery(tenant, endpoint.ID(), event.ID, event.Type, body, people, now)
			if waiting[endpoint.ID()] >= domain.MaxWaiting {
				delivery = delivery.Drop(domain.QueueFull)
			}
			waiting[endpoint.ID()]++
			made = append(made, delivery)
		}
	}
	if len(made) == 0 {
		return nil
	}
	s.Tx.AfterCommit(ctx, s.Wake)
	return s.Deliveries.Add(ctx, made...)
}

// wanting are the endpoints that get an event. To which community a team belongs is looked up only for those that are about a community.
func (s Fanout) wanting(ctx context.Context, endpoints []domain.Endpoint, event Received) (wanting []domain.Endpoint, err error) {
	scope := event.Scope()
	var community uuid.UUID
	for _, endpoint := range endpoints {
		if !endpoint.Wants(event.Type) {
			continue
		}
		if scope.Type == authz.ScopeTeam && endpoint.Data().Scope.Type == authz.ScopeCommunity && community == uuid.Nil {
			group, err := s.Groups.FindShared(ctx, scope)
			if err != nil && !errors.Is(err, groups.ErrUnknown) {
				return nil, err
			}
			community = group.Community
		}
		if endpoint.Covers(scope, community) {
			wanting = append(wanting, endpoint)
		}
	}
	return wanting, nil
}
