package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"go.updspace.com/tools/importer"
)

type importCmd struct {
	From   []string `help:"URLs of the old databases, in any order: each is recognised by its tables. A value that begins with @ is a file with one URL a line." required:"" placeholder:"URL" sep:"none"`
	To     []string `help:"URLs of the services' databases for the roles that own them (DATABASE_MIGRATE_URL), in any order. @FILE as with --from." required:"" placeholder:"URL" sep:"none"`
	Seal   string   `help:"IDENTITY_SEAL_KEYS of the service, or @FILE with it: second factors come along, sealed with the first." placeholder:"KEYS"`
	DryRun bool     `help:"Write nothing, and say what would be written."`
}

// Help is shown by --help.
func (*importCmd) Help() string {
	return "Takes over an installation of the old system: docs/import.md. An import may be repeated; a second one changes nothing.\n\n" +
		"The report goes to the standard output. It names people: keep it as you keep the databases."
}

func (c *importCmd) Run(ctx context.Context) error { return c.run(ctx, os.Stdout, os.Stderr) }

func (c *importCmd) run(ctx context.Context, out, progress io.Writer) error {
	from, err := addresses(c.From)
	if err != nil {
		return err
	}
	to, err := addresses(c.To)
	if err != nil {
		return err
	}
	keys, err := addresses([]string{c.Seal})
	if err != nil {
		return err
	}
	began := time.Now()
	report, err := importer.Import(ctx, importer.Options{
		From: from, To: to, DryRun: c.DryRun, SealKeys: strings.Join(keys, ","), Now: began,
		Progress: func(service string, took time.Duration) {
			fmt.Fprintf(progress, "%-13s %s\n", service, took.Round(time.Millisecond))
		},
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(progress, "%-13s %s\n", "all", time.Since(began).Round(time.Millisecond))
	return report.Print(out)
}

// addresses reads the files among URLs.
func addresses(list []string) (urls []string, err error) {
	for _, one := range list {
		name, isFile := strings.CutPrefix(one, "@")
		if !isFile {
			urls = append(urls, one)
			continue
		}
		file, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		lines := bufio.NewScanner(file)
		for lines.Scan() {
			if line := strings.TrimSpace(lines.Text()); line != "" && !strings.HasPrefix(line, "#") {
				urls = append(urls, line)
			}
		}
		if err := errors.Join(lines.Err(), file.Close()); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return urls, nil
}
