package importer

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/activity/domain"
	"go.updspace.com/gamification/rule"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/valid"
)

const (
	kindNews      = "news"
	kindReactions = "reactions to news"
	kindComments  = "comments"
	kindLikes     = "likes of comments"
	kindViews     = "views of news"
	kindReads     = "read marks of the feed"
	kindSubscribe = "subscriptions"
	kindOldItems  = "items of the old feed"
)

// reading is what is known of news while it is taken.
type reading struct {
	posts    map[uuid.UUID]uuid.UUID // the tenant of each
	comments map[int64]uuid.UUID     // the post of each that is not deleted or is
	twins    map[string]twin         // items of the old feed by the post that they showed
}

// twin is the item of a post in the old feed. It keeps its number, which was an address.
type twin struct {
	id int64
	at time.Time
}

// activity takes news with what was said of it, what people read, and the feed.
func (r *run) activity() error {
	if err := r.notificationsKnow(); err != nil {
		return err
	}
	n := &reading{posts: map[uuid.UUID]uuid.UUID{}, comments: map[int64]uuid.UUID{}, twins: map[string]twin{}}
	if err := r.oldItems(n); err != nil {
		return err
	}
	if err := r.news(n); err != nil {
		return err
	}
	if err := r.readers(); err != nil {
		return err
	}
	if err := r.storeItems(); err != nil {
		return err
	}
	if r.facts != nil {
		return r.facts.store()
	}
	return nil
}

// oldItems reads the old feed. It showed news, which have items again; what came from games is not taken.
func (r *run) oldItems(n *reading) error {
	type old struct {
		ID         int64     `db:"id"`
		Type       string    `db:"type"`
		OccurredAt time.Time `db:"occurred_at"`
		Payload    jsonText  `db:"payload_json"`
		Ref        string    `db:"source_ref"`
	}
	return each(r.ctx, r.old["activity"], "act_activity_event", "", "id", func(o old) error {
		r.report.read(kindOldItems)
		var payload struct {
			NewsID string `json:"news_id"`
		}
		if o.Type != "news.posted" {
			r.report.refuse(kindOldItems, "it is of the type "+o.Type+": accounts of games are linked anew", o.Ref)
			return nil
		}
		_ = json.Unmarshal([]byte(o.Payload), &payload) // what cannot be read names nothing
		if payload.NewsID == "" {
			r.report.refuse(kindOldItems, "it names no news", o.Ref)
			return nil
		}
		n.twins[payload.NewsID] = twin{o.ID, o.OccurredAt}
		return nil
	})
}

type oldNews struct {
	ID         uuid.UUID `db:"id"`
	Tenant     uuid.UUID `db:"tenant_id"`
	Author     uuid.UUID `db:"author_user_id"`
	Title      string    `db:"title"`
	Body       string    `db:"body"`
	Tags       jsonText  `db:"tags_json"`
	Media      jsonText  `db:"media_json"`
	Visibility string    `db:"visibility"`
	ScopeType  string    `db:"scope_type"`
	ScopeID    string    `db:"scope_id"`
	CreatedAt  time.Time `db:"created_at"`
	UpdatedAt  time.Time `db:"updated_at"`
	Status     string    `db:"status"` // empty in the version that had no drafts
}

func (r *run) news(n *reading) error {
	posts, err := r.into("activity", "news_posts", kindNews, "tenant_id, id", "tenant_id", "id", "author_id", "title", "body", "search_text", "tags", "media", "visibility", "scope_type",
		"scope_id", "status", "published_at", "age", "created_at", "updated_at", "version", "comments_count", "reactions_count", "views_count")
	if err != nil {
		return err
	}
	err = each(r.ctx, r.old["activity"], "act_news_post", "", "created_at, id", func(o oldNews) error {
		home, ok := r.home(kindNews, o.Tenant, o.ID.String())
		if !ok {
			return nil
		}
		return r.newsPost(n, posts, home, o)
	})
	if err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(n.twins)) {
		if post, err := uuid.Parse(id); err != nil || n.posts[post] == uuid.Nil {
			r.report.refuse(kindOldItems, "the news that it showed is not there", id)
		}
	}
	return r.aboutNews(n, posts)
}

