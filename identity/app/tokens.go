package app

import (
	"context"
	"errors"
	"slices"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
	"go.updspace.com/libs/audit"
)

// Tokens issues, reads and revokes what clients hold.
type Tokens struct {
	*Deps
	Clients *Clients
}

// CodeExchange is what a client presents for a code.
type CodeExchange struct {
	Code, RedirectURI, Verifier string
}

// TokenSet is what a client gets.
type TokenSet = ports.TokenSet

// Redeem exchanges an authorization code. Of any number of attempts at once one succeeds; an attempt on a used code
// revokes what it had been redeemed for, because one of the two was not the client.
func (t *Tokens) Redeem(ctx context.Context, client domain.Client, in CodeExchange) (TokenSet, error) {
	if !client.Allows(domain.GrantCode) {
		return TokenSet{}, domain.ErrClientGrantType
	}
	if in.Code == "" {
		return TokenSet{}, domain.ErrOAuthRequest.WithMessage("code is required.")
	}
	if in.RedirectURI == "" {
		return TokenSet{}, domain.ErrCodeRedirect.WithMessage("redirect_uri is required.")
	}
	if _, ok := client.MatchRedirect(in.RedirectURI); !ok { // no code was ever issued for it
		return TokenSet{}, t.whyNot(ctx, client, domain.Secret(in.Code).Hash(), in)
	}
	now := t.Clock.Now()
	hash := domain.Secret(in.Code).Hash()
	challenge, err := domain.ChallengeOf(in.Verifier)
	if err != nil {
		return TokenSet{}, t.whyNot(ctx, client, hash, in)
	}
	refresh, secret := domain.NewRefreshToken(newID(), now)
	grant, _, ok, err := t.Grants.Redeem(ctx, ports.Redemption{
		Code: hash, ClientID: client.ID, RedirectURI: in.RedirectURI, Challenge: challenge,
		Refresh: client.Allows(domain.GrantRefresh), Now: now,
	}, refresh)
	if err != nil {
		return TokenSet{}, err
	}
	if !ok {
		return TokenSet{}, t.whyNot(ctx, client, hash, in)
	}
	if !grant.Offline(client) {
		secret = ""
	}
	return t.issue(ctx, client, grant, secret)
}

// whyNot finds out why a code could not be redeemed.
func (t *Tokens) whyNot(ctx context.Context, client domain.Client, hash domain.Hash, in CodeExchange) error {
	code, err := t.Grants.Code(ctx, hash)
	if err != nil {
		return err
	}
	if code.UsedAt != nil && code.ClientID == client.ID {
		if err := t.revoke(ctx, domain.Grant{ID: code.ID, Authorization: code.Authorization}, domain.ActionCodeReplayed); err != nil {
			return err
		}
	}
	if err := code.RedeemError(client.ID, in.RedirectURI, in.Verifier, t.Clock.Now()); err != nil {
		return err
	}
	user, err := t.Users.ByID(ctx, code.UserID)
	if err != nil {
		return err
	}
	return errors.Join(user.SignInError(), domain.ErrInvalidCode)
}

// Refresh exchanges a refresh token for its successor. Presenting one that has been used revokes the grant: it was stolen
// before or after. A client whose answer was lost may ask again for a moment and gets the same one.
func (t *Tokens) Refresh(ctx context.Context, client domain.Client, token domain.Secret, scope string) (TokenSet, error) {
	if !client.Allows(domain.GrantRefresh) {
		return TokenSet{}, domain.ErrClientGrantType
	}
	old, grant, err := t.Grants.ByRefreshToken(ctx, token.Hash())
	if err != nil {
		return TokenSet{}, err
	}
	if grant.ClientID != client.ID {
		return TokenSet{}, domain.ErrInvalidRefresh
	}
	if old.UsedAt != nil {
		return t.again(ctx, old, grant)
	}
	all := grant.Scopes
	if scope != "" {
		if grant.Scopes, err = client.ParseScopes(scope); err != nil { // the grant keeps them all; these tokens have fewer
			return TokenSet{}, err
		}
		if !domain.Covers(all, grant.Scopes) {
			return TokenSet{}, domain.ErrInvalidScope
		}
	}
	now := t.Clock.Now()
	next, secret := domain.NewRefreshToken(grant.ID, now)
	answer, err := t.issue(ctx, client, grant, secret)
	if err != nil {
		return TokenSet{}, err
	}
	ok, err := t.Grants.Refresh(ctx, ports.Rotation{Token: old.Hash, ClientID: client.ID, Next: next, Answer: answer, Now: now})
	switch {
	case err != nil:
		return TokenSet{}, err
	case ok:
		return answer, nil
	}
	if old, grant, err = t.Grants.ByRefreshToken(ctx, token.Hash()); err != nil {
		return TokenSet{}, err
	}
	if old.UsedAt == nil {
		return TokenSet{}, domain.ErrInvalidRefresh
	}
	return t.again(ctx, old, grant) // another request with the same token was faster
}

