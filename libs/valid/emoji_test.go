package valid_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/valid"
)

func TestEmojiIsExactlyOne(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"👍", "👍🏽", "❤", "❤️", "🔥", "😂", "😮", "😡", "👨‍👩‍👧‍👦", "🏳️‍🌈", "🇷🇺", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "1️⃣", "❤️‍🔥", "👩🏽‍🚀", "☕", "🫡", "⭐"} {
		require.True(t, valid.Emoji(s), "%q", s)
	}
	for _, s := range []string{
		"", " ", "a", "1", "+1", "like", "👍👍", "👍 ", "👍a", "🇷", "🇷🇺🇷", "\u200d", "👍\u200d", "\ufe0f", "<b>", "🏽🏽", "\xff", "👍" + strings.Repeat("\u200d👍", 16),
	} {
		require.False(t, valid.Emoji(s), "%q", s)
	}
}
