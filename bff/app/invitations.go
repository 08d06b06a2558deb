package app

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/bff/domain"
)

// PreviewInvitation tells what the link of an invitation is for. It changes nothing: links are opened by programs, too.
func (l *Logins) PreviewInvitation(ctx context.Context, tenant domain.Tenant, token string) (domain.Invitation, error) {
	return l.identity.PreviewInvitation(ctx, tenant, token)
}

// AcceptInvitation accepts an invitation and opens a session, in place of the browser's old one. The holder of an account that can sign
// in gets none: the token of the result is empty.
func (l *Logins) AcceptInvitation(ctx context.Context, tenant domain.Tenant, in domain.Acceptance, old domain.Secret) (domain.Accepted, SignedIn, error) {
	accepted, err := l.identity.AcceptInvitation(ctx, tenant, in)
	if err != nil || accepted.SID == uuid.Nil {
		return accepted, SignedIn{}, err
	}
	signedIn, err := l.enter(ctx, tenant, domain.SignIn(accepted), old)
	return accepted, signedIn, err
}
