package journey

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// chooseAt goes to another service, says which account is one's own there, and comes back to the page at the end.
func chooseAt(ctx context.Context, b *Browser, service *Answer, account string) (*Answer, error) {
	var to struct {
		AuthorizeURL string `json:"authorize_url"`
	}
	if err := service.JSON(http.StatusOK, &to); err != nil {
		return nil, err
	}
	form := url.Values{"account": {account}}.Encode()
	end := b.follow(ctx, b.do(ctx, http.MethodPost, to.AuthorizeURL, []byte(form), "application/x-www-form-urlencoded", nil))
	return end, end.Err
}

// newMemberLinks links an account at Steam, which signs its holder in from then on; before, it signs no one in.
func newMemberLinks(ctx context.Context, w *Walk) error {
	const steam = "/api/v1/auth/oauth/login/steam?next=/account/apps"
	account := fmt.Sprint(76561197960265728 + time.Now().UnixNano()%4_000_000_000)
	guest := NewBrowser(w.Portal("aef"), w.transport, w.log)
	arrives := func(path string) error {
		end, err := chooseAt(ctx, guest, guest.Send(ctx, http.MethodGet, w.ID+steam, nil), account)
		if err != nil {
			return err
		}
		if end.Request.URL.Path != path {
			return fmt.Errorf("signing in with Steam ended at %s", end.Request.URL.Redacted())
		}
		return nil
	}
	if err := arrives("/login"); err != nil {
		return err
	}
	b := w.applicant.member
	end, err := chooseAt(ctx, b, b.Send(ctx, http.MethodGet, w.ID+"/api/v1/auth/oauth/link/steam", nil), account)
	if err != nil {
		return err
	}
	if end.Request.URL.Query().Get("linked") != "steam" {
		return fmt.Errorf("linking ended at %s", end.Request.URL.Redacted())
	}
	return arrives("/account/apps")
}
