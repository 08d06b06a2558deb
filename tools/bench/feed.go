package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/google/uuid"

	"go.updspace.com/tools/journey"
)

// What the feed is chosen from: communities with as many posts each, the reader being a member of every other one. The baseline
// "feed" has as many.
const (
	feedCommunities = 40
	feedPosts       = 50 // of each
	feedPage        = 50
)

// newFeed fills the communities and has the member join every other one.
func (v *fixture) newFeed(ctx context.Context, m maker, admin, member *journey.Browser) error {
	for i := range feedCommunities {
		var made struct {
			ID uuid.UUID `json:"id"`
		}
		draft := map[string]any{"name": fmt.Sprintf("Bench %d", i), "join_policy": "open"}
		if err := admin.Send(ctx, http.MethodPost, "/api/v1/portal/communities", draft).JSON(http.StatusCreated, &made); err != nil {
			return err
		}
		v.communities = append(v.communities, made.ID)
		if i%2 == 0 {
			if err := member.Send(ctx, http.MethodPost, "/api/v1/portal/groups/"+made.ID.String()+"/join", nil).Expect(http.StatusOK); err != nil {
				return err
			}
		}
		for n := range feedPosts {
			r, err := m.signed("bff", "portal", "/api/v1/portal/posts", v.writer, map[string]any{
				"title": fmt.Sprintf("Post %d", n), "body": strings.Repeat("We play at **eight** on the usual server. ", 10),
				"visibility": "community", "community_id": made.ID,
			})
			if err != nil {
				return err
			}
			if _, err := send(ctx, r, m.harness.At["portal"], http.StatusCreated); err != nil {
				return err
			}
		}
	}
	return nil
}

// whoIs asks the portal who is signed in.
func whoIs(ctx context.Context, b *journey.Browser) (uuid.UUID, error) {
	var me struct {
		User struct {
			ID uuid.UUID `json:"id"`
		} `json:"user"`
	}
	err := b.Send(ctx, http.MethodGet, "/api/v1/session/me", nil).JSON(http.StatusOK, &me)
	return me.User.ID, err
}

// feed reads the first page of everything the reader may see.
func (m maker) feed(context.Context) (requests, error) {
	r, err := m.signedGet("bff", "portal", fmt.Sprintf("/api/v1/portal/posts?visibility=community&limit=%d", feedPage), m.fixture.reader)
	if err != nil {
		return requests{}, err
	}
	return repeat(r)
}

// feedBaseline reads as much of the baseline.
func (m maker) feedBaseline(ctx context.Context) (requests, error) {
	r, err := get(ctx, "baseline", fmt.Sprintf("/?limit=%d", feedPage))
	if err != nil {
		return requests{}, err
	}
	return repeat(r)
}
