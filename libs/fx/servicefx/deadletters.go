package servicefx

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"
	"time"

	"github.com/nats-io/nats.go"

	"go.updspace.com/libs/config"
	"go.updspace.com/libs/outbox"
)

const deadLettersHelp = "list | show N... | replay N... | drop N...: events that a service could not handle"

// brokerPatience bounds the wait for a broker that does not answer; an
// operator is looking on.
const brokerPatience = 10 * time.Second

// broker is all that the verb needs of a service's settings, so that the
// program of every service has it.
type broker struct {
	URL string `env:"NATS_URL,required,notEmpty"`
}

// deadLetters is the verb of operators. There is one dead-letter stream for all
// services, and any of their programs will do.
func deadLetters(ctx context.Context, name string, args []string, out io.Writer) error {
	cfg, err := config.Load[broker]()
	if err != nil {
		return err
	}
	nc, err := nats.Connect(cfg.URL, nats.Name(name+" dead-letters"))
	if err != nil {
		return fmt.Errorf("connecting to NATS_URL: %w", err)
	}
	defer nc.Close()
	letters, err := outbox.NewDeadLetters(nc)
	if err != nil {
		return err
	}
	verb, numbers := "", []uint64{}
	for i, arg := range args {
		if i == 0 {
			verb = arg
			continue
		}
		n, err := strconv.ParseUint(arg, 10, 64)
		if err != nil {
			return fmt.Errorf("%q is not the number of a dead letter", arg)
		}
		numbers = append(numbers, n)
	}
	var each func(context.Context, uint64) error
	switch verb {
	case "list":
		return listLetters(ctx, letters, out)
	case "show":
		each = func(ctx context.Context, n uint64) error { return showLetter(ctx, letters, n, out) }
	case "replay":
		each = letters.Replay
	case "drop":
		each = letters.Drop
	default:
		return errors.New(deadLettersHelp)
	}
	if len(numbers) == 0 {
		return fmt.Errorf("%s which? `%s dead-letters list` numbers them", verb, name)
	}
	for _, n := range numbers {
		ctx, cancel := context.WithTimeout(ctx, brokerPatience)
		err := each(ctx, n)
		cancel()
		if err != nil {
			return fmt.Errorf("%s %d: %w", verb, n, err)
		}
	}
	return nil
}

// listLetters prints all dead letters, oldest first.
func listLetters(ctx context.Context, letters *outbox.DeadLetters, out io.Writer) error {
	const page = 100
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "NUMBER\tDIED\tCONSUMER\tATTEMPTS\tEVENT\tSUBJECT\tREASON")
	for next := uint64(0); ; {
		ctx, cancel := context.WithTimeout(ctx, brokerPatience)
		some, err := letters.List(ctx, next, page)
		cancel()
		if err != nil {
			return err
		}
		for _, l := range some {
			fmt.Fprintf(w, "%d\t%s\t%s\t%d\t%s\t%s\t%s\n",
				l.Seq, l.At.UTC().Format(time.RFC3339), l.Consumer, l.Attempts, l.Event.Type(), l.Event.Subject(), l.Reason)
			next = l.Seq + 1
		}
		if len(some) < page {
			return w.Flush()
		}
	}
}

// showLetter prints the event itself, as it came when it is not JSON.
func showLetter(ctx context.Context, letters *outbox.DeadLetters, n uint64, out io.Writer) error {
	found, err := letters.List(ctx, n, 1)
	if err != nil {
		return err
	}
	if len(found) == 0 || found[0].Seq != n {
		return outbox.ErrNoDeadLetter
	}
	text := found[0].Raw
	if json.Valid(text) {
		if text, err = json.MarshalIndent(json.RawMessage(text), "", "  "); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(out, "%s\n", text)
	return err
}
