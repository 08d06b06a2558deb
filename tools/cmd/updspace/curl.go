package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"syscall"

	"go.updspace.com/tools/journey"
)

// reach says which running platform a command is for.
type reach struct {
	Bind string `help:"The address that the running platform was given (up --bind)." default:"127.0.0.1"`
}

// notUp is the error of a platform that does not answer.
func (r reach) notUp() string {
	return "No platform is up at " + r.Bind + ". Run `make up` in another terminal and leave it running, or give the address of the one that runs with --bind."
}

type curlCmd struct {
	reach
	As     string `help:"The demo account that asks: an address, or its part before the @, as in 'make up'." default:"member" placeholder:"USER"`
	Tenant string `help:"The tenant that is asked." default:"aef"`
	Method string `short:"X" help:"The method; GET without data, POST with it." placeholder:"METHOD"`
	Data   string `short:"d" help:"A JSON body."`
	Path   string `arg:"" help:"For example /api/v1/voting/polls."`
}

func (c *curlCmd) Run(ctx context.Context) error {
	b := journey.NewBrowser(journey.Local(c.Bind).Portal(c.Tenant), journey.TransportTo(c.Bind), nil)
	defer b.CloseIdleConnections()
	answer, err := c.ask(ctx, b)
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return errors.New(c.notUp())
	case err != nil:
		return err
	}
	fmt.Fprintln(os.Stderr, answer.Status, http.StatusText(answer.Status))
	fmt.Println(strings.TrimSpace(string(answer.Body)))
	if answer.Status >= http.StatusBadRequest {
		return exit(1)
	}
	return nil
}

// ask signs in and sends the request, as a page would.
func (c *curlCmd) ask(ctx context.Context, b *journey.Browser) (*journey.Answer, error) {
	if err := journey.SignIn(ctx, b, demoAccount(c.As), journey.Password); err != nil {
		return nil, fmt.Errorf("signing in as %s: %w", c.As, err)
	}
	var body any
	method := http.MethodGet
	if c.Data != "" {
		method, body = http.MethodPost, json.RawMessage(c.Data)
	}
	if c.Method != "" {
		method = strings.ToUpper(c.Method)
	}
	answer := b.Send(ctx, method, c.Path, body)
	return answer, answer.Err
}

// demoAccount is the address of the account with a short name.
func demoAccount(name string) string {
	for _, address := range []string{journey.Admin, journey.Member, journey.Second, journey.Suspended, journey.Root, journey.Outsider} {
		if strings.HasPrefix(address, name+"@") {
			return address
		}
	}
	return name
}
