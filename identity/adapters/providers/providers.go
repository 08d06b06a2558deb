// Package providers asks other services who a user is there: Steam by OpenID 2.0, Discord and GitHub by OAuth 2.0, any issuer by OpenID
// Connect. It keeps nothing of what they answer, tokens least of all, and reaches them through libs/egress only.
package providers

import (
	"context"
	"errors"
	"net/url"
	"time"

	"github.com/failsafe-go/failsafe-go"
	"github.com/failsafe-go/failsafe-go/circuitbreaker"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/egress"
	"go.updspace.com/libs/errs"
)

// provider is one service. Errors are domain's; others count as ErrProviderUnavailable.
type provider interface {
	about() domain.Provider
	// begin returns the address to send the browser to. The answer comes back to callback.
	begin(ctx context.Context, callback string, state domain.Secret, proof domain.FlowProof) (string, error)
	finish(ctx context.Context, callback string, answer url.Values, state domain.Secret, proof domain.FlowProof) (domain.ExternalAccount, error)
}

// Providers implements ports.ExternalProviders.
type Providers struct {
	site   string
	client *egress.Client
	list   []domain.Provider
	all    map[string]guarded
}

type guarded struct {
	provider
	guard failsafe.Executor[any]
}

const (
	// patience is for all calls of one way back: code, keys and account.
	patience = 15 * time.Second
	// A provider that has failed so often one after another is not asked for a while. What a user does wrong is no failure.
	failures = 5
	pause    = 30 * time.Second
)

// New returns the providers of the settings. site is scheme and host of this service as browsers see it.
func New(cfg Config, site string, now func() time.Time) (*Providers, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	client := egress.New(egress.Config{
		Ports: cfg.ports(), Exceptions: cfg.Exceptions, TLSOnly: true, Timeout: 8 * time.Second, MaxBody: 256 << 10,
	})
	p := &Providers{site: site, client: client, all: map[string]guarded{}}
	for _, provider := range cfg.providers(site, client, now) {
		about := provider.about()
		p.list = append(p.list, about)
		p.all[about.ID] = guarded{provider, failsafe.With(circuitbreaker.NewBuilder[any]().HandleIf(failed).WithFailureThreshold(failures).WithDelay(pause).Build())}
	}
	return p, nil
}

// Close closes idle connections.
func (p *Providers) Close() { p.client.Close() }

// List implements ports.ExternalProviders.
func (p *Providers) List() []domain.Provider { return p.list }

func (p *Providers) callback(id string) string { return p.site + domain.ProviderCallbackPath + id }

// Begin implements ports.ExternalProviders.
func (p *Providers) Begin(ctx context.Context, id string, state domain.Secret, proof domain.FlowProof) (address string, err error) {
	err = p.ask(ctx, id, func(ctx context.Context, with provider) (err error) {
		address, err = with.begin(ctx, p.callback(id), state, proof)
		return err
	})
	return address, err
}

// Finish implements ports.ExternalProviders.
func (p *Providers) Finish(
	ctx context.Context, id string, answer url.Values, state domain.Secret, proof domain.FlowProof,
) (account domain.ExternalAccount, err error) {
	for _, values := range answer {
		if len(values) != 1 { // which of them counts, readers disagree about
			return account, domain.ErrIdentityNotProven
		}
	}
	err = p.ask(ctx, id, func(ctx context.Context, with provider) (err error) {
		account, err = with.finish(ctx, p.callback(id), answer, state, proof)
		return err
	})
	return account, err
}

func (p *Providers) ask(ctx context.Context, id string, fn func(context.Context, provider) error) error {
	with, known := p.all[id]
	if !known {
		return domain.ErrProviderUnknown
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	err := with.guard.Run(func() error { return told(fn(ctx, with.provider)) })
	if errors.Is(err, circuitbreaker.ErrOpen) {
		return domain.ErrProviderUnavailable.WithRetryAfter(pause).Wrap(err)
	}
	return err
}

func failed(_ any, err error) bool {
	return errors.Is(err, domain.ErrProviderUnavailable) || errors.Is(err, domain.ErrProviderAnswer)
}

// told is an error in the domain's terms. Errors of net/http hold no more of a request than its address, and egress takes that away.
func told(err error) error {
	var known *errs.Error
	switch {
	case err == nil, errors.As(err, &known):
		return err
	case errors.Is(err, egress.ErrTooLarge):
		return domain.ErrProviderAnswer.Wrap(err)
	}
	return domain.ErrProviderUnavailable.Wrap(err)
}
