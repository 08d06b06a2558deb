package activity

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	connectors "go.updspace.com/activity/connectors/domain"
	connectorports "go.updspace.com/activity/connectors/ports"
	"go.updspace.com/activity/domain"
	notifications "go.updspace.com/activity/notifications/domain"
	notificationports "go.updspace.com/activity/notifications/ports"
	"go.updspace.com/activity/ports"
	webhooks "go.updspace.com/activity/webhooks/domain"
	webhookports "go.updspace.com/activity/webhooks/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/signature"
)

const day = 24 * time.Hour

// demo is what the tenant has besides news, over some days before now.
type demo struct {
	tx         ports.Tx
	items      ports.Items
	sources    connectorports.Sources
	endpoints  webhookports.Endpoints
	deliveries webhookports.Deliveries
	inbox      notificationports.Inbox
	games      ports.Games
	now        time.Time
}

// seed stores it, unless it is there.
func (d demo) seed(ctx context.Context) error {
	ctx = reqctx.With(ctx, reqctx.Context{TenantID: demoTenant, UserID: demoAdmin})
	return d.tx.Do(ctx, func(ctx context.Context) error {
		known, err := d.endpoints.List(ctx)
		if err != nil || len(known) > 0 {
			return err
		}
		for _, part := range []func(context.Context) error{d.server, d.webhook, d.inboxes, d.catalogue} {
			if err := part(ctx); err != nil {
				return err
			}
		}
		return nil
	})
}

// catalogue is what the tenant plays.
func (d demo) catalogue(ctx context.Context) error {
	for _, name := range []string{"Minecraft", "Sea of Thieves", "Portal 2"} {
		game, err := domain.NewGame(authz.Actor{Tenant: demoTenant, User: demoAdmin}, name, nil, d.now.Add(-9*day))
		if err != nil {
			return err
		}
		if _, err := d.games.Add(ctx, game, domain.MaxGames); err != nil {
			return err
		}
	}
	return nil
}

// server is a source, and what it has told.
func (d demo) server(ctx context.Context) error {
	name := "Выживание"
	source, err := connectors.NewSource(authz.Actor{Tenant: demoTenant, User: demoAdmin}, connectors.Minecraft,
		connectors.Edit{Name: &name}, func(string) error { return nil }, d.now.Add(-9*day))
	if err != nil {
		return err
	}
	source, err = d.sources.Add(ctx, source.Received("", d.now.Add(-5*time.Hour)), signature.Pair{Current: signature.NewSecret()})
	if err != nil {
		return err
	}
	var changes []domain.Change
	for _, e := range []connectors.Entry{
		{ID: "1", Type: "player.joined", Title: "Полынь заходит на сервер впервые", OccurredAt: d.now.Add(-6 * day)},
		{ID: "2", Type: "advancement.made", Title: "Gleb: «We need to go deeper»", OccurredAt: d.now.Add(-2*day - 3*time.Hour)},
		{ID: "3", Type: "player.joined", Title: "Яна и ещё трое на сервере", OccurredAt: d.now.Add(-5 * time.Hour)},
	} {
		item, err := source.Item(e.Clean(d.now))
		if err != nil {
			return err
		}
		changes = append(changes, domain.Put(item))
	}
	return d.items.Apply(ctx, changes...)
}

// webhook is an address that is switched off, so that nothing is sent, with the log of what was.
func (d demo) webhook(ctx context.Context) error {
	name, url, types, active := "Бот сообщества", "https://bot.example.com/hooks/updspace", []string{"events.event.created", "voting.poll.opened"}, false
	at := d.now.Add(-8 * day)
	endpoint, err := webhooks.NewEndpoint(authz.Actor{Tenant: demoTenant, User: demoAdmin}, webhooks.Standard,
		webhooks.Edit{Name: &name, URL: &url, Types: &types, Active: &active}, func(webhooks.Format, string) error { return nil }, at)
	if err != nil {
		return err
	}
	if err := d.endpoints.Add(ctx, endpoint, signature.Pair{Current: signature.NewSecret()}); err != nil {
		return err
	}
	for i, results := range [][]webhooks.Result{
		{{Status: 204, Took: 96 * time.Millisecond}},
		{{Status: 503, Took: 412 * time.Millisecond}, {Status: 204, Took: 101 * time.Millisecond}},
		{{Reason: "timeout", Took: 10 * time.Second}, {Reason: "timeout", Took: 10 * time.Second}},
	} {
		at := at.Add(time.Duration(i+1) * day)
		kind := types[i%len(types)]
		body, err := json.Marshal(map[string]any{"type": kind, "timestamp": at, "data": map[string]string{"title": "Игровой вечер"}})
		if err != nil {
			return err
		}
		delivery := webhooks.NewDelivery(demoTenant, endpoint.ID(), uuid.New(), kind, body, nil, at)
		if err := d.deliveries.Add(ctx, delivery); err != nil {
			return err
		}
		for n, result := range results {
			tried := at.Add(time.Duration(n) * 5 * time.Minute)
			delivery = delivery.After(result, tried)
			if err := d.deliveries.AddAttempt(ctx, delivery.ID, webhooks.Attempt{Number: n + 1, At: tried, Result: result}); err != nil {
				return err
			}
		}
		if delivery.State == webhooks.Waiting {
			delivery = delivery.Drop("switched_off")
		}
		if err := d.deliveries.Update(ctx, delivery); err != nil {
			return err
		}
	}
	return nil
}

// inboxes are what two members were told over some days; the older ones are read.
func (d demo) inboxes(ctx context.Context) error {
	finals := "news:" + demoFinals
	for _, n := range []struct {
		to   uuid.UUID
		ago  time.Duration
		read bool
		notifications.Notice
	}{
		{demoAdmin, 26 * time.Hour, false, notifications.Notice{
			Kind: notifications.KindReply, Subject: finals, Actor: demoMember, Title: "Финалы в воскресенье", Link: "/news/" + demoFinals,
			Details: notifications.Details{Excerpt: "Буду! Займите место у сцены."},
		}},
		{demoAdmin, 25 * time.Hour, false, notifications.Notice{
			Kind: notifications.KindReaction, Subject: finals, Actor: demoMember, Title: "Финалы в воскресенье", Link: "/news/" + demoFinals,
		}},
		{demoMember, 3 * time.Hour, false, notifications.Notice{
			Kind: notifications.KindMention, Subject: finals, Actor: demoAdmin, Title: "Финалы в воскресенье", Link: "/news/" + demoFinals,
			Details: notifications.Details{Excerpt: "@mika, проведёшь шахматы?"},
		}},
		{demoMember, 4 * day, true, notifications.Notice{
			Kind: notifications.KindLevel, Subject: "level:demo", Details: notifications.Details{Level: 2},
		}},
	} {
		n.Cause = "demo:" + string(n.Kind)
		told := n.NewNotification(uuid.New(), n.to, notifications.Channels{InApp: true}, false, d.now.Add(-n.ago))
		if _, err := d.inbox.Tell(ctx, n.Notice, []notifications.Notification{told}); err != nil {
			return err
		}
		if !n.read {
			continue
		}
		if err := d.inbox.MarkRead(ctx, n.to, told.ID, d.now.Add(-n.ago+time.Hour)); err != nil {
			return err
		}
	}
	return nil
}
