package journey

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// community is the one that the journey founds, and what the walk keeps of it.
type community struct {
	id    string
	token string // of its link
	link  string // the link's id
	post  string
}

func (w *Walk) inCommunity(suffix string) string {
	return "/api/v1/portal/groups/" + w.community.id + suffix
}

func (w *Walk) write(ctx context.Context, account, title string) *Answer {
	return w.as(account).Send(ctx, http.MethodPost, "/api/v1/portal/posts", map[string]any{
		"title": title, "body": "We play at **eight**.", "visibility": "community", "community_id": w.community.id,
	})
}

func adminFounds(ctx context.Context, w *Walk) error {
	draft := map[string]any{
		"name": "Journey of " + time.Now().UTC().Format(time.StampMicro), "description": "Made by the demo.", "join_policy": "invite",
	}
	if err := w.as(Member).Send(ctx, http.MethodPost, "/api/v1/portal/communities", draft).ExpectCode(http.StatusForbidden, "FORBIDDEN"); err != nil {
		return err
	}
	var made struct {
		ID   string `json:"id"`
		Role string `json:"my_role"`
	}
	if err := w.as(Admin).Send(ctx, http.MethodPost, "/api/v1/portal/communities", draft).JSON(http.StatusCreated, &made); err != nil {
		return err
	}
	if made.Role != "owner" {
		return fmt.Errorf("who creates a community is its %q, not its owner", made.Role)
	}
	w.community = community{id: made.ID}
	return w.as(Member).Send(ctx, http.MethodPost, w.inCommunity("/join"), nil).ExpectCode(http.StatusConflict, "JOIN_CLOSED")
}

func memberJoinsByLink(ctx context.Context, w *Walk) error {
	var made struct {
		Link  struct{ ID string } `json:"link"`
		Token string              `json:"token"`
	}
	if err := w.as(Admin).Send(ctx, http.MethodPost, w.inCommunity("/invite-links"), map[string]any{"max_uses": 5}).JSON(http.StatusCreated, &made); err != nil {
		return err
	}
	w.community.link, w.community.token = made.Link.ID, made.Token
	for _, step := range []struct{ action, role string }{{"preview", ""}, {"accept", "member"}} {
		var seen struct {
			ID   string `json:"community_id"`
			Role string `json:"my_role"`
		}
		err := w.as(Member).Send(ctx, http.MethodPost, "/api/v1/portal/invite-links/"+step.action, map[string]any{"token": made.Token}).JSON(http.StatusOK, &seen)
		if err != nil {
			return err
		}
		if seen.ID != w.community.id || seen.Role != step.role {
			return fmt.Errorf("the %s shows community %s and role %q", step.action, seen.ID, seen.Role)
		}
	}
	return nil
}

func memberModerates(ctx context.Context, w *Walk) error {
	invite := func() *Answer {
		return w.as(Member).Send(ctx, http.MethodPost, w.inCommunity("/invite-links"), map[string]any{"max_uses": 1})
	}
	if err := invite().ExpectCode(http.StatusForbidden, "FORBIDDEN"); err != nil {
		return err
	}
	role := map[string]any{"role": "moderator"}
	if err := w.as(Admin).Send(ctx, http.MethodPatch, w.inCommunity("/members/"+memberID), role).Expect(http.StatusOK); err != nil {
		return err
	}
	return invite().Expect(http.StatusCreated) // the next request may
}

func memberWrites(ctx context.Context, w *Walk) error {
	var post struct {
		ID   string `json:"id"`
		HTML string `json:"body_html"`
	}
	if err := w.write(ctx, Member, "Friday").JSON(http.StatusCreated, &post); err != nil {
		return err
	}
	if post.HTML != "<p>We play at <strong>eight</strong>.</p>\n" {
		return fmt.Errorf("the post is shown as %q", post.HTML)
	}
	w.community.post = post.ID
	return w.mustRead(ctx, Admin, true)
}

