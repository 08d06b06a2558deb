package standins

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// Choose does what a person at a browser does, for tests: it opens the address that a service sends the browser to, chooses an account, or cancels
// when account is empty, and returns the address at the service that the browser is sent back to.
func Choose(ctx context.Context, address, account string) (string, error) {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	send := func(method, body string) (location string, err error) {
		r, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(body))
		if err != nil {
			return "", err
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		answer, err := client.Do(r)
		if err != nil {
			return "", err
		}
		defer answer.Body.Close()
		text, err := io.ReadAll(answer.Body)
		if err == nil && answer.StatusCode >= http.StatusBadRequest {
			err = fmt.Errorf("%s %s: %s: %s", method, address, answer.Status, text)
		}
		return answer.Header.Get("Location"), err
	}
	if _, err := send(http.MethodGet, ""); err != nil {
		return "", err
	}
	form := url.Values{"account": {account}}
	if account == "" {
		form = url.Values{"cancel": {"1"}}
	}
	return send(http.MethodPost, form.Encode())
}
