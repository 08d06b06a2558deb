// Package app holds the use cases: one type per subject, one method per use case.
package app

import (
	"cmp"
	"context"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/identity/ports"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/blob"
	"go.updspace.com/libs/mail"
	"go.updspace.com/libs/personaldata"
	"go.updspace.com/libs/seal"
	"go.updspace.com/libs/signature"
	"go.updspace.com/libs/upload"
	"go.updspace.com/libs/valid"
)

// Deps is what the use cases need.
type Deps struct {
	Tx            ports.Tx
	Users         ports.Users
	Accounts      ports.Accounts
	Tenants       ports.Tenants
	Images        ports.TenantImages
	Closings      ports.TenantClosings
	Memberships   ports.Memberships
	Sessions      ports.Sessions
	Notices       ports.LogoutNotices
	Sender        ports.LogoutSender
	Links         ports.MagicLinks
	Providers     ports.ExternalProviders
	AvatarRows    ports.Avatars
	Flows         ports.ProviderFlows
	Identities    ports.ExternalIdentities
	Factors       ports.Factors
	Passkeys      ports.Passkeys
	Ceremonies    ports.Ceremonies
	Verifier      ports.PasskeyVerifier
	Codes         ports.Codes
	Clients       ports.Clients
	Assertions    ports.Assertions
	KeySets       ports.KeySets
	Consents      ports.Consents
	Requests      ports.Authorizations
	Grants        ports.Grants
	Signer        ports.TokenSigner
	DemoData      ports.DemoData
	History       ports.LoginHistory
	Passwords     ports.Passwords
	Breached      ports.BreachedPasswords
	UserConsents  ports.UserConsents
	AccountTokens ports.AccountTokens
	DataRequests  ports.DataRequests
	PersonalData  *personaldata.Store
	Access        authz.Checker
	Blobs         blob.Store
	Receiver      upload.Receiver
	Pictures      ports.Pictures
	Limiter       ports.Limiter
	Stamps        seal.Stamps
	LinkTokens    seal.Tokens
	Mails         ports.MailQueue
	Mailer        mail.Sender
	Unsubscribed  ports.MailSubscriptions
	Suppressed    ports.MailSuppressions
	Events        ports.Events
	Recorder      Recorder
	Clock         ports.Clock
	Log           *slog.Logger

	Issuer       string        // scheme and host of the service
	RefreshGrace time.Duration // how long the answer to a refresh is given again
	// AdminSecondFactor: system administrators may act only in sessions that have shown a second factor or a passkey.
	AdminSecondFactor bool
	GatewayID         string // the client that every session of a magic link belongs to
	ReplyDomain       string // that mails may be answered to; empty: none
	// MailSecrets sign reports about mails; none: reports are refused.
	MailSecrets []signature.Secret

	Onboarding
}

// App is the use cases.
type App struct {
	Clients           *Clients
	SignOut           *SignOut
	Sessions          *Sessions
	SignIn            *SignIn
	MagicLinks        *MagicLinks
	Authorizations    *Authorizations
	Tokens            *Tokens
	Accounts          *Accounts
	Tenants           *Tenants
	TenantCards       *TenantCards
	Own               *Own
	PasswordChanges   *PasswordChanges
	PersonalConsents  *PersonalConsents
	EmailChanges      *EmailChanges
	Linking           *Linking
	ExternalSignIn    *ExternalSignIn
	Avatars           *Avatars
	Factors           *Factors
	Passkeys          *Passkeys
	StepUp            *StepUp
	Demo              *Demo
	Mails             *Mails
	MailRequests      *MailRequests
	MailSubscriptions *MailSubscriptions
	MailBounces       *MailBounces
	Applications      *Applications
	Reviews           *Reviews
	Invitations       *Invitations
	Administration    *Administration
	SignUp            *SignUp
	Exports           *Exports
	Deletions         *Deletions
	DataTasks         *DataTasks
	Restrictions      *Restrictions
	AccountAdmin      *AccountAdmin
}