func (r *run) newsPost(n *reading, posts *table, home uuid.UUID, o oldNews) error {
	which := o.ID.String()
	title, body := r.line(kindNews, which, "title", o.Title, domain.MaxNewsTitle), r.text(kindNews, which, "body", o.Body, domain.MaxNewsBody)
	if body == "" {
		if title == "" {
			r.report.refuse(kindNews, "it says nothing", which)
			return nil
		}
		body = title
		r.report.change(kindNews, "it had no body: it has its title", which)
	}
	scopeType, scopeID, ok := r.scope(home, o.ScopeType, o.ScopeID)
	if !ok {
		scopeType, scopeID, o.Visibility = "TENANT", home, "private"
		r.report.change(kindNews, "what it belongs to is nothing that there is: only its author sees it", which+", of "+o.ScopeType+" "+o.ScopeID)
	}
	visibility := r.sight(kindNews, o.Visibility, scopeType, which)
	status := o.Status
	if status == "" {
		status = "published"
	}
	if status != "published" && status != "draft" {
		r.report.change(kindNews, "its status is none that there is: it is a draft", which+": "+status)
		status = "draft"
	}
	old, shown := n.twins[which]
	published, age := any(nil), 0.0
	at := o.CreatedAt
	if status == "published" {
		if shown {
			at = timeOr(old.at, at)
		} else {
			r.report.change(kindNews, "the old feed did not show it: the feed does", which)
		}
		published, age = at, float64(at.UnixMicro())/float64(domain.RankHalf.Microseconds())
	}
	author := r.author(kindNews, o.Author, which)
	n.posts[o.ID] = home
	err := posts.add(home, o.ID, author, title, body, fold(title+"\n"+body), r.tags(which, o.Tags), r.media(which, o.Media), visibility, scopeType, scopeID, status, published, age,
		o.CreatedAt, timeOr(o.UpdatedAt, o.CreatedAt), 1, 0, 0, 0)
	if err != nil || status != "published" {
		return err
	}
	heading := title
	if heading == "" {
		heading = beginning(body, 120)
	}
	i := item{
		id: old.id, tenant: home, ref: "news:" + which, kind: "news.posted", actor: author, at: at, title: heading, visibility: visibility, scopeType: scopeType, scopeID: scopeID,
		link: "/news/" + which, payload: map[string]any{"news_id": which},
	}
	if err := r.fact(wrote(rule.NewsPosted, i, o.ID)); err != nil {
		return err
	}
	return r.feed(i)
}

// tags are texts of a JSON list in the form of tags.
func (r *run) tags(which string, document jsonText) []string {
	var list []string
	if json.Unmarshal([]byte(document), &list) != nil {
		r.report.change(kindNews, "tags: are no list of texts, and are left out", which)
		return []string{}
	}
	kept := []string{}
	for _, tag := range list {
		fields := errs.Fields{}
		if one := domain.CleanTags(fields, []string{tag}); len(fields) == 0 {
			kept = append(kept, one...)
		}
	}
	kept = domain.CleanTags(errs.Fields{}, kept)
	if kept = kept[:min(len(kept), domain.MaxNewsTags)]; len(kept) < len(list) {
		r.report.change(kindNews, "tags: some are none, or too many, and are left out", which)
	}
	return kept
}

// media are the videos of a post. Pictures are files that the import does not see.
func (r *run) media(which string, document jsonText) string {
	var list []map[string]any
	if json.Unmarshal([]byte(document), &list) != nil {
		r.report.change(kindNews, "media: are no list, and are left out", which)
		return "[]"
	}
	kept := []map[string]any{}
	for _, m := range list {
		text := func(name string) string { s, _ := m[name].(string); return s }
		if text("type") != "youtube" {
			r.report.change(kindNews, "a picture does not come along", which+": "+beginning(text("key"), 120))
			continue
		}
		if _, ok := domain.VideoURL(text("url"), text("video_id")); !ok || len(kept) == domain.MaxNewsMedia {
			r.report.change(kindNews, "a video is none that can be shown, and is left out", which+": "+beginning(text("url"), 120))
			continue
		}
		kept = append(kept, map[string]any{"kind": "youtube", "video_id": text("video_id"), "title": r.line(kindNews, which, "title of a video", text("title"), domain.MaxNewsTitle)})
	}
	return jsonOf(kept)
}

