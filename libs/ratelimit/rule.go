// Package ratelimit limits how often something may happen, by one table of rules for a service: across instances in Redis, and
// on each instance by what it remembers while Redis is away.
//
// The limiter is a leaky bucket (GCRA): a key may do Burst things at once, and what it did is forgiven evenly, all of it within
// Per. So a key that has used up its limit may do one more thing after Per/Burst, and nothing depends on where a window begins.
package ratelimit

import (
	"errors"
	"fmt"
	"time"
)

// KeyKind says what a rule's keys are. It is for people who read the table.
type KeyKind string

// The kinds of keys.
const (
	Address KeyKind = "address" // network address of the client
	Account KeyKind = "account" // what a caller says to be: an e-mail address or a username
	Client  KeyKind = "client"  // OAuth client
	User    KeyKind = "user"    // signed-in user
	Tenant  KeyKind = "tenant"
)

// Rule is one limit.
type Rule struct {
	Name  string // unique in the service
	Key   KeyKind
	Burst int // how much a key may do at once; 0 means no limit
	Per   time.Duration
	// Portion is how much is taken from Redis at once and then used up without asking, for rules that apply to every request.
	// Instances may then allow less than Burst together, never more. 0 means 1: every use asks Redis.
	Portion int
}

// Verdict says whether something may happen now.
type Verdict struct {
	Allowed    bool
	Limit      int           // the rule's Burst; 0 without a limit
	Window     time.Duration // the rule's Per
	RetryAfter time.Duration // when refused: after which time it may succeed, at least a second
}

func (r Rule) check() error {
	switch {
	case r.Name == "":
		return errors.New("ratelimit: a rule has no name")
	case r.Burst < 0 || r.Portion < 0:
		return fmt.Errorf("ratelimit: %s has a negative number", r.Name)
	case r.Burst > 0 && r.Per < time.Millisecond:
		return fmt.Errorf("ratelimit: %s has no time", r.Name)
	case r.Burst > 0 && r.weight(r.portion()) < time.Millisecond:
		return fmt.Errorf("ratelimit: %s needs a larger Portion, Redis counts in milliseconds", r.Name)
	}
	return nil
}

// portion is at most a tenth of the limit, so that what instances hold unused does not matter.
func (r Rule) portion() int { return max(1, min(r.Portion, r.Burst/10)) }

// weight is how long a cost fills the bucket.
func (r Rule) weight(cost int) time.Duration {
	return time.Duration(int64(cost) * int64(r.Per) / int64(r.Burst))
}

// verdict is that of a bucket which is filled for a time, about a cost.
func (r Rule) verdict(allowed bool, filled time.Duration, cost int) Verdict {
	v := Verdict{Allowed: allowed, Limit: r.Burst, Window: r.Per}
	if !allowed {
		v.RetryAfter = max(filled+r.weight(cost)-r.Per, time.Second)
	}
	return v
}
