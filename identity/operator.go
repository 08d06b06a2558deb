package identity

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/google/uuid"
	"go.uber.org/fx"

	"go.updspace.com/identity/app"
	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/outbox"
	"go.updspace.com/libs/pg"
)

// operator is what commands use.
type operator struct {
	fx.In
	*app.App
	DB   *pg.DB
	Keys *app.Keys
}

// publishPatience is how long a command waits until its events are published. Without a running instance or a broker they
// are published later.
const publishPatience = 3 * time.Second

// operate runs fn on the service's database, migrated, without serving. Events of fn wait in the outbox for a running instance.
func operate(ctx context.Context, cfg Config, fn func(context.Context, operator) error) error {
	if err := cfg.Validate(); err != nil {
		return err
	}
	return servicefx.Offline(ctx, fn, offline(cfg))
}

// verb is one command: its arguments are named in the first word of help up to the colon.
type verb struct {
	name, help string
	run        func(ctx context.Context, o operator, args []string) error
}

var verbs = []verb{
	{"user-create", "EMAIL NAME: make an account without a password; links sign it in", func(ctx context.Context, o operator, a []string) error {
		_, err := o.Accounts.Create(ctx, app.NewAccount{Email: a[0], DisplayName: a[1]})
		return err
	}},
	{"user-rename", "EMAIL FIRST LAST: change a user's first and last name", func(ctx context.Context, o operator, a []string) error {
		return o.Accounts.Rename(ctx, a[0], a[1], a[2])
	}},
	{"user-suspend", "EMAIL: suspend an account and end its sessions", func(ctx context.Context, o operator, a []string) error {
		return o.Accounts.SetStatus(ctx, a[0], domain.StatusSuspended)
	}},
	{"user-ban", "EMAIL: ban an account and end its sessions", func(ctx context.Context, o operator, a []string) error {
		return o.Accounts.SetStatus(ctx, a[0], domain.StatusBanned)
	}},
	{"user-reinstate", "EMAIL: let a suspended or banned account back in", func(ctx context.Context, o operator, a []string) error {
		return o.Accounts.SetStatus(ctx, a[0], domain.StatusActive)
	}},
	{"sessions-end", "EMAIL: end every session of a user", func(ctx context.Context, o operator, a []string) error {
		return o.Accounts.EndSessions(ctx, a[0])
	}},
	{"admin-create", "EMAIL NAME: make the account of a system administrator", func(ctx context.Context, o operator, a []string) error {
		_, err := o.Accounts.Create(ctx, app.NewAccount{Email: a[0], DisplayName: a[1], SystemAdmin: true})
		return err
	}},
	{"admin-grant", "EMAIL: make a user a system administrator", func(ctx context.Context, o operator, a []string) error {
		return o.Accounts.SetSystemAdmin(ctx, a[0], true)
	}},
	{"admin-revoke", "EMAIL: make a user no system administrator any more", func(ctx context.Context, o operator, a []string) error {
		return o.Accounts.SetSystemAdmin(ctx, a[0], false)
	}},
	{"tenant-create", "SLUG NAME: make a community", func(ctx context.Context, o operator, a []string) error {
		_, err := o.Tenants.Create(ctx, uuid.Nil, a[0], a[1])
		return err
	}},
	{"tenant-rename", "SLUG NAME: change the name of a community", func(ctx context.Context, o operator, a []string) error {
		return o.Tenants.Rename(ctx, a[0], a[1])
	}},
	{"tenant-close", "SLUG: close a community; its data is kept", func(ctx context.Context, o operator, a []string) error {
		return o.Tenants.Close(ctx, a[0])
	}},
	{"member-set", "SLUG EMAIL ROLE: make a user owner, admin or member of a community", func(ctx context.Context, o operator, a []string) error {
		return o.Tenants.SetMembership(ctx, a[0], a[1], a[2], domain.MembershipActive)
	}},
	{"member-disable", "SLUG EMAIL: disable a user's membership of a community", func(ctx context.Context, o operator, a []string) error {
		return o.Tenants.SetMembership(ctx, a[0], a[1], domain.RoleMember, domain.MembershipDisabled)
	}},
	{"client-register", "ID NAME REDIRECT_URI POST_LOGOUT_URI LOGOUT_URI: register an OpenID client (- for none of the last two) and print its secret", registerClient},
	{"client-set", "ID SETTING VALUE: change a client: pkce required or optional, subjects public or pairwise, algorithm ES256, RS256 or EdDSA, scopes (with commas, - for all), keys (a file with a JWK set; the client has no secret then), secret none (a public client)", func(ctx context.Context, o operator, a []string) error {
		return setClient(ctx, o, a[0], a[1], a[2])
	}},
	{"client-secret-add", "ID: print a new secret of a client; the one before stays valid", func(ctx context.Context, o operator, a []string) error {
		secret, err := o.Clients.AddSecret(ctx, a[0])
		return errors.Join(err, printSecret(secret))
	}},
	{"client-secret-drop", "ID: end all secrets of a client but the newest", func(ctx context.Context, o operator, a []string) error {
		return o.Clients.DropOldSecrets(ctx, a[0])
	}},
	{"seal-rotate", ": seal the signing keys, authenticator apps and passkeys with the first of IDENTITY_SEAL_KEYS; wait 30 days before removing the others, because links in mails are sealed with them", func(ctx context.Context, o operator, _ []string) error {
		n, err := o.Keys.Reseal(ctx)
		fmt.Fprintf(os.Stderr, "%d secrets sealed anew\n", n)
		return err
	}},
}

