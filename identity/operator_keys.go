package identity

import (
	"context"
	"fmt"
	"os"
	"text/tabwriter"
	"time"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/audit"
)

// keyVerbs are the commands for the keys that sign tokens and seal secrets.
var keyVerbs = []verb{
	{"key-list", ": list the signing keys and the seal keys", listKeys},
	{"key-rotate", "ALGORITHM REASON: make a new signing key of ES256, RS256 or EdDSA, which signs after fifteen minutes", func(ctx context.Context, o operator, a []string) error {
		return o.Keys.Rotate(audit.AsOperator(ctx, a[1]), domain.Algorithm(a[0]))
	}},
	{"key-retire", "ID REASON: withdraw a signing key that is known to a stranger: what it signed is refused within a minute", func(ctx context.Context, o operator, a []string) error {
		return o.Keys.Retire(audit.AsOperator(ctx, a[1]), a[0])
	}},
	{"seal-rotate", ": seal the signing keys, authenticator apps and passkeys with the first of IDENTITY_SEAL_KEYS; wait 30 days before removing the others, because links in mails are sealed with them", func(ctx context.Context, o operator, _ []string) error {
		n, err := o.Keys.Reseal(ctx)
		fmt.Fprintf(os.Stderr, "%d secrets sealed anew\n", n)
		return err
	}},
}

func listKeys(ctx context.Context, o operator, _ []string) error {
	list, err := o.Keys.List(ctx)
	if err != nil {
		return err
	}
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(out, "SIGNING KEY\tALGORITHM\tSTATE\tSIGNS FROM\tSIGNS TO\tPUBLISHED TO")
	for _, k := range list.Signing {
		fmt.Fprintf(out, "%s\t%s\t%s\t%s\t%s\t%s\n", k.ID, k.Algorithm, k.State, utc(k.SignsFrom), utc(k.SignsTo), utc(k.PublishedTo()))
	}
	fmt.Fprintln(out, "\nSEAL KEY\tSTATE\tSECRETS")
	for _, k := range list.Seal {
		fmt.Fprintf(out, "%s\t%s\t%d\n", k.ID, k.State, k.Secrets)
	}
	return out.Flush()
}

func utc(t time.Time) string { return t.UTC().Format(time.RFC3339) }
