package domain_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.updspace.com/activity/domain"
)

func TestAPositionIsReadAsItIsWritten(t *testing.T) {
	p := domain.Position{At: time.UnixMilli(1772366400123), Seq: 42}
	require.Equal(t, "1772366400123-42", p.String())
	got, ok := domain.ParsePosition(p.String())
	require.True(t, ok)
	require.Equal(t, p, got)
	for _, wrong := range []string{"", "1", "1-", "-1", "-1-1", "1--1", "a-1", "1-a", "1-1-1", "99999999999999999999-1"} {
		_, ok := domain.ParsePosition(wrong)
		require.False(t, ok, wrong)
	}
}
