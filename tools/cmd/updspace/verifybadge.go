package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"go.updspace.com/gamification/openbadge"
	"go.updspace.com/tools/journey"
)

type verifyBadgeCmd struct {
	reach
	Badge      string    `arg:"" help:"A file or an address: a PNG image with a badge in it, or a signed badge (VC-JWT)."`
	DID        string    `name:"did" help:"A file with the DID document of the issuer." type:"existingfile" placeholder:"FILE"`
	StatusList string    `help:"A file with the signed status list of the issuer." type:"existingfile" placeholder:"FILE"`
	Online     bool      `help:"Ask the issuer for what is not given as a file. With an address as the badge this is so anyway."`
	At         time.Time `help:"When the badge must be valid; now unless said." placeholder:"2026-01-31T12:00:00Z"`
}

// Exit codes of verify-badge; 0 is a badge that passed each check.
const (
	exitInvalid    exit = 1 // a check failed
	exitUnverified exit = 2 // no check failed, but not all could be made
)

// Help is shown by --help.
func (*verifyBadgeCmd) Help() string {
	return "Says each check of an Open Badges 3.0 badge, and why it came out so. A file is verified without a network, as far as the files given allow.\n\n" +
		"Exit code 0: each check was passed. 1: a check failed. 2: none failed, but not all could be made."
}

func (c *verifyBadgeCmd) Run(ctx context.Context) error { return c.run(ctx, os.Stdout) }

func (c *verifyBadgeCmd) run(ctx context.Context, out io.Writer) error {
	file, err := c.badge(ctx)
	if err != nil {
		return err
	}
	token, err := openbadge.Read(file)
	if err != nil {
		return fmt.Errorf("%s: %w", c.Badge, err)
	}
	at := c.At
	if at.IsZero() {
		at = time.Now()
	}
	report := openbadge.Verify(ctx, token, at, c.sources())
	printReport(out, report)
	switch {
	case report.Valid():
		return nil
	case report.Invalid():
		return exitInvalid
	default:
		return exitUnverified
	}
}

func printReport(out io.Writer, report openbadge.Report) {
	if b := report.Credential; b.ID != "" {
		fmt.Fprintf(out, "The badge says: %q, given by %q (%s).\n\n", b.Subject.Achievement.Name, b.Issuer.Name, b.Issuer.ID)
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, check := range report.Checks {
		fmt.Fprintf(table, "%s\t%s\t%q\n", strings.ReplaceAll(check.Name, "_", " "), strings.ReplaceAll(string(check.Outcome), "_", " "), check.Reason)
	}
	_ = table.Flush() // to a terminal
	verdict := "The badge is NOT VALID."
	switch {
	case report.Valid():
		verdict = "The badge is valid."
	case !report.Invalid():
		verdict = "Nothing is wrong with the badge as far as it could be checked. Give --did and --status-list, or --online, to check the rest."
	}
	fmt.Fprintf(out, "\n%s\n", verdict)
}

// badge reads the file, or what is at the address.
func (c *verifyBadgeCmd) badge(ctx context.Context) ([]byte, error) {
	if c.remote() {
		return c.fetch(ctx, c.Badge, openbadge.MaxImage)
	}
	return readFile(c.Badge, openbadge.MaxImage)
}

func (c *verifyBadgeCmd) remote() bool {
	return strings.HasPrefix(c.Badge, "https://") || strings.HasPrefix(c.Badge, "http://")
}

// sources are the files given, else the issuer, else nothing.
func (c *verifyBadgeCmd) sources() openbadge.Sources {
	const most = 1 << 20
	var from openbadge.Sources
	if c.Online || c.remote() {
		from.Document = func(ctx context.Context, did string) ([]byte, error) {
			address, err := openbadge.DocumentURL(did)
			if err != nil {
				return nil, err
			}
			return c.fetch(ctx, address, most)
		}
		from.StatusList = func(ctx context.Context, address string) ([]byte, error) { return c.fetch(ctx, address, most) }
	}
	if c.DID != "" {
		from.Document = func(context.Context, string) ([]byte, error) { return readFile(c.DID, most) }
	}
	if c.StatusList != "" {
		from.StatusList = func(context.Context, string) ([]byte, error) {
			text, err := readFile(c.StatusList, most)
			return []byte(strings.TrimSpace(string(text))), err
		}
	}
	return from
}

func readFile(name string, most int64) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return readAll(name, file, most)
}

func readAll(name string, r io.Reader, most int64) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, most+1))
	if err == nil && int64(len(data)) > most {
		err = fmt.Errorf("%s is larger than %d bytes", name, most)
	}
	return data, err
}

// fetch gets what is at an address: over https, or over http from this machine.
func (c *verifyBadgeCmd) fetch(ctx context.Context, address string, most int64) ([]byte, error) {
	client := &http.Client{
		Transport: journey.TransportTo(c.Bind), Timeout: 15 * time.Second,
		CheckRedirect: func(r *http.Request, via []*http.Request) error {
			if len(via) > 3 {
				return errors.New("there are too many redirects")
			}
			return mayFetch(r.URL)
		},
	}
	defer client.CloseIdleConnections()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	if err := mayFetch(request.URL); err != nil {
		return nil, err
	}
	answer, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answers %s", address, answer.Status)
	}
	return readAll(address, answer.Body, most)
}

func mayFetch(u *url.URL) error {
	name := u.Hostname()
	local := name == "localhost" || strings.HasSuffix(name, ".localhost")
	if u.Scheme == "https" || u.Scheme == "http" && local {
		return nil
	}
	return fmt.Errorf("%s is neither https nor on this machine", u)
}
