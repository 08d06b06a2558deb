package journey

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const signUpPath = "/api/v1/auth/signup"

// guestSignsUp walks from the form to the community, as the pages of the ID host do.
func guestSignsUp(ctx context.Context, w *Walk) error {
	id, portal := NewBrowser(w.ID, w.transport, w.log), w.Portal("gaming")
	email := fmt.Sprintf("signs-up-%d@player.test", time.Now().UnixNano())
	var form struct {
		FormToken string `json:"form_token"`
	}
	if err := id.Send(ctx, http.MethodGet, "/api/v1/auth/form_token?purpose=register", nil).JSON(http.StatusOK, &form); err != nil {
		return err
	}
	body := map[string]any{
		"tenant": "gaming", "email": email, "password": applicantPassword, "form_token": form.FormToken, "username": "Nils New", "language": "en",
		"consent_data_processing": false, "accepts_verification": true,
	}
	if err := id.Send(ctx, http.MethodPost, signUpPath, body).ExpectCode(http.StatusBadRequest, "CONSENT_REQUIRED"); err != nil {
		return err
	}
	body["consent_data_processing"] = true
	if err := id.Send(ctx, http.MethodPost, signUpPath, body).Expect(http.StatusAccepted); err != nil {
		return err
	}
	guest := NewBrowser(portal, w.transport, w.log)
	page, err := signInPage(ctx, guest)
	if err != nil {
		return err
	}
	if err := enter(ctx, guest, page, email, applicantPassword).ExpectCode(http.StatusUnauthorized, "INVALID_CREDENTIALS"); err != nil {
		return err
	}
	link, err := w.mailedLink(ctx, email, func(u *url.URL) bool { return strings.HasPrefix(u.Fragment, "signup=") })
	if err != nil {
		return err
	}
	_, token, _ := strings.Cut(link, "#signup=")
	var confirmed struct {
		SignedIn bool `json:"signed_in"`
		Next     string
	}
	confirm := map[string]any{"tenant": "gaming", "token": token, "password": applicantPassword}
	address := w.ID + signUpPath + "/confirm"
	if err := guest.Send(ctx, http.MethodPost, address, confirm).JSON(http.StatusOK, &confirmed); err != nil {
		return err
	}
	if end := guest.Open(ctx, confirmed.Next); !confirmed.SignedIn || end.Err != nil || origin(end.Request.URL) != portal {
		return fmt.Errorf("the sign-up ended elsewhere: %+v %w", confirmed, end.Err)
	}
	return isMemberAs(ctx, guest, email)
}
