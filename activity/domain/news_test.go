package domain_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/activity/domain"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
)

var (
	by = authz.Actor{Tenant: uuid.New(), User: uuid.New()}
)

func newPost(t testing.TB, edit func(*domain.NewsDraftInput)) domain.NewsPost {
	t.Helper()
	in := domain.NewsDraftInput{Body: "b", Visibility: authz.VisibilityPublic}
	if edit != nil {
		edit(&in)
	}
	post, err := domain.NewNewsPost(by, in, now)
	require.NoError(t, err)
	return post
}

func TestTheScopeFollowsFromTheVisibility(t *testing.T) {
	t.Parallel()
	group := uuid.NewString()
	for visibility, want := range map[authz.Visibility]authz.ScopeType{
		authz.VisibilityPublic: authz.ScopeTenant, authz.VisibilityPrivate: authz.ScopeTenant, authz.VisibilityCommunity: authz.ScopeCommunity, authz.VisibilityTeam: authz.ScopeTeam,
	} {
		id := ""
		if want != authz.ScopeTenant {
			id = group
		}
		require.Equal(t, want, newPost(t, func(in *domain.NewsDraftInput) { in.Visibility, in.ScopeID = visibility, id }).Data().Scope.Type)
	}
	_, err := domain.NewNewsPost(by, domain.NewsDraftInput{Body: "b", Visibility: authz.VisibilityTeam}, now)
	require.ErrorIs(t, err, authz.ErrScopeRequired)
	require.Equal(t, authz.ScopeTenant, newPost(t, func(in *domain.NewsDraftInput) { in.ScopeType = "tenant" }).Data().Scope.Type, "in lower case, too")
	_, err = domain.NewNewsPost(by, domain.NewsDraftInput{Body: "b", Visibility: authz.VisibilityTeam, ScopeType: authz.ScopeTenant}, now)
	require.Contains(t, fieldsOf(err), "visibility")
}

func fieldsOf(err error) map[string]string {
	var e *errs.Error
	errors.As(err, &e)
	return e.Fields
}

// Cleaning twice is cleaning once, and leaves at most ten different tags in their form.
func TestTagsHaveOneForm(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		tags := rapid.SliceOfN(rapid.StringMatching(`[ A-Za-zЖ -]{0,12}`), 0, 10).Draw(t, "tags")
		fields := errs.Fields{}
		cleaned := domain.CleanTags(fields, tags)
		require.Empty(t, fields)
		require.Equal(t, cleaned, domain.CleanTags(fields, cleaned))
		for i, tag := range cleaned {
			require.NotContains(t, tag, " ")
			require.NotEmpty(t, tag)
			require.NotContains(t, cleaned[:i], tag)
		}
	})
	fields := errs.Fields{}
	domain.CleanTags(fields, []string{strings.Repeat("a", 51)})
	require.Contains(t, fields, "tags")
}

func TestEditsSayWhatChanged(t *testing.T) {
	t.Parallel()
	post := newPost(t, nil)
	body, tags, private := "other", []string{"a"}, authz.VisibilityPrivate
	for _, c := range []struct {
		edit domain.NewsEdit
		want []domain.NewsPart
	}{
		{domain.NewsEdit{}, nil},
		{domain.NewsEdit{Body: &body}, []domain.NewsPart{domain.NewsBody}},
		{domain.NewsEdit{Tags: &tags, Visibility: &private}, []domain.NewsPart{domain.NewsVisibility, domain.NewsTags}},
	} {
		edited, changed, err := post.Edit(c.edit, now)
		require.NoError(t, err)
		require.Equal(t, c.want, changed)
		if c.want == nil {
			require.Equal(t, post, edited)
			continue
		}
		require.True(t, edited.Data().UpdatedAt.After(post.Data().UpdatedAt), "also at the same instant")
		require.Equal(t, 2, edited.Data().Version)
	}
	_, _, err := post.Edit(domain.NewsEdit{Seen: 7}, now)
	require.ErrorIs(t, err, domain.ErrNewsChanged)
}

