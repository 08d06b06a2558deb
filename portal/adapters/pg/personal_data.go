package pg

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/personaldata"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/valid"
	"go.updspace.com/libs/wire"
	contentdomain "go.updspace.com/portal/content/domain"
	contentports "go.updspace.com/portal/content/ports"
	groupsapp "go.updspace.com/portal/groups/app"
	"go.updspace.com/portal/ports"
)

// Erasers are the parts that an erasure needs besides the database.
type Erasers struct {
	Departures groupsapp.Departures
	Markdown   contentports.Markdown
	Events     contentports.Events
	Clock      ports.Clock
}

// PersonalData lists what portal stores about a user. Groups are erased first, because every transaction locks communities
// before anything else.
func PersonalData(db *pg.DB, e Erasers) []personaldata.Section {
	const withMemberships = "Erased with the memberships."
	return slices.Concat(personaldata.Kit(db), []personaldata.Section{
		{
			Name: "community_memberships", Columns: []string{"memberships.user_id"}, Read: memberships(db, authz.ScopeCommunity),
			Erase: func(ctx context.Context, user uuid.UUID) (personaldata.Erased, error) {
				erased, err := e.Departures.Erase(ctx, user)
				return personaldata.Erased{Count: erased.CommunityMemberships, Also: map[string]int64{
					"team_memberships": erased.TeamMemberships, "communities_created": erased.Communities, "teams_created": erased.Teams,
				}}, err
			},
		},
		{Name: "team_memberships", Read: memberships(db, authz.ScopeTeam), Reason: withMemberships},
		{
			Name: "communities_created", Read: groupsCreated(db, authz.ScopeCommunity), Reason: withMemberships,
			Columns: []string{"groups.created_by", "groups.name", "groups.description", "groups.folded_name", "groups.folded"},
		},
		{Name: "teams_created", Read: groupsCreated(db, authz.ScopeTeam), Reason: withMemberships},
		{
			Name: "join_requests", Columns: []string{"join_requests.user_id", "join_requests.message", "join_requests.decided_by"}, Reason: withMemberships,
			Read: personaldata.ByID(list[joinRequestRow](db, "r.id", "r.user_id = ?0"), func(r joinRequestRow) uuid.UUID { return r.ID },
				func(r joinRequestRow) map[string]any {
					return map[string]any{"id": r.ID, "scope_id": r.Scope.ID, "message": r.Message, "status": r.Status, "created_at": r.CreatedAt}
				}),
		},
		{
			Name: "invites", Columns: []string{"invites.user_id", "invites.maker_user", "invite_links.maker_user"}, Reason: withMemberships,
			Read: personaldata.ByID(list[inviteRow](db, "i.id", "i.user_id = ?0"), func(r inviteRow) uuid.UUID { return r.ID },
				func(r inviteRow) map[string]any {
					return map[string]any{"id": r.ID, "scope_id": r.Scope.ID, "role": r.Role, "status": r.Status, "created_at": r.CreatedAt}
				}),
		},
		{
			Name: "bans", Columns: []string{"bans.user_id", "bans.reason", "bans.created_by"}, Reason: withMemberships,
			Read: personaldata.ByID(list[banRow](db, "b.scope_id", "b.user_id = ?0"), func(r banRow) uuid.UUID { return r.Scope.ID },
				func(r banRow) map[string]any {
					return map[string]any{"scope_id": r.Scope.ID, "reason": r.Reason, "until": wire.TimeOrNull(r.Until), "created_at": r.CreatedAt}
				}),
		},
		{
			Name: "profile", Columns: []string{
				"profiles.user_id", "profiles.username", "profiles.username_key", "profiles.display_name", "profiles.first_name", "profiles.last_name",
				"profiles.folded", "profiles.name_key", "profiles.bio", "profiles.avatar_id",
				"accounts.user_id", "accounts.username", "accounts.display_name", "accounts.first_name", "accounts.last_name",
			},
			Read:  personaldata.Single(NewProfiles(db).Find, profileData),
			Erase: personaldata.Counted(eraseProfile(db, e)),
			After: NewAccounts(db).Forget,
		},
		{
			Name: "posts", Columns: []string{"posts.created_by", "posts.title", "posts.body", "posts.body_html", "posts.excerpt_html", "posts.folded"},
			Read: personaldata.ByID(list[postRow](db, "p.id", "p.created_by = ?0 AND p.deleted_at IS NULL", withFiles),
				func(r postRow) uuid.UUID { return r.ID }, postData),
			Erase: personaldata.Counted(redactPosts(db, e)),
		},
		{
			Name: "files", Columns: []string{"files.owner_id", "files.name", "files.digest", "files.alt_text"}, Reason: "Attachments are exported with their posts.",
			Erase: personaldata.Counted(func(ctx context.Context, user uuid.UUID) (int64, error) {
				return 0, discardFiles(ctx, db, "owner_id = ?1", user, e.Clock.Now())
			}),
		},
	})
}