// again answers for a refresh token that was used before: with the same answer within the grace, unless its successor has been
// used, which shows that the answer arrived.
func (t *Tokens) again(ctx context.Context, old domain.RefreshToken, grant domain.Grant) (TokenSet, error) {
	replayed := func() (TokenSet, error) {
		return TokenSet{}, errors.Join(domain.ErrInvalidRefresh, t.revoke(ctx, grant, domain.ActionRefreshReplayed))
	}
	if grant.RevokedAt != nil {
		return TokenSet{}, domain.ErrInvalidRefresh
	}
	if !old.UsedWithin(t.RefreshGrace, t.Clock.Now()) {
		return replayed()
	}
	answer, err := t.Grants.Answer(ctx, old.Hash)
	if err != nil {
		return TokenSet{}, err
	}
	if answer == nil {
		return replayed()
	}
	next, _, err := t.Grants.ByRefreshToken(ctx, answer.Refresh.Hash())
	if err != nil {
		return TokenSet{}, err
	}
	if next.UsedAt != nil {
		return replayed()
	}
	user, err := t.Users.ByID(ctx, grant.UserID)
	if err == nil {
		err = user.SignInError()
	}
	return *answer, err
}

func (t *Tokens) issue(ctx context.Context, client domain.Client, g domain.Grant, refresh domain.Secret) (TokenSet, error) {
	now := t.Clock.Now()
	access, id, err := t.Signer.Issue(ctx, client.Algorithm,
		ports.AccessClaims{
			ID: newID(), GrantID: g.ID, Subject: client.Subject(g.UserID), ClientID: client.ID, Scopes: g.Scopes,
			IssuedAt: now, ExpiresAt: now.Add(domain.AccessTokenLifetime),
		},
		ports.IDClaims{Grant: g, IssuedAt: now, ExpiresAt: now.Add(domain.IDTokenLifetime)})
	if err != nil {
		return TokenSet{}, err
	}
	return TokenSet{Access: access, ID: id, Refresh: refresh, Scopes: g.Scopes}, nil
}

// Live is an access token that holds, its grant and its user.
type Live struct {
	Claims     ports.AccessClaims
	Grant      domain.Grant
	User       domain.User
	FirstParty bool // of the client
}

// Read checks an access token down to the grant and the account behind it.
func (t *Tokens) Read(ctx context.Context, token string) (Live, error) {
	claims, err := t.Signer.Verify(ctx, token, t.Clock.Now())
	if err != nil {
		return Live{}, err
	}
	grant, user, err := t.Grants.ByID(ctx, claims.GrantID)
	if err != nil {
		return Live{}, err
	}
	if grant.RevokedAt != nil || grant.ClientID != claims.ClientID {
		return Live{}, domain.ErrTokenRevoked
	}
	client, err := t.Clients.Find(ctx, grant.ClientID)
	switch {
	case errors.Is(err, domain.ErrClientUnknown):
		return Live{}, domain.ErrTokenRevoked
	case err != nil:
		return Live{}, err
	case client.Subject(grant.UserID) != claims.Subject:
		return Live{}, domain.ErrTokenRevoked
	}
	return Live{Claims: claims, Grant: grant, User: user, FirstParty: client.FirstParty}, nil
}

// Userinfo is the user of an access token and the scopes that the client may read.
type Userinfo struct {
	Subject uuid.UUID // as the client knows the user
	User    domain.User
	Scopes  []string
	Groups  []string            // nil: not revealed
	Flags   *domain.MasterFlags // nil: not revealed
}

