package journey

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// The identities of the demo data that answers show.
const (
	tenantAEF = "00000000-0000-0000-0000-000000000001"
	memberID  = "00000000-0000-4000-8000-000000000002"
)

var steps = []step{
	{"Discovery tells what the ID service can do", discovery},
	{"The demo member mistypes the password once, then signs in", memberSignsIn},
	{"/session/me says who that is", sessionMe},
	{"An anonymous call is refused", anonymous},
	{"A POST without the CSRF token is refused", withoutCSRF},
	{"A plain member may not create a poll", memberCannotCreate},
	{"The tenant admin creates a poll with two questions, a draft that members do not see", adminCreates},
	{"The admin publishes it; the member may not close it", adminPublishes},
	{"The member votes in both questions", memberVotes},
	{"The member reads their own votes", memberReadsVotes},
	{"The results are hidden until the end", resultsHidden},
	{"A second member votes", secondVotes},
	{"A double vote is refused", doubleVote},
	{"The admin closes the poll and everyone reads the right results", adminCloses},
	{"A user of another tenant finds none of it", outsider},
	{"The admin founds a community that one cannot simply join", adminFounds},
	{"The member joins by a link", memberJoinsByLink},
	{"The member becomes a moderator, at once", memberModerates},
	{"The member writes a post for the community", memberWrites},
	{"Who is no member neither writes there nor reads it", notAMember},
	{"The member is removed and refused on the next request", memberIsRemoved},
	{"A user of another tenant finds nothing of the community", communityOfAnotherTenant},
	{"The admin deletes the community", adminDissolves},
	{"The admin plans an event every week; its time stays when clocks change", adminPlans},
	{"It has one seat: the member comes, a second member waits", secondWaits},
	{"The member withdraws, and the seat passes on", seatPassesOn},
	{"An address without an account is invited, and answers by the link of its mail", guestAnswers},
	{"A user of another tenant finds nothing of the event", eventOfAnotherTenant},
	{"The admin deletes the event; the member may not", adminDeletesEvent},
	{"The admin makes an achievement for coming to an event, rewarded with a role; the member may not", adminRewards},
	{"The member comes to an event", memberAttends},
	{"The member has the achievement, and the role with it", badgeAppears},
	{"The admin takes it back, and the member is refused", adminTakesBack},
	{"A user of another tenant finds nothing of the achievement", recognitionOfAnotherTenant},
	{"A guest applies with answers to the questions of the tenant; a mail says that the application waits", guestApplies},
	{"The admin approves it; neither a member nor an admin of another tenant may", adminApproves},
	{"The link of the next mail activates the account, once, and signs in", applicantActivates},
	{"The new member signs in with the password at the ID service", newMemberSignsIn},
	{"The new member links a Steam account, and signs in with it", newMemberLinks},
	{"A guest of an open community signs up; nothing exists before the mail confirms the address, then they are in", guestSignsUp},
	{"The member posts news, which the feed of another shows", memberPostsNews},
	{"The second member reacts and comments, and may not delete it", secondAnswersNews},
	{"The admin hides it with a reason: for the others it does not exist", adminHidesNews},
	{"The admin prepares a poll, an event and an achievement", adminPreparesScene},
	{"The second member opens a page, which listens", secondOpensPage},
	{"The admin posts: the open page is told at once", postArrives},
	{"The member votes: the open page is told", voteArrives},
	{"The member comes to the event: the open page is told", answerArrives},
	{"The member is granted the achievement: the open page is told", grantArrives},
	{"The admin deletes the post: the open page is told, too", sceneIsCleared},
	{"A suspended user is refused everywhere", suspended},
	{"Signing out ends the session at once, and signing in again asks for the password", signOut},
	{"A magic link from the mailbox signs in", magicLink},
}

func discovery(ctx context.Context, w *Walk) error {
	b := NewBrowser(w.ID, w.transport, w.log)
	var doc struct {
		Issuer                string   `json:"issuer"`
		AuthorizationEndpoint string   `json:"authorization_endpoint"`
		TokenEndpoint         string   `json:"token_endpoint"`
		UserinfoEndpoint      string   `json:"userinfo_endpoint"`
		JWKSURI               string   `json:"jwks_uri"`
		Challenges            []string `json:"code_challenge_methods_supported"`
	}
	if err := b.Get(ctx, "/.well-known/openid-configuration").JSON(http.StatusOK, &doc); err != nil {
		return err
	}
	if doc.Issuer != w.ID {
		return fmt.Errorf("the issuer is %q, not %q", doc.Issuer, w.ID)
	}
	for _, endpoint := range []string{doc.AuthorizationEndpoint, doc.TokenEndpoint, doc.UserinfoEndpoint, doc.JWKSURI} {
		if !strings.HasPrefix(endpoint, w.ID+"/") {
			return fmt.Errorf("endpoint %q is not on %s", endpoint, w.ID)
		}
	}
	if !slices.Equal(doc.Challenges, []string{"S256"}) {
		return fmt.Errorf("PKCE methods are %v, not only S256", doc.Challenges)
	}
	var jwks struct {
		Keys []map[string]any `json:"keys"`
	}
	if err := b.Get(ctx, doc.JWKSURI).JSON(http.StatusOK, &jwks); err != nil {
		return err
	}
	if len(jwks.Keys) == 0 {
		return errors.New("there are no signing keys")
	}
	for _, key := range jwks.Keys {
		if key["d"] != nil {
			return errors.New("a private key is published")
		}
	}
	return nil
}

