package portal_test

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/libs/authz"
	contentdomain "go.updspace.com/portal/content/domain"
	"go.updspace.com/portal/ports/portstest"
)

const (
	maxAnswer = 1_000_000
	maxGrowth = 64
	maxFeed   = 2_000_000
)

// bounded writes a post and requires that its answer, if it is accepted, is in proportion to what was sent. It reports
// whether it was accepted.
func (s *contentService) bounded(t require.TestingT, by authz.Actor, body portalapi.PostCreate) bool {
	sent, err := json.Marshal(body)
	require.NoError(t, err)
	r, err := s.as(by).CreatePostWithResponse(s.t.Context(), body)
	require.NoError(t, err)
	if r.StatusCode() != http.StatusCreated {
		require.Equal(t, http.StatusUnprocessableEntity, r.StatusCode(), "%s", r.Body)
		require.Contains(t, string(r.Body), `"body"`, "names the field")
		return false
	}
	require.LessOrEqual(t, len(r.Body), maxAnswer)
	require.LessOrEqual(t, len(r.Body), maxGrowth*len(sent))
	return true
}

// acceptedAttacks are bodies that make long answers, and just do not break a rule.
func acceptedAttacks() map[string]string {
	r := strings.Repeat
	return map[string]string{
		"closing angles": r("x>", 25_000), "angles": r("<", 50_000), "ampersands": r("&", 50_000), "quotation marks": r("\"", 50_000), "letters": r("я", 50_000), "separators": r("\u2028", 49_999) + "x",
		"addresses": r("www.a.b ", 990), "strong": r("**a** ", 2_000), "one letter": "x", "a small table": "a\n-|",
		// Six bytes each in JSON and ten as HTML in JSON, and a long address of them that is linked nine times.
		"referenced ampersands": "[a]: /" + r("&", 2_000) + "\n\n" + r("[a] ", 9) + r("&", 47_900),
		"words after angles":    r("<", 400) + r("x ", 5_000),
	}
}

// refusedAttacks are bodies that would make longer answers.
func refusedAttacks() map[string]string {
	r := strings.Repeat
	return map[string]string{
		"a wide table": r("x|", 800) + "\n" + r("-|", 800) + "\n" + r("x\n", 800), "quotes": r(">", 50_000), "lists": r("- ", 10_000), "emphasis": r("*a_ ", 12_000), "links": r("[a](", 10_000),
		"a table": r("x|", 40) + "\n" + r(":-:|", 40) + "\n" + r("x\n", 45), "repeated references": "[a]: /" + r("x", 10_000) + "\n\n" + r("[a] ", 9_000),
		"referenced ampersands": "[a]: /" + r("&", 2_000) + "\n\n" + r("[a] ", 11) + r("&", 47_900),
	}
}

// The answer to a post is bounded, whatever its body is, and so is the feed of such posts.
func TestAnswersAreBounded(t *testing.T) {
	s := startContent(t)
	for name, body := range refusedAttacks() {
		require.False(t, s.bounded(t, s.member, portalapi.PostCreate{Body: body, Visibility: portalapi.PostVisibilityPublic}), name)
	}
	for name, body := range acceptedAttacks() {
		require.True(t, s.bounded(t, s.member, portalapi.PostCreate{Title: strings.Repeat("<", 256), Body: body, Visibility: portalapi.PostVisibilityPublic}), name)
	}
	piece := rapid.SampledFrom([]string{"a", "x|", "-|", "\n", "\n\n", "> ", "- ", "1. ", "*", "`", "[a](/b)", "![a](/b)", "<", "&", "\"", "# ", "    ", "www.a.b ", "- [ ] ", "я",
		"**", "_", "~~", ":-:|", "[a]", "[a]: /b\n", "<http://a.b>", "<b>", "\\<", "&lt;", "&#x3c;", "https://a.b/" + strings.Repeat("x", 200) + " "})
	rapid.Check(t, func(rt *rapid.T) {
		block := strings.Join(rapid.SliceOfN(piece, 1, 6).Draw(rt, "block"), "")
		body := strings.Repeat(block, rapid.SampledFrom([]int{1, 2, 20, 400, 4_000}).Draw(rt, "times"))
		s.bounded(rt, s.member, portalapi.PostCreate{Title: "t", Body: body[:min(len(body), contentdomain.MaxPostBody)], Visibility: portalapi.PostVisibilityPublic})
	})
	s.boundedFeed(t, maxFeed)
}

// boundedFeed reads the feed, requires that it is at most as large as given, and returns its size.
func (s *contentService) boundedFeed(t require.TestingT, most int) int {
	feed, err := s.as(s.member).ListPostsWithResponse(s.t.Context(), &portalapi.ListPostsParams{Limit: new(100)})
	require.NotEmpty(t, fine(s.t, feed, err).JSON200.Items)
	require.LessOrEqual(t, len(feed.Body), most)
	return len(feed.Body)
}

