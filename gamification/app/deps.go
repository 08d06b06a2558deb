// Package app holds the use cases: authorise, apply the rules, call the ports.
package app

import (
	"context"

	"go.updspace.com/gamification/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/blob"
	"go.updspace.com/libs/groups"
	"go.updspace.com/libs/idempotency"
)

// Deps are the ports that the use cases are built on.
type Deps struct {
	Access        authz.Checker
	Categories    ports.Categories
	Achievements  ports.Achievements
	Grants        ports.Grants
	Nominations   ports.Nominations
	Members       ports.Members
	Rules         ports.Rules
	Facts         ports.Facts
	Rewards       ports.Rewards
	Roles         ports.Roles
	Badges        ports.Badges
	BadgeKeys     ports.BadgeKeys
	BadgePictures ports.BadgePictures
	StatusLists   ports.StatusLists
	Issuers       ports.Issuers
	Images        ports.Images
	Pictures      ports.Pictures
	Blobs         blob.Store
	Points        ports.Points
	Levels        ports.Levels
	Seasons       ports.Seasons
	Groups        groups.Store
	Events        ports.Events
	Audit         ports.AuditLog
	Tx            ports.Tx
	Once          idempotency.Requests
	Clock         ports.Clock
}

// require refuses callers who do not hold a permission in the scope of their tenant.
func (d Deps) require(ctx context.Context, by authz.Actor, permission authz.Permission) error {
	return authz.Require(ctx, d.Access, authz.Check{Permission: permission, Scope: authz.TenantScope(by.Tenant)})
}
