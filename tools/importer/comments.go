package importer

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/activity/domain"
)

type oldComment struct {
	ID        int64     `db:"id"`
	Tenant    uuid.UUID `db:"tenant_id"`
	Post      uuid.UUID `db:"post_id"`
	User      uuid.UUID `db:"user_id"`
	Body      string    `db:"body"`
	CreatedAt time.Time `db:"created_at"`
	DeletedAt time.Time `db:"deleted_at"`
	Parent    int64     `db:"parent_id"`
}

// comments stages comments, which keep their numbers, and their likes.
func (r *run) comments(n *reading) (comments, likes *table, err error) {
	comments, err = r.into("activity", "news_comments", kindComments, "tenant_id, id, post_id, author_id", "tenant_id", "id", "post_id", "parent_id", "author_id", "body",
		"likes_count", "replies_count", "created_at", "deleted_at")
	if err != nil {
		return nil, nil, err
	}
	comments.requires = "EXISTS (SELECT FROM news_posts p WHERE p.tenant_id = s.tenant_id AND p.id = s.post_id)"
	deleted := map[int64]bool{}
	err = each(r.ctx, r.old["activity"], "act_news_comment", "", "id", func(o oldComment) error {
		which := fmt.Sprintf("comment %d on %s", o.ID, o.Post)
		home, ok := r.ofNews(kindComments, n, o.Tenant, o.Post, o.User, which)
		if !ok {
			return nil
		}
		body := r.text(kindComments, which, "body", o.Body, domain.MaxComment)
		switch {
		case !o.DeletedAt.IsZero():
			body = ""
			deleted[o.ID] = true
		case body == "":
			r.report.refuse(kindComments, "it says nothing", which)
			return nil
		}
		parent := any(nil)
		if o.Parent != 0 {
			if n.comments[o.Parent] == o.Post {
				parent = o.Parent
			} else {
				r.report.change(kindComments, "what it answers is not there: it is an answer to nothing", which)
			}
		}
		n.comments[o.ID] = o.Post
		return comments.add(home, o.ID, o.Post, parent, r.author(kindComments, o.User, which), body, 0, 0, o.CreatedAt, orNull(o.DeletedAt))
	})
	if err != nil {
		return nil, nil, err
	}
	likes, err = r.into("activity", "news_comment_likes", kindLikes, "tenant_id, comment_id, user_id", "tenant_id", "comment_id", "user_id", "created_at")
	if err != nil {
		return nil, nil, err
	}
	likes.requires = "EXISTS (SELECT FROM news_comments c WHERE c.tenant_id = s.tenant_id AND c.id = s.comment_id)"
	type old struct {
		Tenant    uuid.UUID `db:"tenant_id"`
		Comment   int64     `db:"comment_id"`
		User      uuid.UUID `db:"user_id"`
		CreatedAt time.Time `db:"created_at"`
	}
	return comments, likes, each(r.ctx, r.old["activity"], "act_news_comment_reaction", "", "id", func(o old) error {
		which := fmt.Sprintf("%s of comment %d", o.User, o.Comment)
		if deleted[o.Comment] {
			r.report.read(kindLikes)
			r.report.refuse(kindLikes, "the comment was deleted", which)
			return nil
		}
		if home, ok := r.ofNews(kindLikes, n, o.Tenant, n.comments[o.Comment], o.User, which); ok {
			return likes.add(home, o.Comment, o.User, o.CreatedAt)
		}
		return nil
	})
}

// readers takes what people chose to read, and how far they have read.
func (r *run) readers() error {
	marks, err := r.into("activity", "feed_reads", kindReads, "tenant_id, user_id", "tenant_id", "user_id", "read_to")
	if err != nil {
		return err
	}
	subscriptions, err := r.into("activity", "subscriptions", kindSubscribe, "tenant_id, user_id", "tenant_id", "user_id", "scopes")
	if err != nil {
		return err
	}
	type old struct {
		Tenant uuid.UUID `db:"tenant_id"`
		User   uuid.UUID `db:"user_id"`
		Seen   time.Time `db:"last_seen_at"`
		Rules  jsonText  `db:"rules_json"`
	}
	err = each(r.ctx, r.old["activity"], "act_feed_last_seen", "", "id", func(o old) error {
		home, ok := r.home(kindReads, o.Tenant, o.User.String())
		if !ok {
			return nil
		}
		if r.users[o.User] == nil {
			r.report.refuse(kindReads, noPerson, o.User.String())
			return nil
		}
		return marks.add(home, o.User, timeOr(o.Seen, r.now))
	})
	if err != nil {
		return err
	}
	err = each(r.ctx, r.old["activity"], "act_subscription", "", "id", func(o old) error {
		home, ok := r.home(kindSubscribe, o.Tenant, o.User.String())
		if !ok {
			return nil
		}
		if r.users[o.User] == nil {
			r.report.refuse(kindSubscribe, noPerson, o.User.String())
			return nil
		}
		return subscriptions.add(home, o.User, jsonOf(r.subscribed(home, o.User.String(), o.Rules)))
	})
	if err != nil {
		return err
	}
	return store(marks, subscriptions)
}

type scopeDoc struct {
	Type string    `json:"type"`
	ID   uuid.UUID `json:"id"`
}

// subscribed are the scopes of a subscription that there are.
func (r *run) subscribed(home uuid.UUID, which string, rules jsonText) []scopeDoc {
	var old struct {
		Scopes []struct {
			Type string `json:"scope_type"`
			ID   string `json:"scope_id"`
		} `json:"scopes"`
	}
	list := []scopeDoc{}
	if json.Unmarshal([]byte(rules), &old) != nil {
		r.report.change(kindSubscribe, "its rules are none that can be read: it is to everything", which)
		return list
	}
	for _, s := range old.Scopes {
		scopeType, id, ok := r.scope(home, s.Type, s.ID)
		if !ok || len(list) == domain.MaxSubscribed {
			r.report.change(kindSubscribe, "a community or team that is not there is left out", which+": "+s.Type+" "+s.ID)
			continue
		}
		list = append(list, scopeDoc{scopeType, id})
	}
	return list
}
