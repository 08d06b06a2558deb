package pg

import (
	"context"
	"slices"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/gamification/ports"
	"go.updspace.com/gamification/rule"
	"go.updspace.com/libs/personaldata"
	"go.updspace.com/libs/pg"
)

// PersonalData lists what the service stores about a user. Achievements are content of the tenant: they stay, without their author.
func PersonalData(db *pg.DB) []personaldata.Section {
	return slices.Concat(personaldata.Kit(db), []personaldata.Section{{
		Name: "achievements",
		Columns: []string{
			"achievements.created_by", "achievements.names", "achievements.description", "achievements.descriptions", "achievements.search_text",
			"achievements.image_alt", "achievements.image_alts", "achievements.image_ids", "achievements.image_small", "achievements.image_medium", "achievements.image_large",
		},
		Read: personaldata.ByID(func(ctx context.Context, user, after uuid.UUID, limit int) ([]domain.Achievement, error) {
			return pg.Many(ctx, db, (*achievementRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
				return pg.PageByID(withCategory(q).Where("a.created_by = ?", user), after, limit)
			})
		}, domain.Achievement.ID, func(a domain.Achievement) map[string]any {
			d := a.Data()
			return map[string]any{
				"achievement_id": d.ID, "names": d.Names, "description": d.Description, "descriptions": d.Descriptions, "category": d.Category.Slug,
				"status": d.Status, "images": []string{d.Images.Small, d.Images.Medium, d.Images.Large}, "image_alt": d.ImageAlt, "image_alts": d.ImageAlts, "created_at": d.CreatedAt,
			}
		}),
		Erase: personaldata.Statements(db, "UPDATE achievements SET created_by = ?2 WHERE tenant_id = ?0 AND created_by = ?1"),
	}, {
		Name: "images", Columns: []string{"images.created_by"}, Reason: "Pictures are content of their achievements.",
		Erase: personaldata.Statements(db, "UPDATE images SET created_by = ?2 WHERE tenant_id = ?0 AND created_by = ?1"),
	}, {
		Name: "facts", Columns: []string{"facts.person_id", "facts.event_id", "facts.source", "facts.kind", "facts.key", "facts.object", "facts.fields"},
		Read: personaldata.ByID(func(ctx context.Context, user, after uuid.UUID, limit int) ([]rule.Fact, error) {
			return pg.Many(ctx, db, (*factRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
				return q.Where("f.person_id = ?", user).Where("f.event_id > ?", after).OrderExpr("f.event_id").Limit(int64(limit))
			})
		}, func(f rule.Fact) uuid.UUID { return f.Event }, func(f rule.Fact) map[string]any {
			return map[string]any{"event_id": f.Event, "kind": f.Kind, "about": f.Key, "fields": f.Fields, "happened_at": f.When, "taken_back": f.Undone}
		}),
		Erase: personaldata.Statements(db, "DELETE FROM facts WHERE tenant_id = ?0 AND person_id = ?1"),
	}, {
		Name: "counted_by_rules", Columns: []string{"rule_states.person_id", "rule_states.state"}, Reason: "It is made of the facts.",
		Erase: personaldata.Statements(db, "DELETE FROM rule_states WHERE tenant_id = ?0 AND person_id = ?1"),
	}, {
		Name: "grants_by_rules", Columns: []string{"rule_grants.person_id", "rule_grants.evidence"},
		Read: personaldata.ByID(func(ctx context.Context, user, after uuid.UUID, limit int) ([]ports.RuleGrant, error) {
			return pg.Many(ctx, db, (*ruleGrantRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
				return q.Where("g.person_id = ?", user).Where("g.grant_id > ?", after).OrderExpr("g.grant_id").Limit(int64(limit))
			})
		}, func(g ports.RuleGrant) uuid.UUID { return g.Grant }, func(g ports.RuleGrant) map[string]any {
			return map[string]any{"grant_id": g.Grant, "events": g.Evidence}
		}),
		Erase: personaldata.Statements(db, "DELETE FROM rule_grants WHERE tenant_id = ?0 AND person_id = ?1"),
	}, {
		Name: "rewards_attached", Columns: []string{"rewards.defined_by", "rewards.role_name"},
		Read: personaldata.ByID(func(ctx context.Context, user, after uuid.UUID, limit int) ([]domain.Reward, error) {
			return pg.Many(ctx, db, (*rewardRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
				return q.Where("w.defined_by = ?", user).Where("w.achievement_id > ?", after).OrderExpr("w.achievement_id").Limit(int64(limit))
			})
		}, func(r domain.Reward) uuid.UUID { return r.Achievement }, func(r domain.Reward) map[string]any {
			return map[string]any{"achievement_id": r.Achievement, "role": r.Role.Service + ":" + r.Role.Name, "defined_at": r.DefinedAt}
		}),
		Erase: personaldata.Statements(db, "UPDATE rewards SET defined_by = ?2 WHERE tenant_id = ?0 AND defined_by = ?1"),
	}, {
		// The ledger goes with the person, and so do the sums.
		Name: "points", Columns: []string{"point_entries.person_id", "point_entries.kind"},
		Read: personaldata.ByID(func(ctx context.Context, user, after uuid.UUID, limit int) ([]domain.PointEntry, error) {
			return pg.Many(ctx, db, (*pointEntryRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
				return pg.PageByID(q.Where("e.person_id = ?", user), after, limit)
			})
		}, func(e domain.PointEntry) uuid.UUID { return e.ID }, func(e domain.PointEntry) map[string]any {
			return map[string]any{"entry_id": e.ID, "kind": e.Kind, "points": e.Points, "grant_id": e.GrantID, "achievement_id": e.AchievementID, "created_at": e.CreatedAt}
		}),
		Erase: personaldata.Statements(db, "DELETE FROM point_entries WHERE tenant_id = ?0 AND person_id = ?1"),
	}, {
		Name: "point_totals", Columns: []string{"point_totals.person_id"}, Reason: "They are the sums of the points.",
		Erase: personaldata.Statements(db, "DELETE FROM point_totals WHERE tenant_id = ?0 AND person_id = ?1"),
	}, {
		Name: "season_ranks", Columns: []string{"season_ranks.person_id"},
		Read: personaldata.ByID(func(ctx context.Context, user, after uuid.UUID, limit int) ([]seasonRankRow, error) {
			return pg.Many(ctx, db, func(r *seasonRankRow) seasonRankRow { return *r }, func(q *bun.SelectQuery) *bun.SelectQuery {
				return q.Where("r.person_id = ?", user).Where("r.scope_id = r.tenant_id").Where("r.season_id > ?", after).OrderExpr("r.season_id").Limit(int64(limit))
			})
		}, func(r seasonRankRow) uuid.UUID { return r.SeasonID }, func(r seasonRankRow) map[string]any {
			return map[string]any{"season_id": r.SeasonID, "rank": r.Rank, "points": r.Points}
		}),
		Erase: personaldata.Statements(db, "DELETE FROM season_ranks WHERE tenant_id = ?0 AND person_id = ?1"),
	}, {
		Name: "group_memberships", Columns: []string{"group_members.user_id"}, Reason: "Portal exports the memberships.",
		Erase: personaldata.Statements(db, "DELETE FROM group_members WHERE tenant_id = ?0 AND user_id = ?1"),
	}, {
		Name: "pins", Columns: []string{"pins.user_id", "pins.grant_id"},
		Read: personaldata.ByID(func(ctx context.Context, user, after uuid.UUID, limit int) ([]pinRow, error) {
			return pg.Many(ctx, db, func(row *pinRow) pinRow { return *row }, func(q *bun.SelectQuery) *bun.SelectQuery {
				return q.Where("p.user_id = ?", user).Where("p.grant_id > ?", after).OrderExpr("p.grant_id").Limit(int64(limit))
			})
		}, func(p pinRow) uuid.UUID { return p.GrantID }, func(p pinRow) map[string]any { return map[string]any{"grant_id": p.GrantID, "place": p.Place} }),
		Erase: personaldata.Statements(db, "DELETE FROM pins WHERE tenant_id = ?0 AND user_id = ?1"),
	}, {
		Name: "grants", Columns: []string{"grants.recipient_id"}, Read: grantsOf(db, "g.recipient_id = ?"),
		Erase: personaldata.Statements(db, "DELETE FROM grants WHERE tenant_id = ?0 AND recipient_id = ?1"),
	}, {
		// Without its grant a badge is revoked. Its place in the status lists stays.
		Name: "badges", Columns: []string{"badges.recipient_id", "badges.subject", "badges.name", "badges.language", "badges.credential", "badges.digest"},
		Read:  badgesOf(db),
		Erase: personaldata.Statements(db, "UPDATE badges "+emptied+", subject = ?2 WHERE tenant_id = ?0 AND recipient_id = ?1"),
	}, {
		// The reason is what the issuer wrote about the recipient: it goes with either.
		Name: "grants_issued", Columns: []string{"grants.issuer_id", "grants.reason"}, Read: grantsOf(db, "g.issuer_id = ?"),
		Erase: personaldata.Statements(db, "UPDATE grants SET issuer_id = ?2, reason = '' WHERE tenant_id = ?0 AND issuer_id = ?1"),
	}, {
		Name: "reasons_of_others", Reason: "They are about other recipients. Names are removed from them.",
		Scrub: personaldata.Scrubbed(db, "grants", "reason", "revoke_reason"),
	}, {
		Name: "grants_revoked", Columns: []string{"grants.revoked_by", "grants.revoke_reason"}, Read: grantsOf(db, "g.revoked_by = ?"),
		Erase: personaldata.Statements(db, "UPDATE grants SET revoked_by = ?2, revoke_reason = '' WHERE tenant_id = ?0 AND revoked_by = ?1"),
	}, {
		Name: "nominations", Columns: []string{"nominations.nominee_id"}, Read: nominationsOf(db, "n.nominee_id = ?"),
		Erase: personaldata.Statements(db, "DELETE FROM nominations WHERE tenant_id = ?0 AND nominee_id = ?1"),
	}, {
		Name: "nominations_made", Columns: []string{"nominations.nominator_id", "nominations.text"}, Read: nominationsOf(db, "n.nominator_id = ?"),
		Erase: personaldata.Statements(db, "UPDATE nominations SET nominator_id = ?2, text = '' WHERE tenant_id = ?0 AND nominator_id = ?1"),
	}, {
		Name: "nominations_decided", Columns: []string{"nominations.decided_by", "nominations.decision_reason"}, Read: nominationsOf(db, "n.decided_by = ?"),
		Erase: personaldata.Statements(db, "UPDATE nominations SET decided_by = ?2, decision_reason = '' WHERE tenant_id = ?0 AND decided_by = ?1"),
	}, {
		Name: "nominations_by_others", Reason: "They are about other members. Names are removed from them.",
		Scrub: personaldata.Scrubbed(db, "nominations", "text", "decision_reason"),
	}, {
		// Identity exports the membership; this is what the member has chosen here.
		Name: "leaderboards", Columns: []string{"members.user_id"}, Read: personaldata.ByID(func(ctx context.Context, user, after uuid.UUID, limit int) ([]memberRow, error) {
			return pg.Many(ctx, db, func(m *memberRow) memberRow { return *m }, func(q *bun.SelectQuery) *bun.SelectQuery {
				return q.Where("m.user_id = ?", user).Where("m.user_id > ?", after).Where("NOT m.ranked").Limit(int64(limit))
			})
		}, func(m memberRow) uuid.UUID { return m.UserID }, func(m memberRow) map[string]any {
			return map[string]any{"ranked": m.Ranked}
		}),
		Erase: personaldata.Statements(db, "DELETE FROM members WHERE tenant_id = ?0 AND user_id = ?1"),
	}})
}

