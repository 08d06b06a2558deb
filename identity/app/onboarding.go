package app

import (
	"go.updspace.com/identity/ports"
)

// The names of the limits of onboarding.
const (
	limitApplications = "application"
	limitInvitations  = "invitation"
	limitInviters     = "inviter"
)

// Onboarding is what applications and invitations need besides.
type Onboarding struct {
	Forms             ports.ApplicationForms
	Applications      ports.Applications
	Invitations       ports.Invitations
	Registrations     ports.Registrations
	Claims            ports.Claims
	ApplicationEvents ports.ApplicationEvents
	Origin            func(slug string) string // of the pages of a tenant
}
