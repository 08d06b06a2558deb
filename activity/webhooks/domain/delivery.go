package domain

import (
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/valid"
)

// DeliveryState says how far a delivery is.
type DeliveryState string

// The states of a delivery.
const (
	Waiting   DeliveryState = "waiting"
	Delivered DeliveryState = "delivered"
	Dead      DeliveryState = "dead" // not tried again, unless a person replays it
)

// Why a delivery is dead although no attempt says so.
const (
	QueueFull   = "queue_full"
	SwitchedOff = "switched_off"
)

// Retention is how long deliveries are kept, in whatever state.
const Retention = 30 * 24 * time.Hour

// schedule is how long after each failed attempt the next one is made: eight attempts within two days.
var schedule = []time.Duration{
	5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour, 24 * time.Hour,
}

const (
	statusUnauthorized = 401
	statusNotFound     = 404
	statusGone         = 410
	maxRetryAfter      = 24 * time.Hour
)

// Delivery is a message to one endpoint. It is sent at least once: a receiver knows a repetition by the message's id.
type Delivery struct {
	ID         uuid.UUID
	TenantID   uuid.UUID
	EndpointID uuid.UUID
	EventID    uuid.UUID // one event is one delivery to an endpoint
	Type       string
	Body       []byte      // JSON, as it is sent
	People     []uuid.UUID // the users whom the body names
	State      DeliveryState
	Attempts   int // all of them
	Round      int // those since it was made or replayed
	DueAt      time.Time
	LastStatus int    // the HTTP status of the last attempt, 0 when there was no answer
	LastReason string // why the last attempt failed, in one word
	LastAt     time.Time
	CreatedAt  time.Time
}

// NewDelivery makes a delivery that is due at once.
func NewDelivery(tenant, endpoint, event uuid.UUID, kind string, body []byte, people []uuid.UUID, now time.Time) Delivery {
	return Delivery{
		ID: valid.NewID(), TenantID: tenant, EndpointID: endpoint, EventID: event, Type: kind, Body: body, People: people,
		State: Waiting, DueAt: now, CreatedAt: now,
	}
}

// MessageID names the message to its receiver, the same at each attempt.
func (d Delivery) MessageID() string { return "msg_" + d.ID.String() }

// Result is what came of an attempt.
type Result struct {
	Status     int    // of the answer, 0 without one
	Reason     string // why there was no answer
	Took       time.Duration
	RetryAfter time.Duration // what the answer asked for
}

// OK tells whether the endpoint took the message. A redirect is not followed and is no success.
func (r Result) OK() bool { return r.Status >= 200 && r.Status < 300 }

// retryAfter is heeded where it has a meaning (RFC 9110, section 10.2.3; RFC 6585, section 4), within bounds.
func (r Result) retryAfter() time.Duration {
	if r.Status != 429 && r.Status != 503 {
		return 0
	}
	return min(max(r.RetryAfter, 0), maxRetryAfter)
}

// After returns the delivery after an attempt.
func (d Delivery) After(r Result, now time.Time) Delivery {
	d.Attempts, d.Round, d.LastStatus, d.LastReason, d.LastAt = d.Attempts+1, d.Round+1, r.Status, r.Reason, now
	switch {
	case r.OK():
		d.State, d.LastReason = Delivered, ""
	case d.Round > len(schedule):
		d.State = Dead
	default:
		d.DueAt = now.Add(max(schedule[d.Round-1], r.retryAfter()))
	}
	return d
}

// Drop returns the delivery as one that is not tried again.
func (d Delivery) Drop(reason string) Delivery {
	d.State, d.LastReason = Dead, reason
	return d
}

// Replay returns the delivery as one that is due again.
func (d Delivery) Replay(now time.Time) (Delivery, error) {
	if d.State == Waiting {
		return d, ErrStillWaiting
	}
	d.State, d.Round, d.DueAt = Waiting, 0, now
	return d, nil
}

// Attempt is one try to deliver.
type Attempt struct {
	Number int
	At     time.Time
	Result Result
}