// A fifth of the largest page there can be: every post has the longest title, a body of the worst kinds, and ten attachments
// with the longest names, all of characters that JSON escapes. The bound holds as well when the bodies were rendered by
// other rules, under which they are rendered again, or refused now.
func TestTheLargestFeedIsBounded(t *testing.T) {
	s := startContent(t)
	const posts = 20
	bodies := slices.Sorted(maps.Values(acceptedAttacks()))
	for i := range posts {
		body := portalapi.PostCreate{Title: strings.Repeat("<", 256), Body: bodies[i%len(bodies)], Visibility: portalapi.PostVisibilityPublic}
		for range contentdomain.MaxPostAttachments {
			body.AttachmentIds = append(body.AttachmentIds, s.uploaded(s.member, strings.Repeat("<", 128), []byte("text")).ID)
		}
		require.True(t, s.bounded(t, s.member, body))
	}
	size := s.boundedFeed(t, maxFeed/5)
	require.Greater(t, size, maxFeed/10, "or the bound could be lower")
	store := func(set string, args ...any) {
		t.Helper()
		require.NoError(t, s.db.Do(portstest.As(t.Context(), s.member), func(ctx context.Context) error {
			_, err := s.db.Conn(ctx).NewRaw("UPDATE posts SET "+set+" WHERE tenant_id = ?", append(args, s.member.Tenant)...).Exec(ctx)
			return err
		}))
	}
	store("rendered_by = 'other rules', body_html = '<p>old</p>', excerpt_html = '<p>old</p>'")
	require.Equal(t, size, s.boundedFeed(t, maxFeed/5), "rendered again")
	for _, body := range refusedAttacks() {
		store("body = ?", body)
		s.boundedFeed(t, maxFeed/5)
	}
}

func TestExcerptsOfLongPosts(t *testing.T) {
	s := startContent(t)
	long := s.post(s.member, portalapi.PostCreate{Title: "long", Body: strings.Repeat("*word* ", 1_000), Visibility: portalapi.PostVisibilityPublic})
	short := s.post(s.member, portalapi.PostCreate{Title: "short", Body: "*word*", Visibility: portalapi.PostVisibilityPublic})
	feed, err := s.as(s.member).ListPostsWithResponse(t.Context(), &portalapi.ListPostsParams{})
	items := fine(t, feed, err).JSON200.Items
	require.Equal(t, []uuid.UUID{short.ID, long.ID}, []uuid.UUID{items[0].ID, items[1].ID})
	require.Equal(t, summaryOf(short), items[0])
	require.True(t, items[1].Truncated)
	require.True(t, strings.HasPrefix(items[1].ExcerptHTML, "<p><em>word</em> "), items[1].ExcerptHTML)
	require.True(t, strings.HasSuffix(items[1].ExcerptHTML, "…</p>\n"), items[1].ExcerptHTML)
	edited, err := s.as(s.member).UpdatePostWithResponse(t.Context(), long.ID, portalapi.PostUpdate{Body: new("now short")})
	fine(t, edited, err)
	feed, err = s.as(s.member).ListPostsWithResponse(t.Context(), &portalapi.ListPostsParams{})
	require.Equal(t, summaryOf(*edited.JSON200), fine(t, feed, err).JSON200.Items[1])
}

// A post shows something, and an edit leaves something.
func TestInvisiblePostsAreRefused(t *testing.T) {
	s := startContent(t)
	for _, body := range []string{"", " \n", "[a]: https://example.com", "&nbsp;"} {
		r, err := s.as(s.member).CreatePostWithResponse(t.Context(), portalapi.PostCreate{Body: body, Visibility: portalapi.PostVisibilityPublic})
		refused(t, http.StatusUnprocessableEntity, "VALIDATION_ERROR", r, err)
	}
	shown := s.post(s.member, portalapi.PostCreate{Body: "Write to <name>", Visibility: portalapi.PostVisibilityPublic})
	require.Equal(t, "<p>Write to &lt;name&gt;</p>\n", shown.BodyHTML)
	for _, body := range []string{"", "[a]: /b", strings.Repeat(">", 17) + "a"} {
		r, err := s.as(s.member).UpdatePostWithResponse(t.Context(), shown.ID, portalapi.PostUpdate{Body: &body})
		refused(t, http.StatusUnprocessableEntity, "VALIDATION_ERROR", r, err)
	}
	file := s.uploaded(s.member, "x.png", tinyPNG)
	s.post(s.member, portalapi.PostCreate{Visibility: portalapi.PostVisibilityPublic, AttachmentIds: []uuid.UUID{file.ID}})
}
