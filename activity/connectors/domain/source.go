package domain

import (
	"regexp"
	"slices"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/valid"
)

// Bounds of sources.
const (
	MaxSources = 50
	maxName    = 100
	maxURL     = 2048
	maxTypes   = 20

	// Overlap is how long the former secret is good beside a new one.
	Overlap = 24 * time.Hour
	// PollEvery is how often a source is asked that answers well.
	PollEvery  = 30 * time.Minute
	maxBackOff = 24 * time.Hour
)

// Source is an outside system of a tenant.
type Source struct{ data SourceData }

// SourceData are the fields of a source.
type SourceData struct {
	ID         int64 // given by the store; zero before
	TenantID   uuid.UUID
	Kind       Kind
	Name       string
	Key        uuid.UUID // of the address that messages are sent to; random
	URL        string    // that is asked; sealed in the store, because it may hold a token
	PublicKey  string    // of an application that signs what it sends, in hexadecimal; empty for others
	Types      []string  // of messages that are accepted, sorted
	Scope      authz.Scope
	Visibility authz.Visibility
	Active     bool
	CreatedBy  uuid.UUID // uuid.Nil when that account was erased
	CreatedAt  time.Time
	UpdatedAt  time.Time

	LastAt    time.Time // when something came last
	LastError string    // what went wrong last, in one word; empty when the last try was good
	ErrorAt   time.Time
	Failures  int // in a row
	NextAt    time.Time
	Validator Validator
}

// Validator is what an answer said about itself, so that it is not sent again unchanged (RFC 9110, section 8.8).
type Validator struct{ ETag, LastModified string }

// Edit states the fields of a source; those that are nil stay.
type Edit struct {
	Name, URL  *string
	PublicKey  *string
	Types      *[]string
	Scope      *authz.Scope
	Visibility *authz.Visibility
	Active     *bool
}

// CheckURL tells why an address cannot be asked.
type CheckURL func(url string) error

// NewSource creates a source, or reports every wrong field.
func NewSource(by authz.Actor, kind Kind, edit Edit, check CheckURL, now time.Time) (Source, error) {
	refused := errs.Fields{}
	connector, known := ConnectorOf(kind)
	refused.Check(known, "kind", why.NotAllowed("must be a kind of source that there is"))
	s := Source{SourceData{
		TenantID: by.Tenant, Kind: kind, Key: uuid.New(), Active: true, CreatedBy: by.User, CreatedAt: now,
		Scope: authz.TenantScope(by.Tenant), Visibility: authz.VisibilityPublic, Types: []string{},
	}}
	none := ""
	if edit.Name == nil {
		edit.Name = &none
	}
	if connector.Polls && edit.URL == nil {
		edit.URL = &none
	}
	if connector.Answers && edit.PublicKey == nil {
		edit.PublicKey = &none
	}
	if connector.Receives && edit.Types == nil {
		edit.Types = &connector.Types
	}
	if connector.Polls {
		s.data.NextAt = now
	}
	return s.edited(refused, edit, check, now)
}

// RestoreSource builds a source from storage.
func RestoreSource(d SourceData) Source { return Source{d} }

// Data returns the fields.
func (s Source) Data() SourceData { return s.data }

// ID returns the id.
func (s Source) ID() int64 { return s.data.ID }

// WithID returns the source with the id that the store gave it.
func (s Source) WithID(id int64) Source {
	s.data.ID = id
	return s
}

// Receives tells whether the source sends messages.
func (s Source) Receives() bool {
	connector, _ := ConnectorOf(s.data.Kind)
	return connector.Receives
}

// Answers tells whether the source gives commands.
func (s Source) Answers() bool {
	connector, _ := ConnectorOf(s.data.Kind)
	return connector.Answers
}

// Edit returns the changed source, or reports every wrong field.
func (s Source) Edit(edit Edit, check CheckURL, now time.Time) (Source, error) {
	return s.edited(errs.Fields{}, edit, check, now)
}

