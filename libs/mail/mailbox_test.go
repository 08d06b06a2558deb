package mail_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/mail"
)

func TestMailboxKeepsTheNewestMessages(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, time.March, 4, 5, 6, 7, 0, time.UTC)
	box := mail.NewMailbox(func() time.Time { return now })
	require.Empty(t, box.All())
	for n := range 203 {
		require.NoError(t, box.Send(t.Context(), mail.Message{To: "a@b.test", Subject: fmt.Sprint(n), Text: "t"}))
	}
	all := box.All()
	require.Len(t, all, 200)
	require.Equal(t, "202", all[0].Subject, "newest first")
	require.Equal(t, "3", all[199].Subject)
	require.Equal(t, now, all[0].At)
	found, ok := box.Find(all[5].ID)
	require.True(t, ok)
	require.Equal(t, all[5], found)
	_, ok = box.Find(uuid.New())
	require.False(t, ok)
}
