package identity

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
	"go.updspace.com/libs/page"
)

// options may follow every command.
type options struct {
	reason string
	until  *time.Time
}

const optionsHelp = ` [--reason TEXT] [--until TIME]: the audit log keeps the reason, and so does a mail to the owner of a suspended account; TIME is when a
suspension or a ban ends by itself: 2026-12-31, 2026-12-31T18:00:00Z, or from now on, as 72h`

// readOptions takes the options out of the arguments.
func readOptions(args []string, now time.Time) (rest []string, o options, err error) {
	for i := 0; i < len(args); i++ {
		name, value, joined := strings.Cut(args[i], "=")
		if name != "--reason" && name != "--until" {
			rest = append(rest, args[i])
			continue
		}
		if !joined {
			if i++; i == len(args) {
				return nil, o, fmt.Errorf("%s needs a value", name)
			}
			value = args[i]
		}
		if name == "--reason" {
			o.reason = value
			continue
		}
		until, err := readTime(value, now)
		if err != nil {
			return nil, o, err
		}
		o.until = &until
	}
	return rest, o, nil
}

func readTime(text string, now time.Time) (time.Time, error) {
	if d, err := time.ParseDuration(text); err == nil {
		return now.Add(d), nil
	}
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("--until %s is no date, no time and no duration", text)
}

type run = func(ctx context.Context, o operator, args []string) error

// account is a command about the account of an address, its first argument.
func account(fn func(ctx context.Context, o operator, id uuid.UUID) error) run {
	return func(ctx context.Context, o operator, args []string) error {
		id, err := o.AccountAdmin.Find(ctx, args[0])
		if err != nil {
			return err
		}
		return fn(ctx, o, id)
	}
}

func restrict(status domain.Status) run {
	return account(func(ctx context.Context, o operator, id uuid.UUID) error {
		return o.Restrictions.Set(ctx, id, status, o.Given.reason, o.Given.until)
	})
}

func findAccounts(ctx context.Context, o operator, args []string) error {
	found, err := o.AccountAdmin.List(ctx, ports.AccountFilter{Text: args[0]}, page.Request{Limit: page.MaxLimit})
	for _, a := range found.Items {
		marks := string(a.Status)
		if a.SystemAdmin {
			marks += ", system administrator"
		}
		fmt.Fprintf(os.Stdout, "%s  %s  %s  (%s)\n", a.ID, a.Email, a.FullName(), marks)
	}
	if found.Next != "" {
		fmt.Fprintln(os.Stderr, "There are more.")
	}
	return err
}
