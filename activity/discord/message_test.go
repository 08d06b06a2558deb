package discord_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"go.updspace.com/activity/discord"
)

func TestAMessageKeepsTheLimitsAndMentionsNoOne(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ы", 5000)
	embeds := make([]discord.Embed, 12)
	embeds[0] = discord.Embed{
		Title: long, Description: long, URL: "https://x.example/" + long, Author: &discord.Named{Name: long}, Footer: &discord.Footer{Text: long},
	}
	m := discord.NewMessage(embeds...)
	require.Len(t, m.Embeds, discord.MaxEmbeds)
	e := m.Embeds[0]
	require.Equal(t, []int{256, 4096, 256, 2048}, []int{
		utf8.RuneCountInString(e.Title), utf8.RuneCountInString(e.Description), utf8.RuneCountInString(e.Author.Name), utf8.RuneCountInString(e.Footer.Text),
	})
	require.Empty(t, e.URL)
	require.Equal(t, long, embeds[0].Title, "the argument stays as it is")

	body, err := discord.NewMessage(discord.Embed{Title: "Finals", Color: 1}).JSON()
	require.NoError(t, err)
	require.JSONEq(t, `{"embeds":[{"title":"Finals","color":1}],"allowed_mentions":{"parse":[]}}`, string(body))
}

func TestATitleIsNoMarkup(t *testing.T) {
	t.Parallel()
	require.Equal(t, `\[free\]\(https://evil.example\) \<\@123\> \*\*b\*\* \`+"`"+`c\`+"`"+` Финал`, discord.Plain("[free](https://evil.example) <@123> **b** `c` Финал"))
	require.Equal(t, "<t:1772366400:F>", discord.Time(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)))
	cut := discord.NewMessage(discord.Embed{Title: strings.Repeat(`\[`, 200)}).Embeds[0].Title
	require.False(t, strings.HasSuffix(cut, `\…`), "no half of an escape is left")
}