func memberSignsIn(ctx context.Context, w *Walk) error {
	b := w.as(Member)
	page, err := signInPage(ctx, b)
	if err != nil {
		return err
	}
	if err := enter(ctx, b, page, Member, "not the password").ExpectCode(http.StatusUnauthorized, "INVALID_CREDENTIALS"); err != nil {
		return err
	}
	return SignIn(ctx, b, Member, Password)
}

// me is the part of /session/me that is looked at.
type me struct {
	User struct {
		ID          string         `json:"id"`
		MasterFlags map[string]any `json:"master_flags"`
	} `json:"user"`
	Tenant struct {
		ID   string `json:"id"`
		Slug string `json:"slug"`
	} `json:"tenant"`
	Membership *struct {
		Status   string `json:"status"`
		BaseRole string `json:"base_role"`
	} `json:"tenant_membership"`
	IDProfile *struct {
		User struct {
			Email string `json:"email"`
		} `json:"user"`
	} `json:"id_profile"`
	IDFrontend   string   `json:"id_frontend_base_url"`
	Capabilities []string `json:"capabilities"`
	Roles        []string `json:"roles"`
	RequestID    string   `json:"request_id"`
}

func sessionMe(ctx context.Context, w *Walk) error {
	var got me
	if err := w.as(Member).Send(ctx, http.MethodGet, "/api/v1/session/me", nil).JSON(http.StatusOK, &got); err != nil {
		return err
	}
	switch {
	case got.User.ID != memberID:
		return fmt.Errorf("the user is %s, not %s", got.User.ID, memberID)
	case got.Tenant.ID != tenantAEF || got.Tenant.Slug != "aef":
		return fmt.Errorf("the tenant is %s %q", got.Tenant.ID, got.Tenant.Slug)
	case got.Membership == nil || got.Membership.Status != "active":
		return errors.New("there is no active membership")
	case got.IDProfile == nil || got.IDProfile.User.Email != Member:
		return errors.New("id_profile does not show the account")
	case got.IDFrontend != w.ID:
		return fmt.Errorf("id_frontend_base_url is %q", got.IDFrontend)
	case len(got.Roles) == 0:
		return errors.New("there are no roles")
	}
	for _, key := range []string{"voting.poll.read", "voting:read", "voting.vote.cast"} {
		if !slices.Contains(got.Capabilities, key) {
			return fmt.Errorf("the capability %s is missing", key)
		}
	}
	if slices.Contains(got.Capabilities, "voting.poll.create") {
		return errors.New("a plain member has the capability voting.poll.create")
	}
	return nil
}

func anonymous(ctx context.Context, w *Walk) error {
	b := NewBrowser(w.Portal("aef"), w.transport, w.log)
	for _, path := range []string{"/api/v1/session/me", "/api/v1/voting/polls"} {
		a := b.Send(ctx, http.MethodGet, path, nil)
		if err := a.Expect(http.StatusUnauthorized); err != nil {
			return err
		}
		if _, err := a.Envelope(); err != nil {
			return err
		}
	}
	return nil
}

func withoutCSRF(ctx context.Context, w *Walk) error {
	b := w.as(Member)
	token := b.Cookie(csrfCookie)
	if token == "" {
		return errors.New("there is no " + csrfCookie + " cookie")
	}
	poll := map[string]any{"title": "Forged"}
	b.Forget(csrfCookie)
	if err := b.Send(ctx, http.MethodPost, "/api/v1/voting/polls", poll).ExpectCode(http.StatusForbidden, "CSRF_FAILED"); err != nil {
		return err
	}
	b.Remember(csrfCookie, token)
	return b.Send(ctx, http.MethodPost, "/api/v1/voting/polls", poll, "X-CSRF-Token", "made-up").ExpectCode(http.StatusForbidden, "CSRF_FAILED")
}