func grantsOf(db *pg.DB, ofUser string) func(context.Context, uuid.UUID, string, int) ([]personaldata.Item, error) {
	return personaldata.ByID(func(ctx context.Context, user, after uuid.UUID, limit int) ([]domain.Grant, error) {
		return pg.Many(ctx, db, (*grantRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery { return pg.PageByID(q.Where(ofUser, user), after, limit) })
	}, domain.Grant.ID, func(g domain.Grant) map[string]any {
		d := g.Data()
		return map[string]any{
			"grant_id": d.ID, "achievement_id": d.AchievementID, "reason": d.Reason, "visibility": d.Visibility, "created_at": d.CreatedAt,
			"expires_at": d.ExpiresAt, "revoked_at": d.RevokedAt, "revoke_reason": d.RevokeReason,
		}
	})
}

func badgesOf(db *pg.DB) func(context.Context, uuid.UUID, string, int) ([]personaldata.Item, error) {
	return personaldata.ByID(func(ctx context.Context, user, after uuid.UUID, limit int) ([]badgeRow, error) {
		return pg.Many(ctx, db, plainBadge, func(q *bun.SelectQuery) *bun.SelectQuery {
			return pg.PageByID(q.Where("b.recipient_id = ?", user), after, limit)
		})
	}, func(b badgeRow) uuid.UUID { return b.ID }, func(b badgeRow) map[string]any {
		return map[string]any{
			"badge_id": b.ID, "grant_id": b.GrantID, "achievement_id": b.AchievementID, "subject": b.Subject, "name": b.Name, "language": b.Language,
			"shared": b.Token != nil, "shared_at": b.SharedAt, "credential": b.Credential, "issued_at": b.IssuedAt, "created_at": b.CreatedAt,
		}
	})
}

func nominationsOf(db *pg.DB, ofUser string) func(context.Context, uuid.UUID, string, int) ([]personaldata.Item, error) {
	return personaldata.ByID(func(ctx context.Context, user, after uuid.UUID, limit int) ([]domain.Nomination, error) {
		return pg.Many(ctx, db, (*nominationRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery { return pg.PageByID(q.Where(ofUser, user), after, limit) })
	}, domain.Nomination.ID, func(n domain.Nomination) map[string]any {
		d := n.Data()
		return map[string]any{
			"nomination_id": d.ID, "achievement_id": d.AchievementID, "text": d.Text, "status": d.Status, "created_at": d.CreatedAt, "decision_reason": d.DecisionReason,
		}
	})
}
