package journey

import (
	"context"
	"fmt"
	"net/http"
)

// news is the address of the post that the journey writes.
func (w *Walk) news(suffix string) string { return "/api/v1/activity/news/" + w.newsID + suffix }

// newsItem is what the walk reads of a post.
type newsItem struct {
	Payload struct {
		ID        string `json:"news_id"`
		Body      string `json:"body"`
		Comments  int    `json:"comments_count"`
		Reactions int    `json:"reactions_count"`
	} `json:"payload_json"`
}

func memberPostsNews(ctx context.Context, w *Walk) error {
	var made newsItem
	draft := map[string]any{"body": "The demo has **news**.", "visibility": "public", "tags": []string{"Demo walk"}}
	if err := w.as(Member).Send(ctx, http.MethodPost, "/api/v1/activity/news", draft).JSON(http.StatusOK, &made); err != nil {
		return err
	}
	w.newsID = made.Payload.ID
	var feed struct{ Items []newsItem }
	if err := w.as(Second).Send(ctx, http.MethodGet, "/api/v1/activity/v2/feed?types=news.posted", nil).JSON(http.StatusOK, &feed); err != nil {
		return err
	}
	if len(feed.Items) == 0 || feed.Items[0].Payload.ID != w.newsID || feed.Items[0].Payload.Body != draft["body"] {
		return fmt.Errorf("the feed of the second member begins with %v, not with the post", feed.Items)
	}
	return nil
}

func secondAnswersNews(ctx context.Context, w *Walk) error {
	second := w.as(Second)
	for range 2 { // a reaction that is repeated counts once
		if err := second.Send(ctx, http.MethodPost, w.news("/reactions"), map[string]any{"emoji": "🔥"}).JSON(http.StatusOK, new(any)); err != nil {
			return err
		}
	}
	if err := second.Send(ctx, http.MethodPost, w.news("/comments"), map[string]any{"body": "Good to know"}).JSON(http.StatusOK, new(any)); err != nil {
		return err
	}
	var seen newsItem
	if err := second.Send(ctx, http.MethodGet, w.news(""), nil).JSON(http.StatusOK, &seen); err != nil {
		return err
	}
	if seen.Payload.Comments != 1 || seen.Payload.Reactions != 1 {
		return fmt.Errorf("the post has %d comments and %d reactions, not one of each", seen.Payload.Comments, seen.Payload.Reactions)
	}
	return second.Send(ctx, http.MethodDelete, w.news(""), nil).ExpectCode(http.StatusForbidden, "FORBIDDEN")
}

func adminHidesNews(ctx context.Context, w *Walk) error {
	hide := map[string]any{"hidden": true, "reason": "Only for the demo"}
	if err := w.as(Admin).Send(ctx, http.MethodPatch, w.news("/moderation"), hide).JSON(http.StatusOK, new(any)); err != nil {
		return err
	}
	for _, b := range []*Browser{w.as(Second), w.browser(Outsider, "gaming")} {
		if err := b.Send(ctx, http.MethodGet, w.news(""), nil).ExpectCode(http.StatusNotFound, "NEWS_NOT_FOUND"); err != nil {
			return err
		}
	}
	return nil
}
