package identity

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/page"
)

// clientVerbs are the commands for OpenID clients.
var clientVerbs = []verb{
	{"client-list", "SEARCH: list the clients whose name or id has SEARCH in it (- for all)", func(ctx context.Context, o operator, a []string) error {
		return listClients(ctx, o, none(a[0]))
	}},
	{"client-register", "ID NAME REDIRECT_URI POST_LOGOUT_URI LOGOUT_URI: register an OpenID client (- for none of the last two) and print its secret", func(ctx context.Context, o operator, a []string) error {
		method := domain.AuthSecret
		edit := domain.ClientEdit{Name: &a[1], Auth: &method, Redirects: &[]string{a[2]}, PostLogout: texts(a[3]), LogoutURI: new(none(a[4]))}
		_, secret, err := o.Clients.Add(ctx, a[0], edit)
		return errors.Join(err, printSecret(secret))
	}},
	{"client-set", "ID SETTING VALUE: change a client: name, pkce required or optional, subjects public or pairwise, consent asked or none, algorithm ES256, RS256 or EdDSA; redirects, post-logout, origins, scopes (with commas, - for none; no scopes are all but groups), logout-uri (- for none), keys (a file with a JWK set; the client has no secret then), keys-uri (an address of a JWK set), secret none (a public client) or new (one that is printed)", func(ctx context.Context, o operator, a []string) error {
		edit, err := clientSetting(o, a[1], a[2])
		if err != nil {
			return err
		}
		_, secret, err := o.Clients.Edit(ctx, a[0], edit)
		return errors.Join(err, printSecret(secret))
	}},
	{"client-secret-add", "ID: print a new secret of a client; the one before stays valid", func(ctx context.Context, o operator, a []string) error {
		_, secret, err := o.Clients.AddSecret(ctx, a[0])
		return errors.Join(err, printSecret(secret))
	}},
	{"client-secret-drop", "ID: end the older of two secrets of a client", func(ctx context.Context, o operator, a []string) error {
		_, err := o.Clients.RetireSecret(ctx, a[0])
		return err
	}},
	{"client-disable", "ID REASON: do not answer a client any more, and end its tokens", func(ctx context.Context, o operator, a []string) error {
		_, err := o.Clients.Disable(audit.AsOperator(ctx, a[1]), a[0])
		return err
	}},
	{"client-enable", "ID REASON: answer a disabled client again", func(ctx context.Context, o operator, a []string) error {
		_, err := o.Clients.Enable(audit.AsOperator(ctx, a[1]), a[0])
		return err
	}},
	{"client-delete", "ID REASON: delete a client, with its tokens and the consents of users", func(ctx context.Context, o operator, a []string) error {
		return o.Clients.Delete(audit.AsOperator(ctx, a[1]), a[0])
	}},
}

func listClients(ctx context.Context, o operator, search string) error {
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(out, "ID\tNAME\tAUTHENTICATION\tSECRETS\tSTATE")
	for request := (page.Request{Limit: page.MaxLimit}); ; {
		found, err := o.Clients.List(ctx, search, request)
		if err != nil {
			return err
		}
		for _, c := range found.Items {
			state := "enabled"
			if !c.Enabled() {
				state = "disabled"
			}
			fmt.Fprintf(out, "%s\t%s\t%s\t%d\t%s\n", c.ID, c.Name, c.Auth(), len(c.Secrets), state)
		}
		if request.Cursor = found.Next; request.Cursor == "" {
			return out.Flush()
		}
	}
}

// clientSetting is a setting of a client as an edit.
func clientSetting(o operator, setting, value string) (e domain.ClientEdit, err error) {
	method := domain.AuthKeys
	switch cmp.Or(clientFlag(&e, setting, value), setting) {
	case "flag":
	case "name":
		e.Name = &value
	case "algorithm":
		e.Algorithm = new(domain.Algorithm(value))
	case "scopes":
		e.Scopes = texts(value)
	case "redirects":
		e.Redirects = texts(value)
	case "post-logout":
		e.PostLogout = texts(value)
	case "origins":
		e.Origins = texts(value)
	case "logout-uri":
		e.LogoutURI = new(none(value))
	case "keys-uri":
		e.Auth, e.KeysURI = &method, &value
	case "keys":
		jwks, err := os.ReadFile(value)
		if err != nil {
			return e, fmt.Errorf("reading the key set: %w", err)
		}
		keys, err := o.Clients.ReadKeys(jwks)
		e.Auth, e.Keys = &method, &keys
		return e, err
	default:
		err = fmt.Errorf("there is no setting %s %s", setting, value)
	}
	return e, err
}

// clientFlag reads settings with two values; "flag" when it was one.
func clientFlag(e *domain.ClientEdit, setting, value string) string {
	switch setting + " " + value {
	case "pkce required", "pkce optional":
		e.PKCEOptional = new(value == "optional")
	case "subjects public", "subjects pairwise":
		e.Pairwise = new(value == "pairwise")
	case "consent asked", "consent none":
		e.FirstParty = new(value == "none")
	case "secret none":
		e.Auth, e.PKCEOptional = new(domain.AuthNone), new(false)
	case "secret new":
		e.Auth = new(domain.AuthSecret)
	default:
		return ""
	}
	return "flag"
}

// none is the value of an argument, for which - stands for no value.
func none(value string) string {
	if value == "-" {
		return ""
	}
	return value
}

// texts are the values of an argument with commas.
func texts(value string) *[]string {
	if value = none(value); value == "" {
		return &[]string{}
	}
	return new(strings.Split(value, ","))
}

// printSecret shows a secret this once.
func printSecret(s domain.Secret) error {
	if s == "" {
		return nil
	}
	_, err := fmt.Fprintln(os.Stdout, string(s))
	return err
}
