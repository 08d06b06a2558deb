// Package domain holds the rules of webhooks: where a tenant's events are sent, and when a delivery is tried again. It does no I/O
// and reads no clock.
package domain

import (
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/valid"
)

// Bounds of a tenant.
const (
	MaxEndpoints = 20
	// MaxWaiting is how many deliveries wait for one endpoint. What comes above that is not sent, and can be replayed.
	MaxWaiting = 2000
	maxName    = 100
	maxURL     = 2048
)

// State says whether an endpoint gets events.
type State string

// The states of an endpoint.
const (
	Active   State = "active"
	Paused   State = "paused"   // by a person
	Disabled State = "disabled" // because of how it answers
)

// Format is the form of the messages of an endpoint. It does not change.
type Format string

// The formats.
const (
	Standard Format = "standard" // signed JSON (Standard Webhooks)
	Discord  Format = "discord"  // embeds, for a webhook of a Discord channel
)

// Language is that of the texts of messages.
type Language string

// The languages.
const (
	English Language = "en"
	Russian Language = "ru"
)

// Why an endpoint was disabled.
const (
	Failing = "failing" // it has refused everything for days
	Gone    = "gone"    // it answered that it is gone
)

const (
	// disableAfter is how long an endpoint may fail without one success between.
	disableAfter = 5 * 24 * time.Hour
	// Overlap is how long the former secret signs beside a new one.
	Overlap = 24 * time.Hour
)

// Endpoint is an address that gets a tenant's events.
type Endpoint struct{ data EndpointData }

// EndpointData are the fields of an endpoint.
type EndpointData struct {
	ID, TenantID   uuid.UUID
	Name, URL      string
	Types          []string // sorted
	Format         Format
	Language       Language
	Scope          authz.Scope // what happens there is sent: in the tenant, a community with its teams, or a team
	State          State
	DisabledReason string
	Failures       int       // in a row
	FailingSince   time.Time // zero while it answers well
	RestUntil      time.Time // nothing is sent before, after failures
	CreatedBy      uuid.UUID // uuid.Nil when that account was erased
	CreatedAt      time.Time
	UpdatedAt      time.Time
}

// Edit states the fields of an endpoint; those that are nil stay.
type Edit struct {
	Name, URL *string
	Types     *[]string
	Language  *Language
	Scope     *authz.Scope
	Active    *bool
}

// CheckURL tells why an address cannot be sent to.
type CheckURL func(format Format, url string) error

// NewEndpoint creates an endpoint, or reports every wrong field.
func NewEndpoint(by authz.Actor, format Format, edit Edit, check CheckURL, now time.Time) (Endpoint, error) {
	none := ""
	for _, field := range []**string{&edit.Name, &edit.URL} {
		if *field == nil {
			*field = &none
		}
	}
	if edit.Types == nil {
		edit.Types = &[]string{}
	}
	return Endpoint{EndpointData{
		ID: valid.NewID(), TenantID: by.Tenant, Format: format, Language: English, Scope: authz.TenantScope(by.Tenant),
		State: Active, CreatedBy: by.User, CreatedAt: now,
	}}.Edit(edit, check, now)
}

// RestoreEndpoint builds an endpoint from storage.
func RestoreEndpoint(d EndpointData) Endpoint { return Endpoint{d} }

// Data returns the fields.
func (e Endpoint) Data() EndpointData { return e.data }

// ID returns the id.
func (e Endpoint) ID() uuid.UUID { return e.data.ID }

// Edit returns the changed endpoint, or reports every wrong field. Switching on an endpoint that failed begins anew.
func (e Endpoint) Edit(edit Edit, check CheckURL, now time.Time) (Endpoint, error) {
	refused := errs.Fields{}
	if edit.Name != nil {
		e.data.Name = valid.Line(refused, "name", *edit.Name, 1, maxName)
	}
	if edit.URL != nil {
		e.data.URL = checkedURL(refused, e.data.Format, *edit.URL, check)
	}
	if edit.Language != nil {
		e.data.Language = *edit.Language
	}
	if edit.Scope != nil {
		e.data.Scope = *edit.Scope
		placed := slices.Contains([]authz.ScopeType{authz.ScopeTenant, authz.ScopeCommunity, authz.ScopeTeam}, e.data.Scope.Type)
		refused.Check(placed, "scope_type", why.NotAllowed("must be TENANT, COMMUNITY or TEAM"))
		refused.Check(e.data.Scope.Type != authz.ScopeTenant || e.data.Scope.ID == e.data.TenantID, "scope_id", why.Mismatch("must be the tenant"))
	}
	if edit.Types != nil {
		e.data.Types = checkedTypes(refused, *edit.Types)
	}
	if edit.Active != nil && *edit.Active != (e.data.State == Active) {
		e.data.State = Paused
		if *edit.Active {
			e.data.State, e.data.Failures, e.data.FailingSince, e.data.RestUntil = Active, 0, time.Time{}, time.Time{}
		}
		e.data.DisabledReason = ""
	}
	e.data.UpdatedAt = now
	return e, refused.Err()
}

