package app

import (
	"context"

	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/blob"
	"go.updspace.com/libs/idempotency"
	"go.updspace.com/libs/upload"
	"go.updspace.com/portal/content/domain"
	"go.updspace.com/portal/content/ports"
	portal "go.updspace.com/portal/ports"
)

// Deps are the ports that the use cases are built on.
type Deps struct {
	Access   authz.Checker
	Posts    ports.Posts
	Targets  ports.PostTargets
	Roles    ports.GroupRoles
	Files    ports.Files
	Profiles ports.Profiles
	People   ports.People
	Public   ports.PublicCards
	Quota    ports.Quota
	Accounts ports.Accounts
	Blobs    blob.Store
	Receiver upload.Receiver
	Avatars  ports.Avatars
	Markdown ports.Markdown
	Events   ports.Events
	Audit    portal.AuditLog
	Tx       portal.Tx
	Once     idempotency.Requests
	Clock    portal.Clock
}

// require refuses callers who do not hold a permission in the tenant.
func (d Deps) require(ctx context.Context, by authz.Actor, permission authz.Permission) error {
	return authz.Require(ctx, d.Access, authz.Check{Permission: permission, Scope: authz.TenantScope(by.Tenant)})
}

// recordPost publishes a change of a post and writes it to the audit log, in the transaction of the change.
func (d Deps) recordPost(ctx context.Context, event domain.PostEvent) error {
	post := event.Post.Data()
	err := d.Audit.Write(ctx, audit.Entry{
		Action: "post." + string(event.Happened), TargetType: "post", TargetID: post.ID.String(), At: d.Clock.Now(),
		Metadata: map[string]any{
			"visibility": string(post.Visibility), "attachments": len(post.Attachments), "own": event.Post.WrittenBy(event.By),
		},
	})
	if err != nil {
		return err
	}
	return d.Events.Publish(ctx, event)
}

// recordProfile publishes a change of a profile by its user. The audit log names the changed fields, not their values.
func (d Deps) recordProfile(ctx context.Context, event domain.ProfileUpdated) error {
	err := d.Audit.Write(ctx, audit.Entry{
		Action: "profile.updated", TargetType: "profile", TargetID: event.By.String(), At: d.Clock.Now(),
		Metadata: map[string]any{"changed_fields": event.Changed},
	})
	if err != nil {
		return err
	}
	return d.Events.Publish(ctx, event)
}
