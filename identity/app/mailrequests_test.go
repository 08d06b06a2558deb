package app_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.updspace.com/tools/devkit/testkit/faults"
)

// The link that unsubscribes is the last thing in the page of a mail, whatever is in the page.
func TestThePageOfAMailEndsWithTheLink(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ page, before, after string }{
		"whole":                        {"<body><p>Raid</p></body></html>", "<body><p>Raid</p>", "</body></html>"},
		"a part":                       {"<p>Raid</p>", "<p>Raid</p>", ""},
		"in capitals":                  {"<BODY>Raid</BODY >", "<BODY>Raid", "</BODY >"},
		"a tag in the text":            {"<body><pre></body></pre></body>", "<body><pre></body></pre>", "</body>"},
		"letters that lower case grow": {"<body>" + strings.Repeat("Ⱥ", 9) + "</body>", "<body>" + strings.Repeat("Ⱥ", 9), "</body>"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScene(t, &faults.Faults{})
			request := reminder(s.user.ID, s.session.CreatedAt.Add(time.Hour))
			request.Contents[0].HTML = c.page
			require.NoError(t, s.MailRequests.Queue(s.ctx, request))
			require.Len(t, s.queued, 1)
			foot, ok := strings.CutPrefix(s.queued[0].HTML, c.before)
			require.True(t, ok, s.queued[0].HTML)
			foot, ok = strings.CutSuffix(foot, c.after)
			require.True(t, ok, s.queued[0].HTML)
			require.Regexp(t, `^<hr>.*href="https://id\.test/unsubscribe\?token=.*</p>$`, foot)
		})
	}
}
