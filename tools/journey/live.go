package journey

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// scene is what the chapter about open pages makes: things to act on, and the page of the second member.
type scene struct {
	page        *Stream
	poll        string
	nomination  string
	option      string
	event       string
	achievement string
	post        string
}

// arrives waits until the page of the second member is told of something new, and the feed shows it.
func (w *Walk) arrives(ctx context.Context, kind, source string) error {
	told, err := w.scene.page.Next(ctx, func(e StreamEvent) bool {
		return e.Name == "item-upsert" && e.Data["type"] == kind && strings.HasPrefix(fmt.Sprint(e.Data["source_ref"]), source)
	})
	if err != nil {
		return fmt.Errorf("%s of %s: %w", kind, source, err)
	}
	var feed struct {
		Items []struct {
			SourceRef string `json:"source_ref"`
		}
	}
	if err := w.as(Second).Send(ctx, http.MethodGet, "/api/v1/activity/v2/feed?limit=5&types="+kind, nil).JSON(http.StatusOK, &feed); err != nil {
		return err
	}
	for _, item := range feed.Items {
		if item.SourceRef == told.Data["source_ref"] {
			return nil
		}
	}
	return fmt.Errorf("the feed does not show %v, of which the open page was told", told.Data["source_ref"])
}

func adminPreparesScene(ctx context.Context, w *Walk) error {
	admin, name := w.as(Admin), "Journey of "+time.Now().UTC().Format("2006-01-02 15:04:05.000")
	var poll struct{ ID string }
	draft := newPoll()
	draft["title"] = name
	if err := admin.Send(ctx, http.MethodPost, "/api/v1/voting/polls", draft).JSON(http.StatusCreated, &poll); err != nil {
		return err
	}
	w.scene.poll = "/api/v1/voting/polls/" + poll.ID
	var info struct {
		Options []struct {
			ID         string `json:"id"`
			Nomination string `json:"nomination_id"`
		} `json:"options"`
	}
	if err := admin.Send(ctx, http.MethodGet, w.scene.poll+"/info", nil).JSON(http.StatusOK, &info); err != nil {
		return err
	}
	if len(info.Options) == 0 {
		return fmt.Errorf("the poll has no options")
	}
	w.scene.nomination, w.scene.option = info.Options[0].Nomination, info.Options[0].ID
	if err := admin.Send(ctx, http.MethodPut, w.scene.poll, map[string]any{"status": "active"}).Expect(http.StatusOK); err != nil {
		return err
	}
	start := time.Now().Add(24 * time.Hour).UTC()
	var event struct{ ID string }
	if err := admin.Send(ctx, http.MethodPost, "/api/v1/events", map[string]any{
		"title": name, "scopeType": "TENANT", "visibility": "public", "startsAt": start, "endsAt": start.Add(time.Hour), "timeZone": "UTC",
	}).JSON(http.StatusCreated, &event); err != nil {
		return err
	}
	w.scene.event = event.ID
	var made struct{ ID string }
	if err := admin.Send(ctx, http.MethodPost, "/api/v1/gamification/achievements", map[string]any{
		"name_i18n": map[string]string{"en": name}, "category": "events", "status": "published",
		"images": map[string]string{"medium": "https://aef.updspace.test/achievement.png"},
	}).JSON(http.StatusCreated, &made); err != nil {
		return err
	}
	w.scene.achievement = made.ID
	return nil
}

func secondOpensPage(ctx context.Context, w *Walk) (err error) {
	types := "post.created,vote.cast,event.rsvp.changed,achievement.granted"
	if w.scene.page, err = w.as(Second).Listen(ctx, "/api/v1/activity/feed/live?types="+types); err != nil {
		return err
	}
	_, err = w.scene.page.Next(ctx, func(e StreamEvent) bool { return e.Name == "ready" })
	return err
}

func postArrives(ctx context.Context, w *Walk) error {
	var post struct{ ID string }
	draft := map[string]any{"title": "Who plays tonight?", "body": "At **eight**.", "visibility": "public"}
	if err := w.as(Admin).Send(ctx, http.MethodPost, "/api/v1/portal/posts", draft).JSON(http.StatusCreated, &post); err != nil {
		return err
	}
	w.scene.post = post.ID
	return w.arrives(ctx, "post.created", "post:"+post.ID)
}

func voteArrives(ctx context.Context, w *Walk) error {
	ballot := map[string]any{"poll_id": strings.TrimPrefix(w.scene.poll, "/api/v1/voting/polls/"), "nomination_id": w.scene.nomination, "option_id": w.scene.option}
	if err := w.as(Member).Send(ctx, http.MethodPost, "/api/v1/voting/votes", ballot).Expect(http.StatusCreated); err != nil {
		return err
	}
	return w.arrives(ctx, "vote.cast", "vote:")
}

func answerArrives(ctx context.Context, w *Walk) error {
	if err := w.as(Member).Send(ctx, http.MethodPost, "/api/v1/events/"+w.scene.event+"/rsvp", map[string]any{"status": "going"}).Expect(http.StatusOK); err != nil {
		return err
	}
	return w.arrives(ctx, "event.rsvp.changed", "rsvp:"+w.scene.event)
}

func grantArrives(ctx context.Context, w *Walk) error {
	var grant struct{ ID string }
	given := w.as(Admin).Send(ctx, http.MethodPost, "/api/v1/gamification/achievements/"+w.scene.achievement+"/grants", map[string]any{"recipient_id": memberID})
	if err := given.JSON(http.StatusCreated, &grant); err != nil {
		return err
	}
	return w.arrives(ctx, "achievement.granted", "grant:"+grant.ID)
}

// sceneIsCleared ends what the chapter made; the page learns that the post is gone.
func sceneIsCleared(ctx context.Context, w *Walk) error {
	admin := w.as(Admin)
	if err := admin.Send(ctx, http.MethodDelete, "/api/v1/portal/posts/"+w.scene.post, nil).Expect(http.StatusNoContent); err != nil {
		return err
	}
	if _, err := w.scene.page.Next(ctx, func(e StreamEvent) bool {
		return e.Name == "item-delete" && e.Data["source_ref"] == "post:"+w.scene.post
	}); err != nil {
		return fmt.Errorf("the deletion of the post: %w", err)
	}
	w.scene.page.Close()
	if err := admin.Send(ctx, http.MethodPut, w.scene.poll, map[string]any{"status": "closed"}).Expect(http.StatusOK); err != nil {
		return err
	}
	if err := admin.Send(ctx, http.MethodDelete, "/api/v1/events/"+w.scene.event, nil).Expect(http.StatusNoContent); err != nil {
		return err
	}
	archived := map[string]any{"status": "archived"}
	return admin.Send(ctx, http.MethodPatch, "/api/v1/gamification/achievements/"+w.scene.achievement, archived).Expect(http.StatusOK)
}
