package httpapi

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"

	"go.updspace.com/activity/notifications/app"
	"go.updspace.com/activity/notifications/domain"
	"go.updspace.com/api/activityapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/wire"
)

// notifications serves what people are told, and how they want to be told.
type notifications struct {
	inbox       app.Inbox
	preferences app.Preferences
	push        app.Push
}

func newNotifications(d app.Deps) notifications {
	return notifications{inbox: app.Inbox{Deps: d}, preferences: app.Preferences{Deps: d}, push: app.Push{Deps: d}}
}

func (s notifications) ListNotifications(ctx context.Context, r activityapi.ListNotificationsRequestObject) (activityapi.ListNotificationsResponseObject, error) {
	found, err := s.inbox.List(ctx, reqctx.From(ctx).Actor(), app.ListInput{
		Unread: wire.Value(r.Params.Unread), Kinds: wire.Each(r.Params.Kinds, func(k activityapi.NotificationKind) string { return string(k) }),
		Page: page.Request{Limit: wire.Value(r.Params.Limit), Cursor: wire.Value(r.Params.Cursor)},
	})
	if err != nil {
		return nil, err
	}
	return activityapi.ListNotifications200JSONResponse{Items: wire.Each(found.Items, ToAPINotification), NextCursor: wire.OrNull(found.Next)}, nil
}

func (s notifications) CountUnreadNotifications(ctx context.Context, _ activityapi.CountUnreadNotificationsRequestObject) (activityapi.CountUnreadNotificationsResponseObject, error) {
	count, err := s.inbox.CountUnread(ctx, reqctx.From(ctx).Actor())
	if err != nil {
		return nil, err
	}
	return activityapi.CountUnreadNotifications200JSONResponse{Count: count}, nil
}

func (s notifications) MarkNotificationsRead(ctx context.Context, r activityapi.MarkNotificationsReadRequestObject) (activityapi.MarkNotificationsReadResponseObject, error) {
	if err := s.inbox.MarkReadUpTo(ctx, reqctx.From(ctx).Actor(), wire.Value(r.Body.UpTo)); err != nil {
		return nil, err
	}
	return activityapi.MarkNotificationsRead204Response{}, nil
}

func (s notifications) MarkNotificationRead(ctx context.Context, r activityapi.MarkNotificationReadRequestObject) (activityapi.MarkNotificationReadResponseObject, error) {
	if err := s.inbox.MarkRead(ctx, reqctx.From(ctx).Actor(), r.NotificationID); err != nil {
		return nil, err
	}
	return activityapi.MarkNotificationRead204Response{}, nil
}

func (s notifications) DeleteNotification(ctx context.Context, r activityapi.DeleteNotificationRequestObject) (activityapi.DeleteNotificationResponseObject, error) {
	if err := s.inbox.Delete(ctx, reqctx.From(ctx).Actor(), r.NotificationID); err != nil {
		return nil, err
	}
	return activityapi.DeleteNotification204Response{}, nil
}

func (s notifications) GetNotificationPreferences(ctx context.Context, _ activityapi.GetNotificationPreferencesRequestObject) (activityapi.GetNotificationPreferencesResponseObject, error) {
	chosen, err := s.preferences.Get(ctx, reqctx.From(ctx).Actor())
	if err != nil {
		return nil, err
	}
	return activityapi.GetNotificationPreferences200JSONResponse(ToAPIPreferences(chosen)), nil
}

func (s notifications) UpdateNotificationPreferences(ctx context.Context, r activityapi.UpdateNotificationPreferencesRequestObject) (activityapi.UpdateNotificationPreferencesResponseObject, error) {
	in := app.PreferencesInput{
		Choices: wire.Each(r.Body.Choices, func(c activityapi.NotificationChoice) domain.Choice {
			return domain.Choice{Kind: domain.Kind(c.Kind), Channel: domain.Channel(c.Channel), On: c.Enabled}
		}),
		Frequency: wire.As[domain.Frequency](r.Body.EmailFrequency), Hour: r.Body.DigestHour, Zone: r.Body.TimeZone,
	}
	if day := r.Body.DigestWeekday; day != nil {
		in.Weekday = new(time.Weekday(*day))
	}
	chosen, err := s.preferences.Update(ctx, reqctx.From(ctx).Actor(), in)
	if err != nil {
		return nil, err
	}
	return activityapi.UpdateNotificationPreferences200JSONResponse(ToAPIPreferences(chosen)), nil
}