// aboutNews takes reactions, comments, likes and views, and counts them: the counts of the old system were not right.
func (r *run) aboutNews(n *reading, posts *table) error {
	reactions, err := r.into("activity", "news_reactions", kindReactions, "tenant_id, post_id, user_id, emoji", "tenant_id", "post_id", "user_id", "emoji", "created_at")
	if err != nil {
		return err
	}
	views, err := r.into("activity", "news_views", kindViews, "tenant_id, post_id, user_id", "tenant_id", "post_id", "user_id", "first_viewed_at", "last_viewed_at")
	if err != nil {
		return err
	}
	counts, err := r.into("activity", "news_reaction_counts", "", "tenant_id, post_id, emoji", "tenant_id", "post_id", "emoji", "count")
	if err != nil {
		return err
	}
	const post = "EXISTS (SELECT FROM news_posts p WHERE p.tenant_id = s.tenant_id AND p.id = s.post_id)"
	reactions.requires, views.requires, counts.requires = post, post, post
	type old struct {
		Tenant    uuid.UUID `db:"tenant_id"`
		Post      uuid.UUID `db:"post_id"`
		User      uuid.UUID `db:"user_id"`
		Emoji     string    `db:"emoji"`
		CreatedAt time.Time `db:"created_at"`
		First     time.Time `db:"first_viewed_at"`
		Last      time.Time `db:"last_viewed_at"`
	}
	err = each(r.ctx, r.old["activity"], "act_news_reaction", "", "id", func(o old) error {
		which := fmt.Sprintf("%s of %s to %s", o.Emoji, o.User, o.Post)
		if home, ok := r.ofNews(kindReactions, n, o.Tenant, o.Post, o.User, which); ok {
			if !valid.Emoji(o.Emoji) {
				r.report.refuse(kindReactions, "it is no emoji", which)
				return nil
			}
			return reactions.add(home, o.Post, o.User, o.Emoji, o.CreatedAt)
		}
		return nil
	})
	if err != nil {
		return err
	}
	err = each(r.ctx, r.old["activity"], "act_news_post_view", "", "id", func(o old) error {
		if home, ok := r.ofNews(kindViews, n, o.Tenant, o.Post, o.User, o.User.String()+" of "+o.Post.String()); ok {
			return views.add(home, o.Post, o.User, o.First, timeOr(o.Last, o.First))
		}
		return nil
	})
	if err != nil {
		return err
	}
	comments, likes, err := r.comments(n)
	if err != nil {
		return err
	}
	for _, t := range []*table{posts, reactions, views, comments, likes} {
		if err := t.copy.Flush(r.ctx); err != nil {
			return err
		}
	}
	for _, statement := range []string{
		"UPDATE import_news_posts p SET reactions_count = c.n FROM (SELECT post_id, count(*) AS n FROM import_news_reactions GROUP BY 1) AS c WHERE c.post_id = p.id",
		"UPDATE import_news_posts p SET views_count = c.n FROM (SELECT post_id, count(*) AS n FROM import_news_views GROUP BY 1) AS c WHERE c.post_id = p.id",
		"UPDATE import_news_posts p SET comments_count = c.n FROM (SELECT post_id, count(*) AS n FROM import_news_comments WHERE deleted_at IS NULL GROUP BY 1) AS c WHERE c.post_id = p.id",
		"UPDATE import_news_comments p SET replies_count = c.n FROM (SELECT parent_id, count(*) AS n FROM import_news_comments GROUP BY 1) AS c WHERE c.parent_id = p.id",
		"UPDATE import_news_comments p SET likes_count = c.n FROM (SELECT comment_id, count(*) AS n FROM import_news_comment_likes GROUP BY 1) AS c WHERE c.comment_id = p.id",
		"INSERT INTO import_news_reaction_counts SELECT tenant_id, post_id, emoji, count(*) FROM import_news_reactions GROUP BY 1, 2, 3",
	} {
		if _, err := r.exec("activity", statement); err != nil {
			return err
		}
	}
	if err := store(posts, reactions); err != nil {
		return err
	}
	if err := counts.storeStaged(); err != nil {
		return err
	}
	if err := store(views, comments, likes); err != nil {
		return err
	}
	return r.advance("activity", "news_comments", "id")
}

// ofNews finds the tenant of what a person did about a post.
func (r *run) ofNews(kind string, n *reading, tenant, post, user uuid.UUID, which string) (uuid.UUID, bool) {
	home, ok := r.home(kind, tenant, which)
	switch at, found := n.posts[post]; {
	case !ok:
	case !found:
		r.report.refuse(kind, noParent, which)
	case at != home:
		r.report.refuse(kind, otherTenant, which)
	case user != uuid.Nil && r.users[user] == nil && kind != kindComments:
		r.report.refuse(kind, noPerson, which)
	default:
		return home, true
	}
	return home, false
}
