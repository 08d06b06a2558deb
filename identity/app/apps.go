package app

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/audit"
)

// maxApps is how many applications a list has.
const maxApps = 200

// Apps lists the applications that a user has allowed something.
func (o *Own) Apps(ctx context.Context, user uuid.UUID) ([]domain.ConnectedApp, error) {
	return o.Consents.Apps(ctx, user, o.Clock.Now(), maxApps)
}

// RevokeApp ends what an application may do: its tokens, codes and the remembered consent.
func (o *Own) RevokeApp(ctx context.Context, user uuid.UUID, client string) error {
	if !domain.ValidClientID(client) {
		return domain.ErrAppUnknown
	}
	return o.Tx.Platform(ctx, func(ctx context.Context) error {
		if err := o.Consents.Forget(ctx, user, client, o.Clock.Now()); err != nil {
			return err
		}
		return o.Recorder.add(ctx, audit.Entry{Actor: by(user), Action: domain.ActionGrantRevoked, TargetType: "client", TargetID: client})
	})
}
