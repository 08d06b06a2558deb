package httpapi

import (
	"context"
	"encoding/json"
	"fmt"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity/app"
	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/wire"
)

func (s server) ListClients(ctx context.Context, r identityapi.ListClientsRequestObject) (identityapi.ListClientsResponseObject, error) {
	p := r.Params
	found, err := s.Clients.List(ctx, wire.Value(p.Q), page.Request{Limit: wire.Value(p.Limit), Cursor: wire.Value(p.Cursor)})
	return identityapi.ListClients200JSONResponse{Body: identityapi.RegisteredClientPage{
		Items: wire.Each(found.Items, s.toClient), NextCursor: wire.OrNull(found.Next),
	}}, err
}

func (s server) RegisterClient(ctx context.Context, r identityapi.RegisterClientRequestObject) (identityapi.RegisterClientResponseObject, error) {
	b := *r.Body
	edit, err := s.fromClientChange(identityapi.ClientChange{
		Name: &b.Name, AuthMethod: &b.AuthMethod, Jwks: b.Jwks, JwksURI: b.JwksURI, RedirectUris: &b.RedirectUris,
		PostLogoutRedirectUris: b.PostLogoutRedirectUris, BackchannelLogoutURI: b.BackchannelLogoutURI, Origins: b.Origins, Scopes: b.Scopes,
		Algorithm: b.Algorithm, FirstParty: b.FirstParty, SubjectType: b.SubjectType, PkceOptional: b.PkceOptional,
	})
	if err != nil {
		return nil, err
	}
	client, secret, err := s.Clients.Add(ctx, wire.Value(b.ClientID), edit)
	return identityapi.RegisterClient201JSONResponse{Body: s.toClientWithSecret(client, secret)}, err
}

func (s server) GetClient(ctx context.Context, r identityapi.GetClientRequestObject) (identityapi.GetClientResponseObject, error) {
	client, err := s.Clients.Get(ctx, r.ClientID)
	return identityapi.GetClient200JSONResponse{Body: s.toClient(client)}, err
}

func (s server) ChangeClient(ctx context.Context, r identityapi.ChangeClientRequestObject) (identityapi.ChangeClientResponseObject, error) {
	edit, err := s.fromClientChange(*r.Body)
	if err != nil {
		return nil, err
	}
	client, secret, err := s.Clients.Edit(ctx, r.ClientID, edit)
	return identityapi.ChangeClient200JSONResponse{Body: s.toClientWithSecret(client, secret)}, err
}

func (s server) DisableClient(ctx context.Context, r identityapi.DisableClientRequestObject) (identityapi.DisableClientResponseObject, error) {
	client, err := s.Clients.Disable(app.Because(ctx, r.Body.Reason), r.ClientID)
	return identityapi.DisableClient200JSONResponse{Body: s.toClient(client)}, err
}

func (s server) EnableClient(ctx context.Context, r identityapi.EnableClientRequestObject) (identityapi.EnableClientResponseObject, error) {
	client, err := s.Clients.Enable(app.Because(ctx, r.Body.Reason), r.ClientID)
	return identityapi.EnableClient200JSONResponse{Body: s.toClient(client)}, err
}

func (s server) DeleteClient(ctx context.Context, r identityapi.DeleteClientRequestObject) (identityapi.DeleteClientResponseObject, error) {
	err := s.Clients.Delete(app.Because(ctx, r.Body.Reason), r.ClientID)
	return identityapi.DeleteClient200JSONResponse{Body: identityapi.Message{Ok: true, Message: "The application is deleted."}}, err
}

func (s server) AddClientSecret(ctx context.Context, r identityapi.AddClientSecretRequestObject) (identityapi.AddClientSecretResponseObject, error) {
	client, secret, err := s.Clients.AddSecret(ctx, r.ClientID)
	return identityapi.AddClientSecret201JSONResponse{Body: s.toClientWithSecret(client, secret)}, err
}

func (s server) RetireClientSecret(ctx context.Context, r identityapi.RetireClientSecretRequestObject) (identityapi.RetireClientSecretResponseObject, error) {
	client, err := s.Clients.RetireSecret(ctx, r.ClientID)
	return identityapi.RetireClientSecret200JSONResponse{Body: s.toClient(client)}, err
}

func (s server) fromClientChange(b identityapi.ClientChange) (domain.ClientEdit, error) {
	e := domain.ClientEdit{
		Name: b.Name, Auth: wire.As[domain.ClientAuth](b.AuthMethod), KeysURI: b.JwksURI, Redirects: b.RedirectUris, PostLogout: b.PostLogoutRedirectUris,
		LogoutURI: b.BackchannelLogoutURI, Origins: b.Origins, Algorithm: wire.As[domain.Algorithm](b.Algorithm), FirstParty: b.FirstParty,
		PKCEOptional: b.PkceOptional,
	}
	if b.Scopes != nil {
		e.Scopes = &b.Scopes
	}
	if b.SubjectType != nil {
		e.Pairwise = new(*b.SubjectType == identityapi.ClientSubjectTypePairwise)
	}
	if b.Jwks == nil {
		return e, nil
	}
	text, err := json.Marshal(b.Jwks)
	if err != nil {
		return e, fmt.Errorf("reading a key set: %w", err)
	}
	keys, err := s.Clients.ReadKeys(text)
	e.Keys = &keys
	return e, err
}

func (s server) toClient(c domain.Client) identityapi.RegisteredClient {
	subjects := identityapi.ClientSubjectTypePublic
	if c.Pairwise() {
		subjects = identityapi.ClientSubjectTypePairwise
	}
	return identityapi.RegisteredClient{
		ClientID: c.ID, Name: c.Name, AuthMethod: identityapi.ClientAuthMethod(c.Auth()), Secrets: len(c.Secrets),
		Keys: wire.Each(c.Keys, func(k domain.ClientKey) identityapi.ClientKey {
			return identityapi.ClientKey{ID: k.ID, Algorithm: identityapi.ClientAlgorithm(k.Algorithm)}
		}),
		JwksURI: wire.OrNull(c.KeysURI), RedirectUris: wire.Each(c.Redirects, fromRule), PostLogoutRedirectUris: wire.Each(c.PostLogout, fromRule),
		BackchannelLogoutURI: wire.OrNull(c.LogoutURI), Origins: append([]string{}, c.Origins...), Scopes: append([]string{}, c.Scopes...),
		Algorithm: identityapi.ClientAlgorithm(c.Algorithm), FirstParty: c.FirstParty, SubjectType: subjects, PkceOptional: c.PKCEOptional,
		Protected: s.Clients.Protected(c.ID), RegisteredAt: c.RegisteredAt, DisabledAt: orNull(c.DisabledAt),
	}
}

func fromRule(r domain.RedirectRule) string { return string(r) }

func (s server) toClientWithSecret(c domain.Client, secret domain.Secret) identityapi.ClientWithSecret {
	return identityapi.ClientWithSecret{Client: s.toClient(c), Secret: wire.OrNull(string(secret))}
}
