package domain

import (
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/recurrence"
)

// Choice is what a person has chosen about a kind and a channel.
type Choice struct {
	Kind    Kind
	Channel Channel
	On      bool
}

// Channels are the channels over which a person is told.
type Channels struct{ InApp, Email, Push bool }

// None reports whether the person is not told.
func (c Channels) None() bool { return !c.InApp && !c.Email && !c.Push }

// ChannelsOf returns how a person is told of a kind, by the person's choices about it.
func ChannelsOf(kind Kind, choices []Choice, muted bool) Channels {
	rule, _ := RuleOf(kind)
	on := map[Channel]bool{}
	for channel, usual := range rule.On {
		on[channel] = usual
	}
	for _, c := range choices {
		if _, offered := rule.On[c.Channel]; offered && c.Kind == kind {
			on[c.Channel] = c.On
		}
	}
	channels := Channels{InApp: on[InApp], Email: on[Email], Push: on[Push]}
	if muted {
		channels = Channels{}
	}
	channels.InApp = channels.InApp || rule.Always
	return channels
}

// CheckChoice refuses a choice that does not exist: a channel that is not offered for the kind, or a kind that cannot be switched off.
func CheckChoice(fields errs.Fields, field string, c Choice) {
	rule, ok := RuleOf(c.Kind)
	_, offered := rule.On[c.Channel]
	switch {
	case !ok:
		fields.Add(field+".kind", why.NotAllowed("is no kind of notification"))
	case !offered:
		fields.Add(field+".channel", why.NotAllowed("is not offered for this kind"))
	case rule.Always && c.Channel == InApp && !c.On:
		fields.Add(field+".enabled", why.NotAllowed("cannot be switched off for this kind"))
	}
}

// Frequency is when e-mails are sent.
type Frequency string

// The frequencies.
const (
	AtOnce Frequency = "at_once"
	Daily  Frequency = "daily"
	Weekly Frequency = "weekly"
)

// Settings are when a person gets e-mails.
type Settings struct {
	Frequency Frequency
	Hour      int          // of the digest, in the zone
	Weekday   time.Weekday // of the weekly digest
	Zone      string       // IANA
	Next      time.Time    // digest; zero without one
}

// DefaultSettings hold for those who have chosen nothing.
func DefaultSettings() Settings {
	return Settings{Frequency: AtOnce, Hour: 9, Weekday: time.Monday, Zone: "UTC"}
}

// Checked reports every wrong field, and sets when the next digest is sent.
func (s Settings) Checked(now time.Time) (Settings, error) {
	fields := errs.Fields{}
	fields.Check(s.Frequency == AtOnce || s.Frequency == Daily || s.Frequency == Weekly, "email_frequency", why.NotAllowed("must be at_once, daily or weekly"))
	fields.Check(s.Hour >= 0 && s.Hour <= 23, "digest_hour", why.Outside(0, 23))
	fields.Check(s.Weekday >= time.Sunday && s.Weekday <= time.Saturday, "digest_weekday", why.Outside(0, 6))
	if _, err := recurrence.Zone(s.Zone); err != nil {
		fields.Add("time_zone", why.NotAllowed("is no time zone"))
	}
	if err := fields.Err(); err != nil {
		return s, err
	}
	s.Next = s.NextDigest(now)
	return s, nil
}

// NextDigest returns when the digest after a time is sent, or zero without digests. An hour that a change of the clock skips is the hour after it.
func (s Settings) NextDigest(now time.Time) time.Time {
	if s.Frequency == AtOnce {
		return time.Time{}
	}
	in, err := recurrence.Zone(s.Zone)
	if err != nil {
		in = time.UTC
	}
	local := now.In(in)
	next := time.Date(local.Year(), local.Month(), local.Day(), s.Hour, 0, 0, 0, in)
	for !next.After(now) || s.Frequency == Weekly && next.Weekday() != s.Weekday {
		next = time.Date(next.Year(), next.Month(), next.Day()+1, s.Hour, 0, 0, 0, in)
	}
	return next.UTC()
}

// MaxMutes is how many communities and teams a person can mute.
const MaxMutes = 200

// Mute is a community or a team of which a person is not told. Muting a community mutes its teams.
type Mute struct {
	Scope authz.Scope
	Until time.Time // zero: for good
}

// NewMute refuses scopes that cannot be muted, and terms that are over.
func NewMute(scope authz.Scope, until, now time.Time) (Mute, error) {
	fields := errs.Fields{}
	fields.Check(scope.Type == authz.ScopeCommunity || scope.Type == authz.ScopeTeam, "scope_type", why.NotAllowed("must be COMMUNITY or TEAM"))
	fields.Check(scope.ID != uuid.Nil, "scope_id", why.Required)
	fields.Check(until.IsZero() || until.After(now), "until", why.InPast("must be in the future"))
	return Mute{Scope: scope, Until: until}, fields.Err()
}
