package httpapi

import (
	"context"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity/app"
	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/wire"
)

func (s server) ListKeys(ctx context.Context, _ identityapi.ListKeysRequestObject) (identityapi.ListKeysResponseObject, error) {
	list, err := s.signing.List(ctx)
	return identityapi.ListKeys200JSONResponse{Body: toKeys(list)}, err
}

func (s server) RotateSigningKey(ctx context.Context, r identityapi.RotateSigningKeyRequestObject) (identityapi.RotateSigningKeyResponseObject, error) {
	ctx = app.Because(ctx, r.Body.Reason)
	if err := s.signing.Rotate(ctx, domain.Algorithm(r.Body.Algorithm)); err != nil {
		return nil, err
	}
	list, err := s.signing.List(ctx)
	return identityapi.RotateSigningKey200JSONResponse{Body: toKeys(list)}, err
}

func (s server) RetireSigningKey(ctx context.Context, r identityapi.RetireSigningKeyRequestObject) (identityapi.RetireSigningKeyResponseObject, error) {
	ctx = app.Because(ctx, r.Body.Reason)
	if err := s.signing.Retire(ctx, r.KeyID); err != nil {
		return nil, err
	}
	list, err := s.signing.List(ctx)
	return identityapi.RetireSigningKey200JSONResponse{Body: toKeys(list)}, err
}

func (s server) ResealSecrets(ctx context.Context, r identityapi.ResealSecretsRequestObject) (identityapi.ResealSecretsResponseObject, error) {
	ctx = app.Because(ctx, r.Body.Reason)
	if _, err := s.signing.ResealSome(ctx); err != nil {
		return nil, err
	}
	list, err := s.signing.List(ctx)
	return identityapi.ResealSecrets200JSONResponse{Body: toKeys(list)}, err
}

func toKeys(l app.KeyList) identityapi.Keys {
	return identityapi.Keys{
		Signing: wire.Each(l.Signing, func(k app.ListedKey) identityapi.SigningKey {
			return identityapi.SigningKey{
				ID: k.ID, Algorithm: identityapi.ClientAlgorithm(k.Algorithm), State: identityapi.SigningKeyState(k.State),
				CreatedAt: k.CreatedAt, SignsFrom: k.SignsFrom, SignsTo: k.SignsTo, PublishedTo: k.PublishedTo(),
			}
		}),
		Seal: wire.Each(l.Seal, func(k domain.SealKey) identityapi.SealKey {
			return identityapi.SealKey{ID: k.ID, State: identityapi.SealKeyState(k.State), Secrets: k.Secrets}
		}),
	}
}
