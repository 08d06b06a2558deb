package identity

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
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
	// Given is what was said beside the arguments of the command.
	Given options `optional:"true"`
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
	{"user-find", "TEXT: list accounts by a part of the address, of the username or of a name, or by id", findAccounts},
	{"user-suspend", "EMAIL: suspend an account, end its sessions and mail its owner", restrict(domain.StatusSuspended)},
	{"user-ban", "EMAIL: ban an account, end its sessions and mail its owner", restrict(domain.StatusBanned)},
	{"user-reinstate", "EMAIL: let a suspended or banned account back in", restrict(domain.StatusActive)},
	{"sessions-end", "EMAIL: end every session of a user", account(func(ctx context.Context, o operator, id uuid.UUID) error {
		return o.AccountAdmin.EndSessions(ctx, id, o.Given.reason)
	})},
	{"factors-reset", "EMAIL: remove authenticator app, passkeys and recovery codes of a user, end the sessions and mail the owner", account(
		func(ctx context.Context, o operator, id uuid.UUID) error {
			return o.AccountAdmin.ResetFactors(ctx, id, o.Given.reason)
		})},
	{"password-link", "EMAIL: mail the owner of an account a link that sets a password", account(func(ctx context.Context, o operator, id uuid.UUID) error {
		return o.AccountAdmin.SendReset(ctx, id, o.Given.reason)
	})},
	{"mail-allow", "EMAIL: send mails to a user again, although one came back", func(ctx context.Context, o operator, a []string) error {
		return o.MailBounces.AllowAddress(ctx, a[0])
	}},
	{"admin-create", "EMAIL NAME: make the account of a system administrator", func(ctx context.Context, o operator, a []string) error {
		_, err := o.Accounts.Create(ctx, app.NewAccount{Email: a[0], DisplayName: a[1], SystemAdmin: true})
		return err
	}},
	{"admin-grant", "EMAIL: make a user a system administrator", account(func(ctx context.Context, o operator, id uuid.UUID) error {
		return o.AccountAdmin.SetSystemAdmin(ctx, id, true, o.Given.reason)
	})},
	{"admin-revoke", "EMAIL: make a user no system administrator any more", account(func(ctx context.Context, o operator, id uuid.UUID) error {
		return o.AccountAdmin.SetSystemAdmin(ctx, id, false, o.Given.reason)
	})},
	{"member-set", "SLUG EMAIL ROLE: make a user owner, admin or member of a community", func(ctx context.Context, o operator, a []string) error {
		return o.Tenants.SetMembership(ctx, a[0], a[1], a[2], domain.MembershipActive)
	}},
	{"member-disable", "SLUG EMAIL: disable a user's membership of a community", func(ctx context.Context, o operator, a []string) error {
		return o.Tenants.SetMembership(ctx, a[0], a[1], domain.RoleMember, domain.MembershipDisabled)
	}},
	{"account-delete", "EMAIL REASON: have an account deleted in fourteen days, as its user can", func(ctx context.Context, o operator, a []string) error {
		request, err := o.Deletions.RequestFor(ctx, a[0], a[1])
		if err == nil {
			fmt.Printf("to be deleted at %s\n", request.DueAt.UTC().Format(time.RFC3339))
		}
		return err
	}},
	{"account-delete-now", "EMAIL: end the grace of a deletion", func(ctx context.Context, o operator, a []string) error {
		return o.Deletions.Hasten(ctx, a[0])
	}},
	{"account-keep", "EMAIL: cancel the deletion of an account", func(ctx context.Context, o operator, a []string) error {
		return o.Deletions.KeepFor(ctx, a[0])
	}},
	{"data-requests", ": list exports and deletions, with the receipts of deletions", listDataRequests},
}

// listedRequests is how many requests data-requests lists.
const listedRequests = 200

func listDataRequests(ctx context.Context, o operator, _ []string) error {
	requests, err := o.Deletions.Recent(ctx, listedRequests)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tKIND\tSTATE\tREQUESTED\tDUE\tATTEMPTS\tPARTS\tUSER\tPROOF")
	for _, r := range requests {
		user := "-"
		if r.UserID != nil {
			user = r.UserID.String()
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%d\t%d\t%s\t%s\n", r.ID, r.Kind, r.State, r.RequestedAt.UTC().Format(time.RFC3339),
			r.DueAt.UTC().Format(time.RFC3339), r.Attempts, len(r.Parts), user, r.UserHash)
		for _, p := range r.Parts {
			if r.Kind == domain.DataDeletion {
				fmt.Fprintf(w, "\t%s\t%s\t%s\t%v\t\t\t\t\n", p.Tenant, p.Service, p.State, p.Counts)
			}
		}
	}
	return w.Flush()
}

// Commands are the operator's verbs of the program.
func Commands() []servicefx.Command[Config] {
	all := slices.Concat(verbs, tenantVerbs, clientVerbs, keyVerbs)
	commands := make([]servicefx.Command[Config], len(all))
	for i, v := range all {
		commands[i] = servicefx.Command[Config]{Name: v.name, Help: v.help, Run: func(ctx context.Context, cfg Config, args []string) error {
			usage, _, _ := strings.Cut(v.help, ":")
			args, given, err := readOptions(args, time.Now())
			if err != nil {
				return err
			}
			if len(args) != len(strings.Fields(usage)) {
				return fmt.Errorf("usage: %s %s%s", v.name, v.help, optionsHelp)
			}
			return operate(audit.AsOperator(ctx, given.reason), cfg, func(ctx context.Context, o operator) error {
				o.Given = given
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
		return restrict(domain.StatusSuspended)(ctx, o, []string{email})
	})
}

// Reinstate lets a suspended or banned account back in.
func Reinstate(ctx context.Context, cfg Config, email string) error {
	return operate(ctx, cfg, func(ctx context.Context, o operator) error {
		return restrict(domain.StatusActive)(ctx, o, []string{email})
	})
}