// Userinfo answers for an access token.
func (t *Tokens) Userinfo(ctx context.Context, token string) (Userinfo, error) {
	if token == "" {
		return Userinfo{}, domain.ErrNoAccessToken
	}
	live, err := t.Read(ctx, token)
	if err != nil {
		return Userinfo{}, err
	}
	info := Userinfo{Subject: live.Claims.Subject, User: live.User, Scopes: live.Claims.Scopes}
	if live.FirstParty {
		info.Flags = new(live.User.Flags())
	}
	if slices.Contains(info.Scopes, domain.ScopeGroups) {
		memberships, err := t.Memberships.Active(ctx, live.User.ID, domain.MaxGroups)
		if err != nil {
			return Userinfo{}, err
		}
		info.Groups = domain.Groups(memberships)
	}
	return info, nil
}

// Introspect tells a client about a token of its own; nil if it is not a live one.
func (t *Tokens) Introspect(ctx context.Context, client domain.Client, token string) (*ports.AccessClaims, error) {
	if client.Public() {
		return nil, domain.ErrInvalidClient
	}
	live, err := t.Read(ctx, token)
	switch {
	case isDead(err):
		return t.introspectRefresh(ctx, client, domain.Secret(token))
	case err != nil:
		return nil, err
	}
	if live.Claims.ClientID != client.ID || !live.User.CanSignIn() {
		return nil, nil
	}
	return &live.Claims, nil
}

func (t *Tokens) introspectRefresh(ctx context.Context, client domain.Client, token domain.Secret) (*ports.AccessClaims, error) {
	refresh, grant, err := t.Grants.ByRefreshToken(ctx, token.Hash())
	if err != nil {
		return nil, unlessDead(err)
	}
	if grant.ClientID != client.ID || grant.RevokedAt != nil || refresh.UsedAt != nil || !t.Clock.Now().Before(refresh.ExpiresAt) {
		return nil, nil
	}
	user, err := t.Users.ByID(ctx, grant.UserID)
	if err != nil || !user.CanSignIn() {
		return nil, err
	}
	return &ports.AccessClaims{
		GrantID: grant.ID, Subject: client.Subject(grant.UserID), ClientID: grant.ClientID, Scopes: grant.Scopes,
		IssuedAt: refresh.CreatedAt, ExpiresAt: refresh.ExpiresAt,
	}, nil
}

// Revoke ends the grant behind an access or refresh token of the client's. Tokens that are unknown or another's are
// passed over in silence, as RFC 7009 wants it.
func (t *Tokens) Revoke(ctx context.Context, client domain.Client, token string) error {
	if token == "" {
		return domain.ErrOAuthRequest.WithMessage("token is required.")
	}
	_, grant, err := t.Grants.ByRefreshToken(ctx, domain.Secret(token).Hash())
	if isDead(err) {
		var live Live
		if live, err = t.Read(ctx, token); err == nil {
			grant = live.Grant
		}
	}
	switch {
	case isDead(err):
		return nil
	case err != nil:
		return err
	case grant.ClientID != client.ID:
		return nil
	}
	return t.revoke(ctx, grant, domain.ActionGrantRevoked)
}

func (t *Tokens) revoke(ctx context.Context, g domain.Grant, action string) error {
	if err := t.Grants.Revoke(ctx, g.ID, t.Clock.Now()); err != nil {
		return err
	}
	return t.Recorder.add(ctx, audit.Entry{Actor: by(g.UserID), Action: action, TargetType: "grant", TargetID: g.ID.String(), Metadata: map[string]any{"client_id": g.ClientID}})
}

// unlessDead keeps only errors of those who could not find out.
func unlessDead(err error) error {
	if isDead(err) {
		return nil
	}
	return err
}

// isDead reports whether err says that a token is not valid, as opposed to an error while finding out.
func isDead(err error) bool {
	return errors.Is(err, domain.ErrInvalidToken) || errors.Is(err, domain.ErrUnknownKey) ||
		errors.Is(err, domain.ErrTokenRevoked) || errors.Is(err, domain.ErrInvalidRefresh)
}
