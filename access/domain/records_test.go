package domain_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.updspace.com/access/domain"
)

// An override that differs in any part is another one: the change is stored.
func TestOverridesAreTheSameInEveryPart(t *testing.T) {
	t.Parallel()
	expires := time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)
	o := domain.Override{Effect: domain.Deny, Permission: "voting.vote.cast", Reason: "spam", Expires: expires}
	elsewhere := o
	elsewhere.Expires = expires.In(time.FixedZone("", 3600))
	require.True(t, o.Same(elsewhere), "one moment in two zones")
	for part, change := range map[string]func(*domain.Override){
		"effect":     func(o *domain.Override) { o.Effect = domain.Allow },
		"permission": func(o *domain.Override) { o.Permission = "" },
		"reason":     func(o *domain.Override) { o.Reason = "" },
		"expiry":     func(o *domain.Override) { o.Expires = time.Time{} },
	} {
		other := o
		change(&other)
		require.False(t, o.Same(other), part)
	}
}
