package importer

import (
	"time"

	"github.com/google/uuid"
)

type oldGrant struct {
	ID          uuid.UUID `db:"id"`
	Tenant      uuid.UUID `db:"tenant_id"`
	Achievement uuid.UUID `db:"achievement_id"`
	Recipient   uuid.UUID `db:"recipient_id"`
	Issuer      uuid.UUID `db:"issuer_id"`
	Reason      string    `db:"reason"`
	Visibility  string    `db:"visibility"`
	CreatedAt   time.Time `db:"created_at"`
	RevokedAt   time.Time `db:"revoked_at"`
	RevokedBy   uuid.UUID `db:"revoked_by"`
}

// grants takes who was granted what, with what was revoked.
func (r *run) grants(a *awards) error {
	t, err := r.into("gamification", "grants", kindGrants, "tenant_id, id", "tenant_id", "id", "achievement_id", "recipient_id", "issuer_id", "reason", "visibility", "single", "created_at",
		"ended_at", "revoked_at", "revoked_by", "revoke_reason")
	if err != nil {
		return err
	}
	t.requires = "EXISTS (SELECT FROM achievements a WHERE a.tenant_id = s.tenant_id AND a.id = s.achievement_id)"
	err = each(r.ctx, r.old["gamification"], "gamification_grant", "", "created_at, id", func(o oldGrant) error {
		which := o.ID.String() + " to " + o.Recipient.String()
		home, ok := r.home(kindGrants, o.Tenant, which)
		of, found := a.achievements[o.Achievement]
		switch {
		case !ok:
			return nil
		case !found:
			r.report.refuse(kindGrants, noParent, which)
			return nil
		case of.tenant != home:
			r.report.refuse(kindGrants, otherTenant, which)
			return nil
		case r.users[o.Recipient] == nil:
			r.report.refuse(kindGrants, noPerson, which)
			return nil
		}
		issuer, visibility := r.author(kindGrants, o.Issuer, which), o.Visibility
		if issuer == o.Recipient {
			r.report.change(kindGrants, "its recipient granted it: it has no issuer", which)
			issuer = uuid.Nil
		}
		if visibility != "public" && visibility != "private" {
			r.report.change(kindGrants, "who sees it is nothing that there is: its recipient does", which+": "+visibility)
			visibility = "private"
		}
		err := t.add(home, o.ID, o.Achievement, o.Recipient, issuer, r.text(kindGrants, which, "reason", o.Reason, 1000), visibility, true, o.CreatedAt, orNull(o.RevokedAt),
			orNull(o.RevokedAt), idOrNull(o.RevokedBy), "")
		if err != nil || !o.RevokedAt.IsZero() {
			return err
		}
		if err := r.fact(holds(home, o.ID, o.Achievement, o.Recipient, o.CreatedAt)); err != nil || visibility != "public" || !of.visible {
			return err
		}
		return r.feed(item{
			tenant: home, ref: "grant:" + o.ID.String(), kind: "achievement.granted", actor: o.Recipient, at: o.CreatedAt, title: of.first(), visibility: "public",
			scopeType: "TENANT", scopeID: home, link: "/achievements/" + o.Achievement.String(),
			payload: map[string]any{"grant_id": o.ID.String(), "achievement_id": o.Achievement.String(), "names": of.names},
		})
	})
	if err != nil {
		return err
	}
	return t.store()
}
