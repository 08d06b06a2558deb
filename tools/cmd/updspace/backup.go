package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"filippo.io/age"

	"go.updspace.com/tools/backup"
	"go.updspace.com/tools/installation"
)

type backupCmd struct {
	folder
	To          string   `help:"Folder that the backup's own folder is made in." required:"" type:"existingdir" placeholder:"DIR"`
	DatabaseURL string   `help:"PostgreSQL, with a superuser: every other role sees no rows of tenants." env:"UPDSPACE_DATABASE_URL" required:"" placeholder:"URL"`
	Recipient   []string `help:"Public key (age1...) that the backup is encrypted to. May be repeated." placeholder:"KEY"`
}

// Help is shown by --help.
func (*backupCmd) Help() string { return "Writes one folder: docs/operate/backup.md." }

func (c *backupCmd) Run(ctx context.Context) error {
	s, err := installation.Read(c.Config)
	if err != nil {
		return err
	}
	at := filepath.Join(c.To, "updspace-"+time.Now().UTC().Format("20060102T150405Z"))
	err = backup.Write(ctx, backup.Options{Settings: s, AdminURL: c.DatabaseURL, Folder: at, Recipients: c.Recipient, Progress: tell})
	if err != nil {
		return err
	}
	fmt.Println(at)
	return nil
}

func tell(f backup.File) { fmt.Fprintf(os.Stderr, "%-22s %12d bytes\n", f.Name, f.Bytes) }

type restoreCmd struct {
	folder
	From        string `arg:"" help:"Folder of the backup." type:"existingdir"`
	DatabaseURL string `help:"PostgreSQL, with a superuser." env:"UPDSPACE_DATABASE_URL" placeholder:"URL"`
	Identity    string `help:"File with the private key of an encrypted backup." type:"existingfile" placeholder:"FILE"`
	Verify      bool   `help:"Only compare the backup with its checksums, which needs no key."`
}

// Help is shown by --help.
func (*restoreCmd) Help() string {
	return "Restores into new databases, with the settings that the installation had: docs/operate/backup.md."
}

func (c *restoreCmd) Run(ctx context.Context) error {
	if c.Verify {
		m, err := backup.Verify(c.From)
		if err == nil {
			fmt.Printf("The backup of %s is whole.\n", m.Made.Format(time.RFC3339))
		}
		return err
	}
	s, err := installation.Read(c.Config)
	if err != nil {
		return err
	}
	var identities []age.Identity
	if c.Identity != "" {
		file, err := os.Open(c.Identity)
		if err != nil {
			return err
		}
		defer file.Close()
		if identities, err = age.ParseIdentities(file); err != nil {
			return fmt.Errorf("reading the private key: %w", err)
		}
	}
	return backup.Restore(ctx, backup.Options{Settings: s, AdminURL: c.DatabaseURL, Folder: c.From, Progress: tell}, identities)
}