// mustRead looks for the post in an account's feed.
func (w *Walk) mustRead(ctx context.Context, account string, want bool) error {
	var feed struct{ Items []struct{ ID string } }
	if err := w.as(account).Send(ctx, http.MethodGet, "/api/v1/portal/posts?limit=100", nil).JSON(http.StatusOK, &feed); err != nil {
		return err
	}
	if got := slices.ContainsFunc(feed.Items, func(p struct{ ID string }) bool { return p.ID == w.community.post }); got != want {
		return fmt.Errorf("that the post is in the feed of %s is %t", account, got)
	}
	return nil
}

func notAMember(ctx context.Context, w *Walk) error { return w.keptOut(ctx, Second) }

// keptOut holds that an account is let at nothing of the community's inner life.
func (w *Walk) keptOut(ctx context.Context, account string) error {
	if err := w.write(ctx, account, "Not mine to write").ExpectCode(http.StatusForbidden, "FORBIDDEN"); err != nil {
		return err
	}
	if err := w.as(account).Send(ctx, http.MethodGet, "/api/v1/portal/posts/"+w.community.post, nil).ExpectCode(http.StatusNotFound, "NOT_FOUND"); err != nil {
		return err
	}
	list := "/api/v1/portal/posts?scope=community&community_id=" + w.community.id
	if err := w.as(account).Send(ctx, http.MethodGet, list, nil).ExpectCode(http.StatusForbidden, "FORBIDDEN"); err != nil {
		return err
	}
	return w.mustRead(ctx, account, false)
}

func memberIsRemoved(ctx context.Context, w *Walk) error {
	if err := w.as(Admin).Send(ctx, http.MethodDelete, w.inCommunity("/invite-links/"+w.community.link), nil).Expect(http.StatusNoContent); err != nil {
		return err
	}
	if err := w.as(Admin).Send(ctx, http.MethodDelete, w.inCommunity("/members/"+memberID), nil).Expect(http.StatusNoContent); err != nil {
		return err
	}
	if err := w.write(ctx, Member, "One last word").ExpectCode(http.StatusForbidden, "FORBIDDEN"); err != nil { // the very next request
		return err
	}
	if err := w.as(Member).Send(ctx, http.MethodPost, w.inCommunity("/invite-links"), map[string]any{"max_uses": 1}).ExpectCode(http.StatusForbidden, "FORBIDDEN"); err != nil {
		return err
	}
	again := map[string]any{"token": w.community.token}
	return w.as(Member).Send(ctx, http.MethodPost, "/api/v1/portal/invite-links/accept", again).ExpectCode(http.StatusGone, "INVITE_REVOKED")
}

func communityOfAnotherTenant(ctx context.Context, w *Walk) error {
	b := w.browser(Outsider, "gaming")
	for _, request := range []struct {
		method, path string
		body         any
	}{
		{http.MethodGet, w.inCommunity(""), nil},
		{http.MethodGet, w.inCommunity("/members"), nil},
		{http.MethodPatch, w.inCommunity(""), map[string]any{"name": "Taken over"}},
		{http.MethodPost, w.inCommunity("/join"), nil},
		{http.MethodPost, w.inCommunity("/invite-links"), map[string]any{"max_uses": 1}},
		{http.MethodDelete, w.inCommunity(""), nil},
		{http.MethodGet, "/api/v1/portal/posts/" + w.community.post, nil},
		{http.MethodDelete, "/api/v1/portal/posts/" + w.community.post, nil},
		{http.MethodPost, "/api/v1/portal/invite-links/preview", map[string]any{"token": w.community.token}},
	} {
		if err := b.Send(ctx, request.method, request.path, request.body).ExpectCode(http.StatusNotFound, "NOT_FOUND"); err != nil {
			return err
		}
	}
	return nil
}

func adminDissolves(ctx context.Context, w *Walk) error {
	if err := w.as(Admin).Send(ctx, http.MethodDelete, w.inCommunity(""), nil).Expect(http.StatusNoContent); err != nil {
		return err
	}
	return w.as(Admin).Send(ctx, http.MethodGet, w.inCommunity(""), nil).ExpectCode(http.StatusNotFound, "NOT_FOUND")
}
