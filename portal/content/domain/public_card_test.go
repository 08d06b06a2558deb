package domain_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/portal/content/domain"
)

func TestAnExcerptIsPlainText(t *testing.T) {
	for html, want := range map[string]string{
		"":                            "",
		"<p>We play at <b>8</b>.</p>": "We play at 8.",
		"<p>one</p>\n<p>two<br />three</p><ul><li>four</li></ul>":             "one two three four",
		"<p>1 &lt; 2 &amp; <a href=\"/x?a=1\" rel=\"nofollow\">there</a></p>": "1 < 2 & there",
		"<p>Привет, всем привет</p>":                                          "Привет, всем привет",
		"<p>" + "12345 12345 12345 12345":                                     "12345 12345 12345 1…",
		"a < b":                                                               "a", // no HTML that the renderer makes
	} {
		require.Equal(t, want, domain.Rendered{HTML: html}.Text(20), html)
	}
	require.Equal(t, "short", domain.Rendered{HTML: "<p>long</p>", Excerpt: "<p>short</p>"}.Text(20))
}