// New returns the use cases.
func New(d Deps) *App {
	clients := &Clients{Deps: &d}
	signOut := &SignOut{Deps: &d, Clients: clients}
	accounts, tenants := &Accounts{Deps: &d}, &Tenants{Deps: &d}
	sessions := &Sessions{Deps: &d, SignOut: signOut}
	invitations := &Invitations{Deps: &d, Tenants: tenants}
	signIn, linking := &SignIn{Deps: &d, SignOut: signOut}, &Linking{Deps: &d}
	deletions := &Deletions{Deps: &d, SignOut: signOut, Restrictions: &Restrictions{Deps: &d, SignOut: signOut}, Tenants: tenants}
	return &App{
		Exports: &Exports{Deps: &d}, Deletions: deletions, DataTasks: &DataTasks{Deps: &d, Deletions: deletions},
		SignUp:       &SignUp{Deps: &d, Tenants: tenants, SignIn: signIn},
		Applications: &Applications{Deps: &d}, Invitations: invitations, Reviews: &Reviews{Deps: &d, Tenants: tenants, Invitations: invitations},
		Clients: clients, SignOut: signOut, Sessions: sessions, Restrictions: &Restrictions{Deps: &d, SignOut: signOut},
		AccountAdmin: &AccountAdmin{Deps: &d, SignOut: signOut, Tenants: tenants}, Administration: &Administration{Deps: &d, Sessions: sessions}, SignIn: signIn,
		MagicLinks: &MagicLinks{Deps: &d, Clients: clients}, Authorizations: &Authorizations{Deps: &d, Clients: clients},
		Tokens: &Tokens{Deps: &d, Clients: clients}, Accounts: accounts, Tenants: tenants, Demo: &Demo{Deps: &d, Accounts: accounts, Tenants: tenants},
		Mails: &Mails{Deps: &d}, MailRequests: &MailRequests{Deps: &d}, MailSubscriptions: &MailSubscriptions{Deps: &d}, MailBounces: &MailBounces{Deps: &d},
		TenantCards: &TenantCards{Deps: &d}, Own: &Own{Deps: &d, SignOut: signOut}, Linking: linking,
		ExternalSignIn:   &ExternalSignIn{Deps: &d, SignIn: signIn},
		Avatars:          &Avatars{Deps: &d},
		PersonalConsents: &PersonalConsents{Deps: &d},
		EmailChanges:     &EmailChanges{Deps: &d, SignOut: signOut},
		PasswordChanges:  &PasswordChanges{Deps: &d, SignOut: signOut},
		Factors:          &Factors{Deps: &d}, Passkeys: &Passkeys{Deps: &d}, StepUp: &StepUp{Deps: &d},
	}
}

func newID() uuid.UUID { return valid.NewID() }

type addressKey struct{}

// At returns a context whose entries of the audit log have the address that a request came from.
func At(ctx context.Context, ip string) context.Context {
	return context.WithValue(ctx, addressKey{}, ip)
}

func addressOf(ctx context.Context) string {
	ip, _ := ctx.Value(addressKey{}).(string)
	return ip
}

// Recorder writes the audit log.
type Recorder struct {
	Log   ports.AuditLog
	Clock ports.Clock
}

// add writes an entry. One without an actor is by that of the context: an operator, another service or the service itself.
func (r Recorder) add(ctx context.Context, e audit.Entry) error {
	e.At = r.Clock.Now()
	e.IP = cmp.Or(e.IP, addressOf(ctx))
	if e.TargetType == "user" {
		e.About, _ = uuid.Parse(e.TargetID)
	}
	return r.Log.Write(ctx, e)
}

// by is the actor of an entry, for uuid.Nil none.
func by(user uuid.UUID) audit.Actor {
	if user == uuid.Nil {
		return audit.Actor{}
	}
	return audit.Actor{Type: audit.User, ID: user}
}