func checkedURL(refused errs.Fields, format Format, url string, check CheckURL) string {
	url = valid.Line(refused, "url", url, 1, maxURL)
	switch {
	case url == "" || check(format, url) == nil:
	case format == Discord:
		refused.Add("url", why.NotAllowed("must be the address of a webhook, as Discord shows it: https://discord.com/api/webhooks/..."))
	default:
		refused.Add("url", why.NotAllowed("must be an https address on the Internet, without a user name, on port 443"))
	}
	return url
}

func checkedTypes(refused errs.Fields, types []string) []string {
	types = slices.Clone(types)
	slices.Sort(types)
	types = slices.Compact(types)
	known := TypeNames()
	switch {
	case len(types) == 0:
		refused.Add("types", why.TooFew(1))
	case slices.ContainsFunc(types, func(t string) bool { return !slices.Contains(known, t) }):
		refused.Add("types", why.NotAllowed("must be types of events that webhooks get"))
	}
	return types
}

// Signs tells whether messages are signed, so that the endpoint has a secret.
func (e Endpoint) Signs() bool { return e.data.Format == Standard }

// ShownURL is the address as it may be shown: what follows the host, of Discord what follows the id, is a secret to many receivers. With it, every
// program can write there.
func (e Endpoint) ShownURL() string {
	shown := e.data.URL
	from := strings.Index(shown, "://") + len("://")
	if e.data.Format == Discord {
		return shown[:strings.LastIndexByte(shown, '/')+1] + "…"
	}
	end := strings.IndexAny(shown[from:], "/?#")
	if end < 0 || shown[from+end:] == "/" {
		return shown
	}
	return shown[:from+end] + "/…"
}

// Wants tells whether the endpoint gets events of a type.
func (e Endpoint) Wants(kind string) bool {
	return e.data.State == Active && slices.Contains(e.data.Types, kind)
}

// Covers tells whether the endpoint gets what happens in a scope. community is the community of the scope's team, if it is one.
func (e Endpoint) Covers(scope authz.Scope, community uuid.UUID) bool {
	switch e.data.Scope.Type {
	case authz.ScopeCommunity:
		return e.data.Scope == scope || scope.Type == authz.ScopeTeam && community == e.data.Scope.ID
	case authz.ScopeTeam:
		return e.data.Scope == scope
	}
	return true
}

// gone tells whether an answer says that the endpoint will never take anything again. Discord answers so for a webhook that was deleted, and
// asks that it is not called any more.
func (e Endpoint) gone(status int) bool {
	return status == statusGone || e.data.Format == Discord && (status == statusNotFound || status == statusUnauthorized)
}

// After returns the endpoint after an attempt. It rests longer with each failure in a row, so that one that is away costs little, and is
// disabled when it is gone or has failed for days.
func (e Endpoint) After(r Result, now time.Time) Endpoint {
	if r.OK() {
		e.data.Failures, e.data.FailingSince, e.data.RestUntil = 0, time.Time{}, time.Time{}
		return e
	}
	e.data.Failures++
	if e.data.FailingSince.IsZero() {
		e.data.FailingSince = now
	}
	e.data.RestUntil = now.Add(max(r.retryAfter(), min(time.Second<<min(e.data.Failures-1, 9), 5*time.Minute)))
	switch {
	case e.gone(r.Status):
		e.data.State, e.data.DisabledReason = Disabled, Gone
	case now.Sub(e.data.FailingSince) >= disableAfter:
		e.data.State, e.data.DisabledReason = Disabled, Failing
	}
	return e
}