func suspended(ctx context.Context, w *Walk) error {
	b := w.as(Suspended)
	if SignIn(ctx, b, Suspended, Password) == nil {
		return errors.New("a suspended account signed in by password")
	}
	// The API of the sign-in page says why, once the password is right.
	id := NewBrowser(w.ID, w.transport, w.log)
	var form struct {
		Token string `json:"form_token"`
	}
	if err := id.Send(ctx, http.MethodGet, "/api/v1/auth/form_token?purpose=login", nil).JSON(http.StatusOK, &form); err != nil {
		return err
	}
	login := map[string]any{"email": Suspended, "password": Password, "form_token": form.Token}
	if err := id.Send(ctx, http.MethodPost, "/api/v1/auth/login", login).ExpectCode(http.StatusForbidden, "ACCOUNT_SUSPENDED"); err != nil {
		return err
	}
	// By mail: the answer does not tell, but no link exists.
	var sent struct {
		Sent bool    `json:"sent"`
		Link *string `json:"dev_magic_link"`
	}
	if err := b.Send(ctx, http.MethodPost, "/api/v1/session/login", map[string]any{"email": Suspended}).JSON(http.StatusOK, &sent); err != nil {
		return err
	}
	if !sent.Sent || sent.Link != nil {
		return errors.New("asking for a magic link tells a suspended account from another, or made one")
	}
	for _, path := range []string{"/api/v1/session/me", w.poll("/info"), "/api/v1/voting/polls"} {
		if err := b.Send(ctx, http.MethodGet, path, nil).Expect(http.StatusUnauthorized); err != nil {
			return err
		}
	}
	return nil
}

func signOut(ctx context.Context, w *Walk) error {
	b := w.as(Member)
	session := b.Cookie(sessionCookie)
	if err := b.Send(ctx, http.MethodPost, "/api/v1/logout", nil).Expect(http.StatusNoContent); err != nil {
		return err
	}
	if b.Cookie(sessionCookie) != "" {
		return errors.New("the session cookie is still there")
	}
	b.Remember(sessionCookie, session)
	if err := b.Send(ctx, http.MethodGet, "/api/v1/session/me", nil).Expect(http.StatusUnauthorized); err != nil {
		return fmt.Errorf("with the old cookie: %w", err)
	}
	if err := b.Send(ctx, http.MethodGet, "/api/v1/voting/polls", nil).Expect(http.StatusUnauthorized); err != nil {
		return fmt.Errorf("with the old cookie: %w", err)
	}
	b.Forget(sessionCookie)
	if _, err := signInPage(ctx, b); err != nil {
		return fmt.Errorf("signing in again without a password: %w", err)
	}
	return nil
}

func magicLink(ctx context.Context, w *Walk) error {
	b := w.as(Member)
	var sent struct {
		Sent bool    `json:"sent"`
		Link *string `json:"dev_magic_link"`
	}
	request := map[string]any{"email": Member, "next": "/"}
	if err := b.Send(ctx, http.MethodPost, "/api/v1/session/login", request).JSON(http.StatusOK, &sent); err != nil {
		return err
	}
	if !sent.Sent || sent.Link == nil {
		return errors.New("there is no dev_magic_link")
	}
	want, err := url.Parse(*sent.Link)
	if err != nil {
		return err
	}
	link, err := w.mailedLink(ctx, Member, func(u *url.URL) bool { return u.Host == want.Host && u.Query().Get("code") == want.Query().Get("code") })
	if err != nil {
		return err
	}
	end := FollowLink(ctx, b, link)
	if end.Err != nil {
		return end.Err
	}
	if origin(end.Request.URL) != b.Home || b.Cookie(sessionCookie) == "" {
		return fmt.Errorf("the link ended at %s with %d and no session", end.Request.URL.Redacted(), end.Status)
	}
	var got me
	if err := b.Send(ctx, http.MethodGet, "/api/v1/session/me", nil).JSON(http.StatusOK, &got); err != nil {
		return err
	}
	if got.User.ID != memberID {
		return fmt.Errorf("the link signed in %s", got.User.ID)
	}
	return PreviewLink(ctx, NewBrowser(w.Portal("aef"), w.transport, w.log), link).ExpectCode(http.StatusConflict, "TOKEN_USED")
}

// mailedLink finds a link of a mail to an address in the development mailbox, among its newest mails. Mail may take a moment to arrive.
func (w *Walk) mailedLink(ctx context.Context, to string, is func(*url.URL) bool) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	b := NewBrowser(w.ID, w.transport, w.log)
	for {
		mailbox := b.Get(ctx, "/dev/mail", "Accept", "text/html")
		if err := mailbox.Page(); err != nil {
			return "", err
		}
		newest := slices.DeleteFunc(Links(mailbox.Body), func(link string) bool { return !strings.HasPrefix(link, "/dev/mail/") })
		for _, address := range newest[:min(len(newest), 3)] {
			mail := b.Get(ctx, address, "Accept", "text/html")
			if err := mail.Page(); err != nil {
				return "", err
			}
			for _, link := range Links(mail.Body) {
				u, err := url.Parse(link)
				if err == nil && is(u) && strings.Contains(string(mail.Body), to) {
					return link, nil
				}
			}
		}
		select {
		case <-ctx.Done():
			return "", errors.New("the mailbox does not show the mail with the link")
		case <-time.After(200 * time.Millisecond):
		}
	}
}