func (s notifications) ListNotificationMutes(ctx context.Context, _ activityapi.ListNotificationMutesRequestObject) (activityapi.ListNotificationMutesResponseObject, error) {
	mutes, err := s.preferences.Mutes(ctx, reqctx.From(ctx).Actor())
	if err != nil {
		return nil, err
	}
	return activityapi.ListNotificationMutes200JSONResponse{Items: wire.Each(mutes, func(m domain.Mute) activityapi.NotificationMute {
		return activityapi.NotificationMute{ScopeType: activityapi.MutableScopeType(m.Scope.Type), ScopeID: m.Scope.ID, Until: wire.TimeOrNull(m.Until)}
	})}, nil
}

func (s notifications) MuteNotifications(ctx context.Context, r activityapi.MuteNotificationsRequestObject) (activityapi.MuteNotificationsResponseObject, error) {
	scope := authz.Scope{Type: authz.ScopeType(r.ScopeType), ID: r.ScopeID}
	if err := s.preferences.Mute(ctx, reqctx.From(ctx).Actor(), scope, wire.Get(r.Body.Until)); err != nil {
		return nil, err
	}
	return activityapi.MuteNotifications204Response{}, nil
}

func (s notifications) UnmuteNotifications(ctx context.Context, r activityapi.UnmuteNotificationsRequestObject) (activityapi.UnmuteNotificationsResponseObject, error) {
	scope := authz.Scope{Type: authz.ScopeType(r.ScopeType), ID: r.ScopeID}
	if err := s.preferences.Unmute(ctx, reqctx.From(ctx).Actor(), scope); err != nil {
		return nil, err
	}
	return activityapi.UnmuteNotifications204Response{}, nil
}

// ToAPINotification converts a notification.
func ToAPINotification(n domain.Notification) activityapi.Notification {
	d := n.Details
	out := activityapi.Notification{
		ID: n.ID, Kind: activityapi.NotificationKind(n.Kind), Subject: n.Subject, Title: n.Title, ActorIds: append([]uuid.UUID{}, n.Actors...),
		ActorCount: n.Count, ScopeType: wire.OrNull(activityapi.NotificationScopeType(n.Scope.Type)), ScopeID: wire.OrNull(n.Scope.ID), Link: n.Link,
		ToldAt: n.ToldAt, Read: !n.ReadAt.IsZero(),
		Details: activityapi.NotificationDetails{
			Names: d.Names, StartsAt: d.StartsAt, EndsAt: d.EndsAt, TimeZone: orAbsent(d.TimeZone), AllDay: orAbsent(d.AllDay), Minutes: orAbsent(d.Minutes),
			Role: orAbsent(d.Role), Level: orAbsent(d.Level), Excerpt: orAbsent(d.Excerpt), Fields: d.Fields, Reason: orAbsent(d.Reason),
		},
	}
	if d.Change != "" {
		out.Details.Change = new(activityapi.NotificationDetailsChange(d.Change))
	}
	return out
}

func orAbsent[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

// ToAPIPreferences converts what a person has chosen to the state of all kinds.
func ToAPIPreferences(chosen app.Chosen) activityapi.NotificationPreferences {
	s := chosen.Settings
	return activityapi.NotificationPreferences{
		EmailFrequency: activityapi.EmailFrequency(s.Frequency), DigestHour: s.Hour, DigestWeekday: int(s.Weekday), TimeZone: s.Zone,
		Kinds: wire.Each(domain.Rules(), func(rule domain.Rule) activityapi.KindPreference {
			on := domain.ChannelsOf(rule.Kind, chosen.Choices, false)
			return activityapi.KindPreference{
				Kind: activityapi.NotificationKind(rule.Kind), InApp: on.InApp, Always: rule.Always,
				Email: offered(rule, domain.Email, on.Email), Push: offered(rule, domain.Push, on.Push),
			}
		}),
	}
}

func offered(rule domain.Rule, channel domain.Channel, on bool) nullable.Nullable[bool] {
	if _, ok := rule.On[channel]; !ok {
		return nullable.NewNullNullable[bool]()
	}
	return nullable.NewNullableWithValue(on)
}
