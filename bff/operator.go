package bff

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"slices"
	"text/tabwriter"

	"github.com/google/uuid"

	"go.updspace.com/bff/domain"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/signing"
)

const personEraseHelp = "SLUG USER_ID [NAME...]: erase a former member from all services of a community, and the person's names, these among them, from what others wrote"

// Commands are the operator's verbs of the program.
func Commands() []servicefx.Command[Config] {
	return []servicefx.Command[Config]{{Name: "person-erase", Help: personEraseHelp, Run: func(ctx context.Context, cfg Config, args []string) error {
		return ErasePerson(ctx, cfg, os.Stdout, args...)
	}}}
}

// ErasePerson is the verb person-erase. It prints what each service has erased, also before an error.
func ErasePerson(ctx context.Context, cfg Config, out io.Writer, args ...string) error {
	if len(args) < 2 {
		return errors.New("usage: person-erase " + personEraseHelp)
	}
	user, err := uuid.Parse(args[1])
	if err != nil || user == uuid.Nil {
		return fmt.Errorf("%q is not the id of a user", args[1])
	}
	keyring, err := signing.NewKeyring(cfg.Signing)
	if err != nil {
		return err
	}
	pool := http.DefaultTransport.(*http.Transport).Clone()
	defer pool.CloseIdleConnections()
	erasure, err := newErasure(cfg, func(service string) (http.RoundTripper, error) {
		signer, err := keyring.Signer(name, service)
		if err != nil {
			return nil, err
		}
		return signer.Transport(pool), nil
	})
	if err != nil {
		return err
	}
	erased, err := erasure.Erase(ctx, args[0], user, args[2:]...)
	return errors.Join(printErased(out, erased), err)
}

func printErased(out io.Writer, erased []domain.Erased) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "SERVICE\tSECTION\tERASED")
	for _, e := range erased {
		for _, section := range slices.Sorted(maps.Keys(e.Counts)) {
			fmt.Fprintf(w, "%s\t%s\t%d\n", e.Service, section, e.Counts[section])
		}
	}
	return w.Flush()
}
