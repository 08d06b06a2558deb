package journey

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// recognition is what the chapter about achievements makes: a role, an achievement that rewards with it, and an event to attend.
type recognition struct {
	role        int64
	achievement string
	grant       string
	event       string
	poll        string
}

// patience is how long an effect may take that travels as an event. It takes milliseconds.
const patience = 30 * time.Second

// until tries again until there is no error.
func until(ctx context.Context, try func(ctx context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		err := try(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("for %s: %w", patience, err)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func (w *Walk) inAchievement(suffix string) string {
	return "/api/v1/gamification/achievements/" + w.recognition.achievement + suffix
}

// makesPoll asks to make a poll, as what the role allows.
func (w *Walk) makesPoll(ctx context.Context) *Answer {
	return w.as(Member).Send(ctx, http.MethodPost, "/api/v1/voting/polls", map[string]any{"title": "A poll of a helper"})
}

func adminRewards(ctx context.Context, w *Walk) error {
	if err := w.makesPoll(ctx).ExpectCode(http.StatusForbidden, "FORBIDDEN"); err != nil {
		return err
	}
	admin, name := w.as(Admin), "Journey of "+time.Now().UTC().Format("2006-01-02 15:04:05.000")
	var role struct{ ID int64 }
	if err := admin.Send(ctx, http.MethodPost, "/api/v1/access/admin/roles", map[string]any{
		"service": "voting", "name": name, "permission_keys": []string{"voting.poll.create"},
	}).JSON(http.StatusCreated, &role); err != nil {
		return err
	}
	w.recognition.role = role.ID
	start := time.Now().Add(-time.Minute).UTC()
	var event struct{ ID string }
	if err := admin.Send(ctx, http.MethodPost, "/api/v1/events", map[string]any{
		"title": "An evening to come to", "scopeType": "TENANT", "visibility": "public", "startsAt": start, "endsAt": start.Add(2 * time.Hour), "timeZone": "UTC",
	}).JSON(http.StatusCreated, &event); err != nil {
		return err
	}
	w.recognition.event = event.ID
	var made struct{ ID string }
	if err := admin.Send(ctx, http.MethodPost, "/api/v1/gamification/achievements", map[string]any{
		"name_i18n": map[string]string{"en": name}, "category": "events", "status": "published",
		"images": map[string]string{"medium": "https://aef.updspace.test/achievement.png"},
	}).JSON(http.StatusCreated, &made); err != nil {
		return err
	}
	w.recognition.achievement = made.ID
	rule := map[string]any{"takes_back": true, "conditions": []any{map[string]any{
		"fact": "event_attended", "measure": "count", "need": 1, "where": []any{map[string]any{"field": "event", "any_of": []string{event.ID}}},
	}}}
	if err := admin.Send(ctx, http.MethodPut, w.inAchievement("/rule"), rule).Expect(http.StatusOK); err != nil {
		return err
	}
	reward := map[string]any{"role_id": role.ID}
	if err := w.as(Member).Send(ctx, http.MethodPut, w.inAchievement("/reward"), reward).ExpectCode(http.StatusForbidden, "FORBIDDEN"); err != nil {
		return err
	}
	return admin.Send(ctx, http.MethodPut, w.inAchievement("/reward"), reward).Expect(http.StatusOK)
}

func memberAttends(ctx context.Context, w *Walk) error {
	return w.as(Admin).Send(ctx, http.MethodPost, "/api/v1/events/"+w.recognition.event+"/attendance", map[string]any{"userId": memberID}).Expect(http.StatusNoContent)
}

func badgeAppears(ctx context.Context, w *Walk) error {
	err := until(ctx, func(ctx context.Context) error {
		var held struct {
			Items []struct {
				Grant struct {
					ID            string
					AchievementID string `json:"achievement_id"`
				}
			}
		}
		if err := w.as(Member).Send(ctx, http.MethodGet, "/api/v1/gamification/me/grants?limit=20", nil).JSON(http.StatusOK, &held); err != nil {
			return err
		}
		for _, h := range held.Items {
			if h.Grant.AchievementID == w.recognition.achievement {
				w.recognition.grant = h.Grant.ID
				return nil
			}
		}
		return fmt.Errorf("the member does not have the achievement")
	})
	if err != nil {
		return err
	}
	var poll struct{ ID string }
	if err := until(ctx, func(ctx context.Context) error { return w.makesPoll(ctx).JSON(http.StatusCreated, &poll) }); err != nil {
		return err
	}
	w.recognition.poll = poll.ID
	var why struct {
		Allowed     bool
		Explanation []struct{ Detail string }
	}
	explain := "/api/v1/access/admin/users/" + memberID + "/decision?permission=voting.poll.create"
	if err := w.as(Admin).Send(ctx, http.MethodGet, explain, nil).JSON(http.StatusOK, &why); err != nil {
		return err
	}
	if !why.Allowed || !strings.Contains(fmt.Sprint(why.Explanation), "by achievement "+w.recognition.achievement) {
		return fmt.Errorf("the decision is not explained by the achievement: %+v", why)
	}
	return nil
}

func adminTakesBack(ctx context.Context, w *Walk) error {
	revoke := "/api/v1/gamification/grants/" + w.recognition.grant + "/revoke"
	if err := w.as(Member).Send(ctx, http.MethodPost, revoke, map[string]any{}).ExpectCode(http.StatusForbidden, "FORBIDDEN"); err != nil {
		return err
	}
	if err := w.as(Admin).Send(ctx, http.MethodPost, revoke, map[string]any{"reason": "The evening was another one."}).Expect(http.StatusOK); err != nil {
		return err
	}
	return until(ctx, func(ctx context.Context) error {
		refused := w.makesPoll(ctx)
		var extra struct{ ID string }
		if refused.JSON(http.StatusCreated, &extra) == nil { // the role was still there
			if err := w.as(Admin).Send(ctx, http.MethodDelete, "/api/v1/voting/polls/"+extra.ID, nil).Expect(http.StatusOK); err != nil {
				return err
			}
		}
		return refused.ExpectCode(http.StatusForbidden, "FORBIDDEN")
	})
}

func recognitionOfAnotherTenant(ctx context.Context, w *Walk) error {
	b := w.browser(Outsider, "gaming")
	for _, request := range []struct {
		method, path string
		body         any
	}{
		{http.MethodGet, w.inAchievement(""), nil},
		{http.MethodGet, w.inAchievement("/reward"), nil},
		{http.MethodPut, w.inAchievement("/reward"), map[string]any{"role_id": w.recognition.role}},
		{http.MethodPost, w.inAchievement("/grants"), map[string]any{"recipient_id": memberID}},
		{http.MethodPost, "/api/v1/gamification/grants/" + w.recognition.grant + "/revoke", map[string]any{}},
	} {
		answer := b.Send(ctx, request.method, request.path, request.body)
		if err := answer.Expect(http.StatusNotFound); err != nil {
			return err
		}
	}
	// Nothing of the chapter stays in the way of the next walk.
	admin := w.as(Admin)
	for gone, status := range map[string]int{
		"/api/v1/voting/polls/" + w.recognition.poll: http.StatusOK, "/api/v1/events/" + w.recognition.event: http.StatusNoContent,
		fmt.Sprintf("/api/v1/access/admin/roles/%d", w.recognition.role): http.StatusNoContent,
	} {
		if err := admin.Send(ctx, http.MethodDelete, gone, nil).Expect(status); err != nil {
			return err
		}
	}
	var left struct{ Reward struct{ State string } }
	if err := admin.Send(ctx, http.MethodGet, w.inAchievement("/reward"), nil).JSON(http.StatusOK, &left); err != nil {
		return err
	}
	if left.Reward.State != "role_deleted" {
		return fmt.Errorf("the reward of a deleted role is %q", left.Reward.State)
	}
	return admin.Send(ctx, http.MethodPatch, w.inAchievement(""), map[string]any{"status": "archived"}).Expect(http.StatusOK)
}