func (s Source) edited(refused errs.Fields, edit Edit, check CheckURL, now time.Time) (Source, error) {
	connector, _ := ConnectorOf(s.data.Kind)
	if edit.Name != nil {
		s.data.Name = valid.Line(refused, "name", *edit.Name, 1, maxName)
	}
	if edit.URL != nil {
		s = s.withURL(refused, connector, *edit.URL, check, now)
	}
	if edit.PublicKey != nil {
		s.data.PublicKey = *edit.PublicKey
		if connector.Answers {
			refused.Check(publicKey.MatchString(s.data.PublicKey), "public_key", why.InvalidFormat("64 digits of 0-9 and a-f, as Discord shows them"))
		} else {
			refused.Check(s.data.PublicKey == "", "public_key", why.NotAllowed("a source of this kind has no key of its own"))
		}
	}
	if edit.Types != nil {
		s.data.Types = checkedTypes(refused, connector, *edit.Types)
	}
	if edit.Scope != nil {
		s.data.Scope = *edit.Scope
		placed := slices.Contains([]authz.ScopeType{authz.ScopeTenant, authz.ScopeCommunity, authz.ScopeTeam}, s.data.Scope.Type)
		refused.Check(placed, "scope_type", why.NotAllowed("must be TENANT, COMMUNITY or TEAM"))
		refused.Check(s.data.Scope.Type != authz.ScopeTenant || s.data.Scope.ID == s.data.TenantID, "scope_id", why.Mismatch("must be the tenant"))
	}
	if edit.Visibility != nil {
		s.data.Visibility = *edit.Visibility
	}
	if connector.Answers {
		refused.Check(s.data.Visibility == authz.VisibilityPublic, "visibility", why.NotAllowed("commands show what is public"))
	} else if s.data.Visibility == authz.VisibilityPrivate {
		refused.Add("visibility", why.NotAllowed("private has no reader here"))
	} else if reason := s.data.Visibility.Fits(s.data.Scope.Type); !reason.None() {
		refused.Add("visibility", reason)
	}
	if edit.Active != nil && *edit.Active != s.data.Active {
		s.data.Active = *edit.Active
		if connector.Polls && s.data.Active {
			s.data.NextAt, s.data.Failures = now, 0
		}
	}
	s.data.UpdatedAt = now
	return s, refused.Err()
}

func (s Source) withURL(refused errs.Fields, connector Connector, url string, check CheckURL, now time.Time) Source {
	if !connector.Polls {
		refused.Check(url == "", "url", why.NotAllowed("a source of this kind is not asked"))
		return s
	}
	url = valid.Line(refused, "url", url, 1, maxURL)
	if url != "" && check(url) != nil {
		refused.Add("url", why.NotAllowed("must be an http or https address on the Internet, without a user name, on port 80 or 443"))
	}
	if url != s.data.URL {
		s.data.URL, s.data.Validator, s.data.NextAt, s.data.Failures = url, Validator{}, now, 0
	}
	return s
}

// publicKey is a key of Ed25519, 32 bytes.
var publicKey = regexp.MustCompile(`^[0-9a-f]{64}$`)

var typeName = regexp.MustCompile(`^[a-z0-9]+([._-][a-z0-9]+)*$`)

func checkedTypes(refused errs.Fields, connector Connector, types []string) []string {
	types = slices.Clone(types)
	slices.Sort(types)
	types = slices.Compact(types)
	switch {
	case !connector.Receives:
		refused.Check(len(types) == 0, "types", why.NotAllowed("a source of this kind sends no messages"))
		return []string{}
	case len(types) == 0:
		refused.Add("types", why.TooFew(1))
	case len(types) > maxTypes:
		refused.Add("types", why.TooMany(maxTypes))
	case slices.ContainsFunc(types, func(t string) bool { return len(t) > 64 || !typeName.MatchString(t) }):
		refused.Add("types", why.InvalidFormat("words of a-z and 0-9, joined by full stops"))
	}
	return types
}

// Received returns the source after a message, with what was wrong with it.
func (s Source) Received(problem string, now time.Time) Source {
	if s.data.LastError = problem; problem != "" {
		s.data.ErrorAt = now
		s.data.Failures++
		return s
	}
	s.data.LastAt, s.data.Failures = now, 0
	return s
}

// Polled returns the source after it was asked. After failures it is asked less often.
func (s Source) Polled(problem string, validator Validator, now time.Time) Source {
	s = s.Received(problem, now)
	s.data.NextAt = now.Add(min(PollEvery<<min(s.data.Failures, 6), maxBackOff))
	if problem == "" {
		s.data.Validator = validator
	}
	return s
}
