package domain

import (
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
)

// Mode says what the synchronisation does.
type Mode string

// The modes.
const (
	DryRun Mode = "dry_run" // it looks, and stores what it would do
	Active Mode = "active"
	Paused Mode = "paused"
)

// The times of looking.
const (
	Every      = 15 * time.Minute // how often a person is looked at
	firstRetry = 5 * time.Minute  // after a failure, doubled with each further one
	maxRetry   = 24 * time.Hour
	// GiveUp is after how many failures an account that is not linked any more is let go with the roles that it has at Discord.
	GiveUp = 8
)

// Sync is the synchronisation of roles with one server of Discord, by a bot of the source's application.
type Sync struct {
	SourceID  int64
	TenantID  uuid.UUID
	Guild     string // the id of the server
	Token     string // of the bot; sealed in the store and never shown
	Mode      Mode
	UpdatedBy uuid.UUID
	UpdatedAt time.Time
}

// Edit states the fields of a synchronisation. Without a token, the former one stays.
type Edit struct {
	Guild string
	Token *string
	Mode  Mode
}

const maxToken = 200

// Edit returns the changed synchronisation, or reports every wrong field. A dry run comes first: one that is new, or is to look at another server,
// cannot be active at once.
func (s Sync) Edit(edit Edit, by authz.Actor, now time.Time) (Sync, error) {
	refused := errs.Fields{}
	fresh := s.Guild == "" || s.Guild != edit.Guild
	refused.Check(snowflake.MatchString(edit.Guild), "guild_id", why.InvalidFormat("must be the id of a server of Discord"))
	switch edit.Mode {
	case DryRun, Paused:
	case Active:
		refused.Check(!fresh, "mode", why.NotAllowed("the first look at a server is a dry run"))
	default:
		refused.Add("mode", why.NotAllowed("must be dry_run, active or paused"))
	}
	if edit.Token != nil {
		valid := len(*edit.Token) >= 20 && len(*edit.Token) <= maxToken
		for _, r := range *edit.Token {
			valid = valid && r > ' ' && r < 0x7f
		}
		refused.Check(valid, "bot_token", why.InvalidFormat("must be the token of a bot, as Discord shows it"))
		s.Token = *edit.Token
	} else {
		refused.Check(s.Token != "", "bot_token", why.Required)
	}
	s.Guild, s.Mode, s.UpdatedBy, s.UpdatedAt = edit.Guild, edit.Mode, by.User, now
	return s, refused.Err()
}

// Action is what was done for a person, or would be.
type Action struct {
	Mapping int64
	Kind    string // give_there, take_there, give_here, take_here
}

// Member is a person with an account at Discord, linked or linked no more, and how the synchronisation with one server goes for it.
type Member struct {
	SourceID  int64
	TenantID  uuid.UUID
	AccountID uuid.UUID // names the account here
	UserID    uuid.UUID
	DiscordID string // sealed in the store
	Linked    bool   // false: it is let go when what was put is taken back
	Present   bool   // in the server, when it was looked at last
	Actions   []Action
	LastAt    time.Time
	LastError string // in one word
	Failures  int    // in a row
	NextAt    time.Time
}

// Seen is the member after a look that went well.
func (m Member) Seen(present bool, actions []Action, now time.Time) Member {
	m.Present, m.Actions, m.LastAt, m.LastError, m.Failures, m.NextAt = present, actions, now, "", 0, now.Add(Every)
	return m
}

// Failed is the member after a look that failed. After failures it is looked at less often.
func (m Member) Failed(p Problem, now time.Time) Member {
	m.LastError = p.Word
	m.Failures++
	wait := min(firstRetry<<min(m.Failures-1, 9), maxRetry)
	m.NextAt = now.Add(max(wait, min(p.RetryAfter, maxRetry)))
	return m
}

// Problem is why Discord did not do what was asked.
type Problem struct {
	Word       string // empty for none
	RetryAfter time.Duration
}

// Why Discord does not do what is asked, beside the words of egress.
const (
	RateLimited  = "rate_limited"  // by Discord, or by us for all tenants together
	Unauthorized = "unauthorized"  // the token is wrong
	Forbidden    = "forbidden"     // the bot may not: its role must be above those that it gives
	UnknownGuild = "unknown_guild" // the bot is not in the server
)

// DiscordRole is a role of a server.
type DiscordRole struct{ ID, Name string }
