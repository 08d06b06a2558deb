package app

import (
	"context"
	"strconv"
	"time"

	"go.updspace.com/activity/notifications/domain"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
)

// Preferences are the use cases of a person who chooses how to be told.
type Preferences struct{ Deps }

// Chosen is everything that a person has chosen.
type Chosen struct {
	Choices  []domain.Choice
	Settings domain.Settings
}

// Get returns what the caller has chosen.
func (s Preferences) Get(ctx context.Context, by authz.Actor) (chosen Chosen, err error) {
	if chosen.Choices, err = s.Preferences.Choices(ctx, by.User); err != nil {
		return chosen, err
	}
	chosen.Settings, err = s.Preferences.Settings(ctx, by.User)
	return chosen, err
}

// PreferencesInput changes what is stated.
type PreferencesInput struct {
	Choices   []domain.Choice
	Frequency *domain.Frequency
	Hour      *int
	Weekday   *time.Weekday
	Zone      *string
}

// Update changes what the caller has chosen.
func (s Preferences) Update(ctx context.Context, by authz.Actor, in PreferencesInput) (chosen Chosen, err error) {
	fields := errs.Fields{}
	for i, choice := range in.Choices {
		domain.CheckChoice(fields, "choices."+strconv.Itoa(i), choice)
	}
	if err := fields.Err(); err != nil {
		return chosen, err
	}
	err = s.Tx.Do(ctx, func(ctx context.Context) error {
		if err := s.Preferences.SetChoices(ctx, by.User, in.Choices); err != nil {
			return err
		}
		if in.Frequency != nil || in.Hour != nil || in.Weekday != nil || in.Zone != nil {
			if err := s.set(ctx, by, in); err != nil {
				return err
			}
		}
		chosen, err = s.Get(ctx, by)
		return err
	})
	return chosen, err
}

func (s Preferences) set(ctx context.Context, by authz.Actor, in PreferencesInput) error {
	settings, err := s.Preferences.Settings(ctx, by.User)
	if err != nil {
		return err
	}
	if in.Frequency != nil {
		settings.Frequency = *in.Frequency
	}
	if in.Hour != nil {
		settings.Hour = *in.Hour
	}
	if in.Weekday != nil {
		settings.Weekday = *in.Weekday
	}
	if in.Zone != nil {
		settings.Zone = *in.Zone
	}
	if settings, err = settings.Checked(s.Clock.Now()); err != nil {
		return err
	}
	return s.Preferences.SetSettings(ctx, by.User, settings)
}

// Mutes lists what the caller has muted.
func (s Preferences) Mutes(ctx context.Context, by authz.Actor) ([]domain.Mute, error) {
	return s.Preferences.Mutes(ctx, by.User, s.Clock.Now())
}

// Mute mutes a community or a team, for good or until a time.
func (s Preferences) Mute(ctx context.Context, by authz.Actor, scope authz.Scope, until time.Time) error {
	now := s.Clock.Now()
	mute, err := domain.NewMute(scope, until, now)
	if err != nil {
		return err
	}
	return s.Tx.Do(ctx, func(ctx context.Context) error { return s.Preferences.Mute(ctx, by.User, mute, domain.MaxMutes, now) })
}

// Unmute ends a mute.
func (s Preferences) Unmute(ctx context.Context, by authz.Actor, scope authz.Scope) error {
	return s.Tx.Do(ctx, func(ctx context.Context) error { return s.Preferences.Unmute(ctx, by.User, scope) })
}
