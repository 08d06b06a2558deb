package httpapi

import (
	"context"

	"github.com/oapi-codegen/nullable"

	"go.updspace.com/api/eventsapi"
	"go.updspace.com/events/domain"
	"go.updspace.com/libs/wire"
)

func (s *server) GetReminderSettings(ctx context.Context, _ eventsapi.GetReminderSettingsRequestObject) (eventsapi.GetReminderSettingsResponseObject, error) {
	minutes, err := s.reminders.Settings(ctx, actor(ctx))
	if err != nil {
		return nil, err
	}
	return eventsapi.GetReminderSettings200JSONResponse{Minutes: chosen(minutes)}, nil
}

func (s *server) SetReminderSettings(ctx context.Context, r eventsapi.SetReminderSettingsRequestObject) (eventsapi.SetReminderSettingsResponseObject, error) {
	minutes, err := s.reminders.SetSettings(ctx, actor(ctx), wire.Given(r.Body.Minutes))
	if err != nil {
		return nil, err
	}
	return eventsapi.SetReminderSettings200JSONResponse{Minutes: chosen(minutes)}, nil
}

func (s *server) GetEventReminders(ctx context.Context, r eventsapi.GetEventRemindersRequestObject) (eventsapi.GetEventRemindersResponseObject, error) {
	choice, err := s.reminders.Choice(ctx, actor(ctx), r.EventID)
	if err != nil {
		return nil, err
	}
	return eventsapi.GetEventReminders200JSONResponse(ToAPIReminders(choice)), nil
}

func (s *server) SetEventReminders(ctx context.Context, r eventsapi.SetEventRemindersRequestObject) (eventsapi.SetEventRemindersResponseObject, error) {
	choice, err := s.reminders.SetChoice(ctx, actor(ctx), r.EventID, wire.Given(r.Body.Minutes))
	if err != nil {
		return nil, err
	}
	return eventsapi.SetEventReminders200JSONResponse(ToAPIReminders(choice)), nil
}

// ToAPIReminders converts what a member has chosen about an event.
func ToAPIReminders(c domain.ReminderChoice) eventsapi.EventReminders {
	return eventsapi.EventReminders{Minutes: chosen(c.Own), Otherwise: c.Otherwise}
}

// chosen is null without a choice.
func chosen(minutes *[]int) nullable.Nullable[[]int] {
	if minutes == nil {
		return nullable.NewNullNullable[[]int]()
	}
	return nullable.NewNullableWithValue(*minutes)
}