// read is the Read of a section.
type read = func(ctx context.Context, user uuid.UUID, after string, limit int) ([]personaldata.Item, error)

func memberships(db *pg.DB, kind authz.ScopeType) read {
	ofUser := "m.user_id = ?0 AND m.status = 'active' AND m.scope_type = '" + string(kind) + "'"
	return personaldata.ByID(list[membershipRow](db, "m.scope_id", ofUser),
		func(r membershipRow) uuid.UUID { return r.Scope.ID }, func(r membershipRow) map[string]any {
			return map[string]any{"scope_id": r.Scope.ID, "community_id": r.CommunityID, "role": r.Role, "joined_at": r.JoinedAt}
		})
}

func groupsCreated(db *pg.DB, kind authz.ScopeType) read {
	return personaldata.ByID(list[groupRow](db, "g.id", "g.created_by = ?0 AND g.kind = '"+string(kind)+"'"),
		func(r groupRow) uuid.UUID { return r.ID }, func(r groupRow) map[string]any {
			return map[string]any{"id": r.ID, "name": r.Name, "description": r.Description, "status": r.Status, "created_at": r.CreatedAt}
		})
}

func profileData(p contentdomain.Profile) map[string]any {
	d := p.Data()
	return map[string]any{
		"username": d.Username, "display_name": d.DisplayName, "first_name": d.FirstName, "last_name": d.LastName, "bio": d.Bio,
		"listed_to_guests": d.ListedToGuests,
		"created_at":       d.CreatedAt, "updated_at": d.UpdatedAt,
	}
}

func postData(r postRow) map[string]any {
	files := wire.Each(r.toDomain().Data().Attachments, func(f contentdomain.File) map[string]any {
		return map[string]any{"name": f.Data().Name, "alt_text": f.Data().AltText}
	})
	return map[string]any{
		"id": r.ID, "community_id": r.CommunityID, "team_id": r.TeamID, "title": r.Title, "body": r.Body,
		"visibility": r.Visibility, "attachments": files, "created_at": r.CreatedAt, "updated_at": r.UpdatedAt,
	}
}

// list reads the rows of a user in the order of an id.
func list[R any](
	db *pg.DB, id, ofUser string, columns ...string,
) func(ctx context.Context, user, after uuid.UUID, limit int) ([]R, error) {
	return func(ctx context.Context, user, after uuid.UUID, limit int) ([]R, error) {
		return pg.Many(ctx, db, func(r *R) R { return *r }, func(q *bun.SelectQuery) *bun.SelectQuery {
			q = q.ColumnExpr("?TableColumns")
			for _, column := range columns {
				q = q.ColumnExpr(column)
			}
			return q.Where(ofUser, user).Where("? > ?", bun.Safe(id), after).OrderExpr(id).Limit(int64(limit))
		})
	}
}

// change runs statements with the tenant as ?0 and the other arguments from ?1 on, and counts the rows that the last one changed.
func change(ctx context.Context, db *pg.DB, statements []string, args ...any) (n int64, err error) {
	args = append([]any{reqctx.From(ctx).TenantID}, args...)
	for _, statement := range statements {
		result, err := db.Conn(ctx).NewRaw(statement, args...).Exec(ctx)
		if err != nil {
			return 0, pg.Error(err)
		}
		if n, err = result.RowsAffected(); err != nil {
			return 0, pg.Error(err)
		}
	}
	return n, nil
}

// GroupTraces is groupsports.Traces.
type GroupTraces struct {
	db *pg.DB
}

// NewGroupTraces finds and erases in db.
func NewGroupTraces(db *pg.DB) *GroupTraces { return &GroupTraces{db: db} }

// Communities returns communities with a row that names a user. Ended memberships stay, because versions must not go back.
func (r *GroupTraces) Communities(ctx context.Context, user uuid.UUID, limit int) (communities []uuid.UUID, err error) {
	err = r.db.Read(ctx, func(ctx context.Context) error {
		return pg.Error(r.db.Conn(ctx).NewRaw(`
			SELECT community_id FROM memberships WHERE tenant_id = ?0 AND user_id = ?1 AND status = 'active'
			UNION SELECT community_id FROM groups WHERE tenant_id = ?0 AND created_by = ?1
			UNION SELECT community_id FROM join_requests WHERE tenant_id = ?0 AND (user_id = ?1 OR decided_by = ?1)
			UNION SELECT community_id FROM invites WHERE tenant_id = ?0 AND (user_id = ?1 OR maker_user = ?1)
			UNION SELECT community_id FROM invite_links WHERE tenant_id = ?0 AND maker_user = ?1
			UNION SELECT community_id FROM bans WHERE tenant_id = ?0 AND (user_id = ?1 OR created_by = ?1)
			ORDER BY community_id LIMIT ?2`, reqctx.From(ctx).TenantID, user, limit).Scan(ctx, &communities))
	})
	return communities, err
}