func registerClient(ctx context.Context, o operator, a []string) error {
	c := domain.Client{
		ID: a[0], Name: a[1], Redirects: []domain.RedirectRule{domain.RedirectRule(a[2])}, Algorithm: domain.ES256,
		GrantTypes: []string{domain.GrantCode, domain.GrantRefresh},
	}
	if a[3] != "-" {
		c.PostLogout = []domain.RedirectRule{domain.RedirectRule(a[3])}
	}
	if a[4] != "-" {
		c.LogoutURI = a[4]
	}
	secret := c.AddSecret()
	if err := o.Clients.Register(ctx, c); err != nil {
		return err
	}
	return printSecret(secret)
}

func setClient(ctx context.Context, o operator, id, setting, value string) error {
	if setting == "keys" {
		jwks, err := os.ReadFile(value)
		if err != nil {
			return fmt.Errorf("reading the key set: %w", err)
		}
		return o.Clients.SetKeys(ctx, id, jwks)
	}
	return o.Clients.Change(ctx, id, func(c *domain.Client) error {
		switch setting + " " + value {
		case "pkce required", "pkce optional":
			c.PKCEOptional = value == "optional"
			return nil
		case "subjects public", "subjects pairwise":
			c.SetPairwise(value == "pairwise")
			return nil
		case "secret none":
			c.Secrets, c.Keys, c.PKCEOptional = nil, nil, false
			return nil
		}
		switch setting {
		case "algorithm":
			c.Algorithm = domain.Algorithm(value)
		case "scopes":
			c.Scopes = nil
			if value != "-" {
				c.Scopes = strings.Split(value, ",")
			}
		default:
			return fmt.Errorf("there is no setting %s %s", setting, value)
		}
		return nil
	})
}

// printSecret shows a secret this once.
func printSecret(s domain.Secret) error {
	_, err := fmt.Fprintln(os.Stdout, string(s))
	return err
}

// Commands are the operator's verbs of the program.
func Commands() []servicefx.Command[Config] {
	commands := make([]servicefx.Command[Config], len(verbs))
	for i, v := range verbs {
		commands[i] = servicefx.Command[Config]{Name: v.name, Help: v.help, Run: func(ctx context.Context, cfg Config, args []string) error {
			usage, _, _ := strings.Cut(v.help, ":")
			if len(args) != len(strings.Fields(usage)) {
				return fmt.Errorf("usage: %s %s", v.name, v.help)
			}
			return operate(audit.AsOperator(ctx, ""), cfg, func(ctx context.Context, o operator) error {
				if err := v.run(ctx, o, args); err != nil || cfg.NATSURL == "" {
					return err
				}
				ctx, cancel := context.WithTimeout(ctx, publishPatience)
				defer cancel()
				if err := outbox.WaitPublished(ctx, o.DB); err != nil {
					fmt.Fprintf(os.Stderr, "identity %s: done, but the other services do not know yet: %v\n", v.name, err)
				}
				return nil
			})
		}}
	}
	return commands
}

// Suspend suspends an account, for programs that run the service within.
func Suspend(ctx context.Context, cfg Config, email string) error {
	return operate(ctx, cfg, func(ctx context.Context, o operator) error {
		return o.Accounts.SetStatus(ctx, email, domain.StatusSuspended)
	})
}

// Reinstate lets a suspended or banned account back in.
func Reinstate(ctx context.Context, cfg Config, email string) error {
	return operate(ctx, cfg, func(ctx context.Context, o operator) error {
		return o.Accounts.SetStatus(ctx, email, domain.StatusActive)
	})
}
