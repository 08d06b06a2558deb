package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strings"

	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/tools/installation"
	"go.updspace.com/tools/services"
)

// folder is where an installation keeps its settings.
type folder struct {
	Config string `help:"Directory of the settings." default:"/etc/updspace" type:"path" env:"UPDSPACE_CONFIG"`
}

type initCmd struct {
	folder
	Domain      string `help:"Domain of the communities: each is at https://SLUG.DOMAIN." placeholder:"example.org"`
	IDHost      string `help:"Host of accounts; id.DOMAIN unless said." placeholder:"HOST" name:"id-host"`
	DatabaseURL string `help:"PostgreSQL, with a role that may create databases and roles. Used now and not stored." env:"UPDSPACE_DATABASE_URL" placeholder:"URL"`

	SMTPHost     string `help:"Mail server." name:"smtp-host" placeholder:"HOST"`
	SMTPPort     int    `help:"Its port; 587 unless said." name:"smtp-port" placeholder:"PORT"`
	SMTPTLS      string `help:"starttls, tls (from the first byte) or none; starttls unless said." name:"smtp-tls" placeholder:"MODE"`
	SMTPUsername string `help:"User of the mail server." name:"smtp-username" placeholder:"NAME"`
	SMTPPassword string `help:"Its password." name:"smtp-password" env:"UPDSPACE_SMTP_PASSWORD" placeholder:"PASSWORD"`
	SMTPFrom     string `help:"Sender of the platform's mails." name:"smtp-from" placeholder:"ADDRESS"`

	Admin         string `help:"E-mail address of the first administrator, who signs in by a mailed link." placeholder:"ADDRESS"`
	AdminName     string `help:"Name of the first administrator." placeholder:"NAME"`
	Community     string `help:"Slug of the first community." placeholder:"SLUG"`
	CommunityName string `help:"Name of the first community." placeholder:"NAME"`

	Addr           string   `help:"Where serve listens; 127.0.0.1:8000 unless said." placeholder:"HOST:PORT"`
	TLSCert        string   `help:"Certificate of *.DOMAIN and the ID host (PEM). Without it, a proxy ends TLS in front." name:"tls-cert" type:"path"`
	TLSKey         string   `help:"Its private key (PEM)." name:"tls-key" type:"path"`
	TrustedProxies []string `help:"Networks of the proxies in front, besides this machine." placeholder:"CIDR"`
	NATSURL        string   `help:"NATS with JetStream. Without it, serve runs one of its own." name:"nats-url" placeholder:"URL"`
	RedisURL       string   `help:"Redis, if there is one." name:"redis-url" placeholder:"URL"`
	Data           string   `help:"Where files and the broker's streams are kept; /var/lib/updspace unless said." type:"path"`
}

// Help is shown by --help.
func (*initCmd) Help() string {
	return "Writes the settings of a new installation with fresh secrets, makes its databases, the first community and its administrator. " +
		"What a flag does not say is asked. It may be run again: what is there stays."
}

func (c *initCmd) Run(ctx context.Context) error {
	if err := c.ask(os.Stdin, os.Stderr); err != nil {
		return err
	}
	answers := installation.Answers{
		Domain: c.Domain, IDHost: c.IDHost, DatabaseURL: c.DatabaseURL,
		SMTPHost: c.SMTPHost, SMTPPort: c.SMTPPort, SMTPTLS: c.SMTPTLS, SMTPUsername: c.SMTPUsername, SMTPPassword: c.SMTPPassword, SMTPFrom: c.SMTPFrom,
		AdminEmail: c.Admin, AdminName: c.AdminName, Community: c.Community, CommunityName: c.CommunityName,
		Addr: c.Addr, Certificate: c.TLSCert, PrivateKey: c.TLSKey, TrustedProxies: c.TrustedProxies,
		NATSURL: c.NATSURL, RedisURL: c.RedisURL, DataDir: c.Data,
	}
	if err := installation.Init(ctx, c.Config, answers, func(step string) { fmt.Println(step) }); err != nil {
		return err
	}
	fmt.Printf("\nNow: updspace serve --config %s\n", c.Config)
	return nil
}

// ask asks for the answers that there is no default for, when a person is there to give them.
func (c *initCmd) ask(in io.Reader, out io.Writer) error {
	if f, ok := in.(*os.File); ok && !isTerminal(f) {
		return nil
	}
	lines := bufio.NewReader(in)
	for _, q := range []struct {
		answer   *string
		question string
	}{
		{&c.Domain, "Domain of the communities, such as example.org"},
		{&c.DatabaseURL, "URL of PostgreSQL, with a role that may create databases"},
		{&c.SMTPHost, "Mail server"},
		{&c.SMTPFrom, "Sender of mails"},
		{&c.Admin, "E-mail address of the first administrator"},
		{&c.Community, "Slug of the first community, the first label of its host"},
	} {
		if *q.answer != "" {
			continue
		}
		fmt.Fprintf(out, "%s: ", q.question)
		line, err := lines.ReadString('\n')
		if err != nil {
			return fmt.Errorf("reading the answers: %w", err)
		}
		*q.answer = strings.TrimSpace(line)
	}
	return nil
}

type serveCmd struct{ folder }

func (c *serveCmd) Run(ctx context.Context) error {
	s, err := installation.Read(c.Config)
	if err != nil {
		return err
	}
	servicefx.SetGC()
	return installation.Serve(ctx, s, os.Stdout, func(a net.Addr) {
		fmt.Fprintf(os.Stderr, "UpdSpace is up at %s.\n", a)
	})
}

type configCmd struct {
	Check     configCheckCmd     `cmd:"" help:"Say what is wrong with the settings."`
	Reference configReferenceCmd `cmd:"" help:"Print the reference of all settings, in Markdown. It reads the source."`
}

type configCheckCmd struct{ folder }

func (c *configCheckCmd) Run() error {
	s, err := installation.Read(c.Config)
	if err != nil {
		return err
	}
	if err := s.Check(); err != nil {
		return err
	}
	fmt.Println("The settings in " + c.Config + " are complete.")
	return nil
}

type operateCmd struct {
	folder
	Service string   `arg:"" help:"Name of the service." optional:""`
	Verb    string   `arg:"" help:"What to do." optional:""`
	Args    []string `arg:"" passthrough:"" optional:""`
}

// Help is shown by --help.
func (*operateCmd) Help() string {
	var text strings.Builder
	for _, s := range services.All() {
		for _, v := range s.Verbs {
			fmt.Fprintf(&text, "%s %s %s\n\n", s.Name, v.Name, v.Help)
		}
	}
	return text.String()
}

func (c *operateCmd) Run(ctx context.Context) error {
	all := services.All()
	i := slices.IndexFunc(all, func(s services.Service) bool { return s.Name == c.Service })
	if i < 0 {
		return fmt.Errorf("there is no service %q; see updspace operate --help", c.Service)
	}
	j := slices.IndexFunc(all[i].Verbs, func(v services.Verb) bool { return v.Name == c.Verb })
	if j < 0 {
		return fmt.Errorf("%s has no verb %q; see updspace operate --help", c.Service, c.Verb)
	}
	s, err := installation.Read(c.Config)
	if err != nil {
		return err
	}
	env, err := s.OperatorEnv(c.Service)
	if err != nil {
		return err
	}
	return all[i].Verbs[j].Run(ctx, env, c.Args)
}