// Erase deletes rows about a user, and puts the zero id in the place of the user in rows about others.
func (r *GroupTraces) Erase(ctx context.Context, community, user uuid.UUID) (communities, teams int64, err error) {
	const here = " WHERE tenant_id = ?0 AND community_id = ?1 AND "
	const makers = "UPDATE groups SET created_by = ?3" + here + "created_by = ?2 AND kind = "
	communities, err = change(ctx, r.db, []string{
		"DELETE FROM join_requests" + here + "user_id = ?2",
		"DELETE FROM invites" + here + "user_id = ?2",
		"DELETE FROM bans" + here + "user_id = ?2",
		"UPDATE join_requests SET decided_by = ?3" + here + "decided_by = ?2",
		"UPDATE invites SET maker_user = ?3" + here + "maker_user = ?2",
		"UPDATE invite_links SET maker_user = ?3" + here + "maker_user = ?2",
		"UPDATE bans SET created_by = ?3" + here + "created_by = ?2",
		makers + "'COMMUNITY'",
	}, community, user, uuid.Nil)
	if err != nil {
		return 0, 0, err
	}
	teams, err = change(ctx, r.db, []string{makers + "'TEAM'"}, community, user, uuid.Nil)
	return communities, teams, err
}

// eraseProfile deletes the profile of a user and publishes it without names.
func eraseProfile(db *pg.DB, e Erasers) func(context.Context, uuid.UUID) (int64, error) {
	return func(ctx context.Context, user uuid.UUID) (int64, error) {
		tenant := reqctx.From(ctx).TenantID
		n, err := change(ctx, db, []string{"DELETE FROM profiles WHERE tenant_id = ?0 AND user_id = ?1"}, user)
		if err != nil || n == 0 {
			return 0, err
		}
		return n, e.Events.Publish(ctx, contentdomain.ProfileUpdated{
			Profile: contentdomain.RestoreProfile(contentdomain.ProfileData{TenantID: tenant, UserID: user}),
			Changed: []string{"username", "display_name", "first_name", "last_name", "bio", "avatar_url"},
		})
	}
}

// What replaces the text of an erased author.
const (
	erasedTitle = "[deleted]"
	erasedBody  = "[deleted by user request]"
)

// redactPosts removes the author, the text and the attachments, of any uploader, from the posts of a user. Deleted posts are
// removed before their time.
func redactPosts(db *pg.DB, e Erasers) func(context.Context, uuid.UUID) (int64, error) {
	return func(ctx context.Context, user uuid.UUID) (int64, error) {
		now := valid.Instant(e.Clock.Now())
		body, err := e.Markdown.Render(erasedBody)
		if err != nil {
			return 0, err
		}
		const posts = "posts WHERE tenant_id = ?0 AND created_by = ?1"
		if err := discardFiles(ctx, db, "post_id IN (SELECT id FROM "+posts+")", user, now); err != nil {
			return 0, err
		}
		if _, err := change(ctx, db, []string{"DELETE FROM " + posts + " AND deleted_at IS NOT NULL"}, user); err != nil {
			return 0, err
		}
		var rows []postRow
		_, err = db.Conn(ctx).NewUpdate().Model(&rows).Set("created_by = ?", uuid.Nil).Set("title = ?", erasedTitle).Set("body = ?", erasedBody).
			Set("folded = ?", foldedPost(erasedTitle, erasedBody)).
			Set("body_html = ?", body.HTML).Set("excerpt_html = ?", body.Excerpt).Set("rendered_by = ?", body.By).Set("attachments = 0").
			Set("version = p.version + 1").Set("updated_at = ?", now).Where("created_by = ?", user).Returning("?TableColumns").Exec(ctx)
		if err != nil {
			return 0, pg.Error(err)
		}
		for i := range rows {
			event := contentdomain.PostEvent{Happened: contentdomain.Updated, Post: rows[i].toDomain()}
			if err := e.Events.Publish(ctx, event); err != nil {
				return 0, err
			}
		}
		return int64(len(rows)), nil
	}
}

// discardFiles marks files for the cleanup, which removes the content first.
func discardFiles(ctx context.Context, db *pg.DB, which string, user uuid.UUID, at time.Time) error {
	_, err := change(ctx, db, []string{`UPDATE files SET discarded_at = ?2, post_id = NULL, in_use = FALSE
		WHERE tenant_id = ?0 AND discarded_at IS NULL AND ` + which}, user, at)
	return err
}
