// Package domain holds the types and rules of notifications. It does no I/O and reads no clock.
package domain

import (
	"slices"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
)

// Kind is what a notification is about. A person chooses by kind how to be told.
type Kind string

// The kinds.
const (
	KindMention         Kind = "mention"
	KindReply           Kind = "reply"
	KindReaction        Kind = "reaction"
	KindInvitation      Kind = "invitation"
	KindRequestDecided  Kind = "request_decided"
	KindPollOpened      Kind = "poll_opened"
	KindPollClosing     Kind = "poll_closing"
	KindPollResults     Kind = "poll_results"
	KindEventInvitation Kind = "event_invitation"
	KindEventChanged    Kind = "event_changed"
	KindEventCancelled  Kind = "event_cancelled"
	KindEventReminder   Kind = "event_reminder"
	KindEventPromoted   Kind = "event_promoted"
	KindBadge           Kind = "badge"
	KindLevel           Kind = "level"
	KindRole            Kind = "role"
	KindSecurity        Kind = "security"
)

// Channel is a way to tell a person.
type Channel string

// The channels.
const (
	InApp Channel = "in_app"
	Email Channel = "email"
	Push  Channel = "push"
)

// Rule says over which channels a kind is told, unless the person chooses otherwise. A channel that is not in On is not offered for the kind.
type Rule struct {
	Kind   Kind
	On     map[Channel]bool // the channels, and whether the kind is told there by default
	Always bool             // in the app, whatever the person chooses or mutes
}

const (
	yes = true
	no  = false
)

// rules are in the order in which preferences show them. The events service mails invitations and reminders itself, because they can be answered.
var rules = []Rule{
	{Kind: KindMention, On: map[Channel]bool{InApp: yes, Email: yes, Push: yes}},
	{Kind: KindReply, On: map[Channel]bool{InApp: yes, Email: no, Push: yes}},
	{Kind: KindReaction, On: map[Channel]bool{InApp: yes, Email: no, Push: no}},
	{Kind: KindInvitation, On: map[Channel]bool{InApp: yes, Email: yes, Push: yes}},
	{Kind: KindRequestDecided, On: map[Channel]bool{InApp: yes, Email: yes, Push: yes}},
	{Kind: KindPollOpened, On: map[Channel]bool{InApp: yes, Email: no, Push: no}},
	{Kind: KindPollClosing, On: map[Channel]bool{InApp: yes, Email: no, Push: no}},
	{Kind: KindPollResults, On: map[Channel]bool{InApp: yes, Email: no, Push: no}},
	{Kind: KindEventInvitation, On: map[Channel]bool{InApp: yes, Push: yes}},
	{Kind: KindEventChanged, On: map[Channel]bool{InApp: yes, Email: no, Push: yes}},
	{Kind: KindEventCancelled, On: map[Channel]bool{InApp: yes, Email: yes, Push: yes}},
	{Kind: KindEventReminder, On: map[Channel]bool{InApp: yes, Push: yes}},
	{Kind: KindEventPromoted, On: map[Channel]bool{InApp: yes, Email: yes, Push: yes}},
	{Kind: KindBadge, On: map[Channel]bool{InApp: yes, Email: no, Push: yes}},
	{Kind: KindLevel, On: map[Channel]bool{InApp: yes, Email: no, Push: no}},
	{Kind: KindRole, On: map[Channel]bool{InApp: yes, Email: yes, Push: no}},
	{Kind: KindSecurity, On: map[Channel]bool{InApp: yes, Email: no, Push: yes}, Always: true},
}

// Rules returns the rules of all kinds, in the order in which they are shown.
func Rules() []Rule { return slices.Clone(rules) }

// AllChannels are all channels, in the order in which they are shown.
func AllChannels() []Channel { return []Channel{InApp, Email, Push} }

// RuleOf returns the rule of a kind.
func RuleOf(kind Kind) (Rule, bool) {
	i := slices.IndexFunc(rules, func(r Rule) bool { return r.Kind == kind })
	if i < 0 {
		return Rule{}, false
	}
	return rules[i], true
}

// ParseKinds refuses words that are no kinds.
func ParseKinds(words []string) ([]Kind, error) {
	kinds := make([]Kind, len(words))
	for i, word := range words {
		if _, ok := RuleOf(Kind(word)); !ok {
			return nil, errs.Field("kinds", why.NotAllowed("has a word that is no kind of notification"))
		}
		kinds[i] = Kind(word)
	}
	return kinds, nil
}