func TestScheduledPostsArePublishedOnce(t *testing.T) {
	t.Parallel()
	at := now.Add(time.Hour)
	post := newPost(t, func(in *domain.NewsDraftInput) { in.Status, in.PublishAt = domain.NewsScheduled, at })
	_, due := post.Publish(at.Add(-time.Microsecond))
	require.False(t, due)
	published, due := post.Publish(at)
	require.True(t, due)
	require.True(t, published.Listed())
	_, due = published.Publish(at.Add(time.Hour))
	require.False(t, due)
	scheduled := domain.NewsScheduled
	later := at.Add(time.Hour)
	_, _, err := published.Edit(domain.NewsEdit{Status: &scheduled, PublishAt: &later}, at)
	require.Contains(t, fieldsOf(err), "status")
	for _, wrong := range []time.Time{{}, now, now.Add(domain.MaxSchedule + time.Second)} {
		_, err := domain.NewNewsPost(by, domain.NewsDraftInput{Body: "b", Visibility: authz.VisibilityPublic, Status: domain.NewsScheduled, PublishAt: wrong}, now)
		require.Contains(t, fieldsOf(err), "publish_at")
	}
}

func TestVideosAreThoseOfYouTube(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"https://youtu.be/dQw4w9WgXcQ", "http://m.youtube.com/watch?v=dQw4w9WgXcQ", "https://www.youtube.com/embed/dQw4w9WgXcQ"} {
		video, ok := domain.VideoURL(address, "dQw4w9WgXcQ")
		require.True(t, ok, address)
		require.Equal(t, "https://www.youtube.com/watch?v=dQw4w9WgXcQ", video)
	}
	for address, id := range map[string]string{
		"https://youtube.com.evil.example/x": "dQw4w9WgXcQ", "javascript:alert(1)": "dQw4w9WgXcQ", "https://a@youtube.com/x": "dQw4w9WgXcQ", "https://youtu.be/x": "x\"onload=",
		"": "dQw4w9WgXcQ",
	} {
		_, ok := domain.VideoURL(address, id)
		require.False(t, ok, "%s %s", address, id)
	}
}

func TestKeysOfPicturesNameThem(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"Big Stage!.PNG": "-big-stage-.png", "": "-upload", "../../etc/passwd": "-..-..-etc-passwd", "кот": "-upload"} {
		image, err := domain.NewNewsImage(by, name, "image/png", 1, now)
		require.NoError(t, err)
		require.True(t, strings.HasSuffix(image.Key(), want), image.Key())
		id, ok := domain.MediaKeyID(by.Tenant, image.Key())
		require.True(t, ok, image.Key())
		require.Equal(t, image.ID(), id)
		_, ok = domain.MediaKeyID(uuid.New(), image.Key())
		require.False(t, ok, "of another tenant")
	}
}

func TestMentionsAreUsernames(t *testing.T) {
	t.Parallel()
	require.Equal(t, []string{"ann", "боб", "x.y"}, domain.Mentions("@Ann, @ann (@Боб) @x.y. mail@host.org //@no @"))
	require.Len(t, domain.Mentions(strings.Repeat("@a1 @b2 ", 3)), 2)
}

func TestTheWordFilterKnowsWholeWords(t *testing.T) {
	t.Parallel()
	filter, err := domain.NewWordFilter(by, []string{" Casino", "casino", "два слова"}, now)
	require.NoError(t, err)
	require.Equal(t, []string{"casino", "два слова"}, filter.Words)
	for text, found := range map[string]bool{"CASINO!": true, "casinos": false, "Два\nслова": true, "": false, "словадва": false} {
		fields := errs.Fields{}
		filter.Check(fields, "body", text)
		require.Equal(t, found, len(fields) > 0, text)
	}
	_, err = domain.NewWordFilter(by, []string{"!!"}, now)
	require.Contains(t, fieldsOf(err), "words")
}
