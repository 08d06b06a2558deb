package importer

import (
	"time"

	"github.com/google/uuid"

	"go.updspace.com/gamification/rule"
	"go.updspace.com/portal/content/domain"
)

type oldPost struct {
	ID         uuid.UUID `db:"id"`
	Tenant     uuid.UUID `db:"tenant_id"`
	Community  uuid.UUID `db:"community_id"`
	Team       uuid.UUID `db:"team_id"`
	Title      string    `db:"title"`
	Body       string    `db:"body"`
	Visibility string    `db:"visibility"`
	CreatedBy  uuid.UUID `db:"created_by"`
	CreatedAt  time.Time `db:"created_at"`
}

// posts takes posts. They are rendered when they are read for the first time.
func (r *run) posts() error {
	t, err := r.into("portal", "posts", kindPosts, "tenant_id, id", "tenant_id", "id", "community_id", "team_id", "title", "body", "body_html", "excerpt_html", "rendered_by",
		"visibility", "attachments", "created_by", "created_at", "updated_at", "version", "folded")
	if err != nil {
		return err
	}
	t.requires = `(s.community_id IS NULL OR EXISTS (SELECT FROM groups g WHERE g.tenant_id = s.tenant_id AND g.id = s.community_id))
		AND (s.team_id IS NULL OR EXISTS (SELECT FROM groups g WHERE g.tenant_id = s.tenant_id AND g.community_id = s.community_id AND g.id = s.team_id))`
	err = each(r.ctx, r.old["portal"], "portal_post", "", "created_at, id", func(o oldPost) error {
		which := o.ID.String()
		home, ok := r.home(kindPosts, o.Tenant, which)
		if !ok {
			return nil
		}
		title, body := r.line(kindPosts, which, "title", o.Title, domain.MaxPostTitle), r.text(kindPosts, which, "body", o.Body, domain.MaxPostBody)
		if title == "" && body == "" {
			r.report.refuse(kindPosts, "it says nothing", which)
			return nil
		}
		community, team, visibility, reason := r.placeOfPost(home, o)
		if reason != "" {
			r.report.refuse(kindPosts, reason, which)
			return nil
		}
		r.places[o.ID], r.tenantsOf[o.ID] = "POST", home
		if err := t.add(home, o.ID, idOrNull(community), idOrNull(team), title, body, "", "", "", visibility, 0, r.author(kindPosts, o.CreatedBy, which), o.CreatedAt, o.CreatedAt, 1,
			beginning(fold(title+"\n"+beginning(body, 1000)), 2000)); err != nil {
			return err
		}
		if visibility == "private" {
			return nil
		}
		item := item{tenant: home, ref: "post:" + which, kind: "post.created", actor: o.CreatedBy, at: o.CreatedAt, title: title, visibility: visibility, scopeType: "TENANT", scopeID: home,
			link: "/posts/" + which, payload: map[string]any{"post_id": which}}
		if community != uuid.Nil {
			item.scopeType, item.scopeID, item.payload["community_id"] = "COMMUNITY", community, community.String()
		}
		if team != uuid.Nil {
			item.scopeType, item.scopeID, item.payload["team_id"] = "TEAM", team, team.String()
		}
		if err := r.fact(wrote(rule.PostWritten, item, o.ID)); err != nil {
			return err
		}
		return r.feed(item)
	})
	if err != nil {
		return err
	}
	return t.store()
}

// placeOfPost is where a post belongs and who sees it, or why it cannot be taken.
func (r *run) placeOfPost(home uuid.UUID, o oldPost) (community, team uuid.UUID, visibility, reason string) {
	which := o.ID.String()
	c, inCommunity := r.groups[o.Community]
	t, inTeam := r.groups[o.Team]
	if inCommunity && c.tenant != home || inTeam && t.tenant != home {
		return community, team, "", otherTenant
	}
	switch o.Visibility {
	case "public":
		if o.Community != uuid.Nil || o.Team != uuid.Nil {
			r.report.change(kindPosts, "it was public in a community: it is the tenant's now, whom all see", which)
		}
		return community, team, "public", ""
	case "community":
		if inCommunity {
			return o.Community, team, "community", ""
		}
	case "team":
		if inTeam {
			return t.community, o.Team, "team", ""
		}
	case "private":
		return community, team, "private", ""
	}
	r.report.change(kindPosts, "its audience is none that there is: only its author sees it", which+": "+o.Visibility)
	return community, team, "private", ""
}

func idOrNull(id uuid.UUID) any {
	if id == uuid.Nil {
		return nil
	}
	return id
}
