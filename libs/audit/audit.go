// Package audit is the audit log of a service: who did what to which object, and why. An entry is written in the transaction
// of the change that it describes, so that both are stored or neither is.
package audit

import (
	"cmp"
	"context"
	"os"
	"os/user"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/reqctx"
)

// ActorType says what kind of actor an entry names.
type ActorType string

// The types of actors.
const (
	User     ActorType = "user"     // acted through the API
	Operator ActorType = "operator" // ran a command of the service's program
	Service  ActorType = "service"  // another service, on no user's behalf
	System   ActorType = "system"   // the service itself, for example a scheduled job
)

// Actor is the one who did what an entry describes.
type Actor struct {
	Type ActorType
	ID   uuid.UUID // of a user; uuid.Nil for others, for callers who are not signed in, and after the user was erased
	Name string    // of an operator or a service
}

// Entry is one entry of the audit log. It must hold no secrets, and personal values only in Reason and IP, which are deleted
// when the user is erased. Write fills in what is zero of Tenant, Actor, Reason and RequestID from the context, and ID and At.
type Entry struct {
	ID         uuid.UUID
	At         time.Time
	Tenant     uuid.UUID // uuid.Nil when the entry belongs to no tenant
	Actor      Actor
	Action     string // object.happened, for example role.created
	TargetType string
	TargetID   string
	About      uuid.UUID // the user whom the entry is about, if there is one beside the actor
	Reason     string
	IP         string
	RequestID  string
	Metadata   map[string]any // ids, names of things and counts
}

// Filter selects entries. Zero fields match everything.
type Filter struct {
	Actor      uuid.UUID
	Action     string
	TargetType string
	TargetID   string
	Concerning uuid.UUID // entries by or about a user
	From, To   time.Time // at or after From, before To
}

type actorKey struct{}

type actorInContext struct {
	actor  Actor
	reason string
}

// As returns a context whose entries name an actor and a reason.
func As(ctx context.Context, actor Actor, reason string) context.Context {
	return context.WithValue(ctx, actorKey{}, actorInContext{actor, reason})
}

// AsOperator returns the context of a command that a person runs on the command line. Entries name the user of the operating
// system: under sudo, the user who ran sudo.
func AsOperator(ctx context.Context, reason string) context.Context {
	return As(ctx, Actor{Type: Operator, Name: operatorName()}, reason)
}

const maxName = 128

func operatorName() string {
	name := os.Getenv("SUDO_USER")
	if name == "" {
		if u, err := user.Current(); err == nil {
			name = u.Username
		}
	}
	return shorten(cmp.Or(name, "unknown"), maxName)
}

// ActorOf returns the actor and the reason of a context: those of [As], else the signed user, else the signed service, else
// the service itself.
func ActorOf(ctx context.Context) (actor Actor, reason string) {
	if as, ok := ctx.Value(actorKey{}).(actorInContext); ok {
		return as.actor, as.reason
	}
	rc := reqctx.From(ctx)
	switch {
	case rc.UserID != uuid.Nil:
		return Actor{Type: User, ID: rc.UserID}, ""
	case rc.Caller != "":
		return Actor{Type: Service, Name: shorten(rc.Caller, maxName)}, ""
	}
	return Actor{Type: System}, ""
}

// Complete returns the entry with what Write fills in. Implementations of the log in memory use it, too.
func (e Entry) Complete(ctx context.Context, id uuid.UUID, now time.Time) Entry {
	rc := reqctx.From(ctx)
	actor, reason := ActorOf(ctx)
	if e.Actor == (Actor{}) {
		e.Actor = actor
	}
	if e.ID == uuid.Nil {
		e.ID = id
	}
	if e.At.IsZero() {
		e.At = now
	}
	if e.Tenant == uuid.Nil {
		e.Tenant = rc.TenantID
	}
	if e.Metadata == nil {
		e.Metadata = map[string]any{}
	}
	e.Reason = cmp.Or(e.Reason, reason)
	e.RequestID = cmp.Or(e.RequestID, rc.RequestID)
	return e
}

// Concerns reports whether the entry is by or about a user.
func (e Entry) Concerns(user uuid.UUID) bool { return e.Actor.ID == user || e.About == user }

func shorten(s string, most int) string {
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most])
	}
	return s
}
