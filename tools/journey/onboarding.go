package journey

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// applicant is a guest who becomes a member.
type applicant struct {
	browser *Browser
	member  *Browser // signed in with the password
	email   string
	token   string // of the page about the application
	id      int64
}

const applicantPassword = "quiet harbour, seven lanterns"

const applicationsPath = "/api/v1/portal/applications"

type applicationForm struct {
	Open       bool
	FormToken  string `json:"form_token"`
	MinSeconds int    `json:"min_seconds"`
	Questions  []struct {
		Key, Kind string
		Options   []struct{ Value string }
	}
}

// answers are some to every question.
func (f applicationForm) answers() map[string]string {
	out := map[string]string{}
	for _, q := range f.Questions {
		switch q.Kind {
		case "choice":
			out[q.Key] = q.Options[0].Value
		case "checkbox":
			out[q.Key] = "yes"
		default:
			out[q.Key] = "Chess, mostly"
		}
	}
	return out
}

func guestApplies(ctx context.Context, w *Walk) error {
	a := &w.applicant
	*a = applicant{browser: NewBrowser(w.Portal("aef"), w.transport, w.log), email: fmt.Sprintf("applicant-%d@player.test", time.Now().UnixNano())}
	var form applicationForm
	if err := a.browser.Send(ctx, http.MethodGet, applicationsPath+"/form", nil).JSON(http.StatusOK, &form); err != nil {
		return err
	}
	if !form.Open {
		return fmt.Errorf("the form is closed")
	}
	body := map[string]any{
		"email": a.email, "form_token": form.FormToken,
		"payload_json": map[string]any{"display_name": "Nora New", "language": "en", "answers": form.answers()},
	}
	if err := a.browser.Send(ctx, http.MethodPost, applicationsPath, body).ExpectCode(http.StatusConflict, "FORM_TOO_SOON"); err != nil {
		return err
	}
	for { // a form that is filled in as fast as by a program is not taken yet
		sent := a.browser.Send(ctx, http.MethodPost, applicationsPath, body)
		if sent.Status != http.StatusConflict {
			if err := sent.Expect(http.StatusCreated); err != nil {
				return err
			}
			break
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Duration(form.MinSeconds) * time.Second):
		}
	}
	link, err := w.mailedLink(ctx, a.email, func(u *url.URL) bool { return u.Path == "/apply" })
	if err != nil {
		return err
	}
	_, a.token, _ = strings.Cut(link, "#")
	return a.stands(ctx, "pending")
}

// stands reads the page of the mail's link.
func (a *applicant) stands(ctx context.Context, want string) error {
	var is struct{ Status string }
	if err := a.browser.Send(ctx, http.MethodPost, applicationsPath+"/status", map[string]any{"token": a.token}).JSON(http.StatusOK, &is); err != nil {
		return err
	}
	if is.Status != want {
		return fmt.Errorf("the application is %s, not %s", is.Status, want)
	}
	return nil
}

func adminApproves(ctx context.Context, w *Walk) error {
	a, path := &w.applicant, applicationsPath+"?status=pending&q="+url.QueryEscape(w.applicant.email)
	if err := w.as(Member).Send(ctx, http.MethodGet, path, nil).ExpectCode(http.StatusForbidden, "FORBIDDEN"); err != nil {
		return err
	}
	var waiting struct {
		Items []struct {
			ID         int64
			TenantSlug string `json:"tenant_slug"`
			Status     string
		}
	}
	if err := w.as(Admin).Send(ctx, http.MethodGet, path, nil).JSON(http.StatusOK, &waiting); err != nil {
		return err
	}
	if len(waiting.Items) != 1 || waiting.Items[0].TenantSlug != "aef" || waiting.Items[0].Status != "pending" {
		return fmt.Errorf("the application does not wait for the admin: %+v", waiting)
	}
	a.id = waiting.Items[0].ID
	if err := w.browser(Outsider, "gaming").Send(ctx, http.MethodPost, a.path("/approve"), nil).ExpectCode(http.StatusNotFound, "NOT_FOUND"); err != nil {
		return err
	}
	var approved struct {
		ActivationToken *string `json:"activation_token"`
	}
	if err := w.as(Admin).Send(ctx, http.MethodPost, a.path("/approve"), nil).JSON(http.StatusOK, &approved); err != nil {
		return err
	}
	if approved.ActivationToken != nil {
		return fmt.Errorf("the admin's browser got the activation token")
	}
	if err := w.as(Admin).Send(ctx, http.MethodPost, a.path("/approve"), nil).ExpectCode(http.StatusConflict, "INVALID_APPLICATION_STATUS"); err != nil {
		return err
	}
	return a.stands(ctx, "approved")
}

func (a *applicant) path(action string) string {
	return fmt.Sprintf("%s/%d%s", applicationsPath, a.id, action)
}

func applicantActivates(ctx context.Context, w *Walk) error {
	a := &w.applicant
	link, err := w.mailedLink(ctx, a.email, func(u *url.URL) bool { return strings.HasPrefix(u.Path, "/invite/") })
	if err != nil {
		return err
	}
	page := a.browser.Open(ctx, link)
	if page.Err != nil {
		return page.Err
	}
	if err := page.Page(); err != nil {
		return err
	}
	token := strings.TrimPrefix(page.Request.URL.Path, "/invite/")
	var seen struct{ Email string }
	if err := a.browser.Send(ctx, http.MethodPost, "/api/v1/invite/preview", map[string]any{"token": token}).JSON(http.StatusOK, &seen); err != nil {
		return err
	}
	if seen.Email != a.email {
		return fmt.Errorf("the link is for %s", seen.Email)
	}
	body := map[string]any{"token": token, "display_name": "Nora New", "password": applicantPassword}
	if err := a.browser.Send(ctx, http.MethodPost, "/api/v1/invite/activate", body).Expect(http.StatusOK); err != nil {
		return err
	}
	if err := a.browser.Send(ctx, http.MethodPost, "/api/v1/invite/activate", body).ExpectCode(http.StatusConflict, "TOKEN_USED"); err != nil {
		return err
	}
	return w.isMember(ctx, a.browser)
}

// isMember reads /session/me of the applicant.
func (w *Walk) isMember(ctx context.Context, b *Browser) error {
	return isMemberAs(ctx, b, w.applicant.email)
}

// isMemberAs reads /session/me, which must say that a person with an address is a plain member.
func isMemberAs(ctx context.Context, b *Browser, email string) error {
	var me struct {
		TenantMembership *struct {
			Status   string
			BaseRole string `json:"base_role"`
		} `json:"tenant_membership"`
		IDProfile struct{ User struct{ Email string } } `json:"id_profile"`
	}
	if err := b.Send(ctx, http.MethodGet, "/api/v1/session/me", nil).JSON(http.StatusOK, &me); err != nil {
		return err
	}
	if me.TenantMembership == nil || me.TenantMembership.Status != "active" || me.TenantMembership.BaseRole != "member" || me.IDProfile.User.Email != email {
		return fmt.Errorf("%s is no member: %+v", email, me)
	}
	return nil
}

func newMemberSignsIn(ctx context.Context, w *Walk) error {
	w.applicant.member = NewBrowser(w.Portal("aef"), w.transport, w.log)
	if err := SignIn(ctx, w.applicant.member, w.applicant.email, applicantPassword); err != nil {
		return err
	}
	return w.isMember(ctx, w.applicant.member)
}
