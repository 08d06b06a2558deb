package journey

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"
)

// newPoll is the poll of the journey: two questions, three options each.
func newPoll() map[string]any {
	nomination := func(title string, options ...string) map[string]any {
		list := make([]map[string]any, 0, len(options))
		for _, o := range options {
			list = append(list, map[string]any{"title": o})
		}
		return map[string]any{"title": title, "kind": "custom", "max_votes": 1, "options": list}
	}
	return map[string]any{
		"title": "Journey of " + time.Now().UTC().Format(time.DateTime), "description": "Made by the demo.", "scope_type": "TENANT",
		"visibility": "community", "results_visibility": "after_closed", "allow_revoting": false,
		"nominations": []any{nomination("Best game", "Chess", "Go", "Shogi"), nomination("Best day", "Friday", "Saturday", "Sunday")},
	}
}

func memberCannotCreate(ctx context.Context, w *Walk) error {
	return w.as(Member).Send(ctx, http.MethodPost, "/api/v1/voting/polls", newPoll()).ExpectCode(http.StatusForbidden, "FORBIDDEN")
}

func adminCreates(ctx context.Context, w *Walk) error {
	b := w.as(Admin)
	if err := SignIn(ctx, b, Admin, Password); err != nil {
		return err
	}
	var poll struct{ ID, Status string }
	if err := b.Send(ctx, http.MethodPost, "/api/v1/voting/polls", newPoll()).JSON(http.StatusCreated, &poll); err != nil {
		return err
	}
	if poll.ID == "" || poll.Status != "draft" {
		return fmt.Errorf("the new poll is %q, not a draft", poll.Status)
	}
	w.pollID = poll.ID
	var info struct {
		Nominations []struct {
			ID        string `json:"id"`
			SortOrder int    `json:"sort_order"`
		} `json:"nominations"`
		Options []struct {
			ID         string `json:"id"`
			Nomination string `json:"nomination_id"`
		} `json:"options"`
	}
	if err := b.Send(ctx, http.MethodGet, w.poll("/info"), nil).JSON(http.StatusOK, &info); err != nil {
		return err
	}
	w.choices = nil
	for _, n := range info.Nominations {
		c := choice{nomination: n.ID}
		for _, o := range info.Options {
			if o.Nomination == n.ID {
				c.options = append(c.options, o.ID)
			}
		}
		w.choices = append(w.choices, c)
	}
	if len(w.choices) != 2 || len(w.choices[0].options) != 3 || len(w.choices[1].options) != 3 {
		return fmt.Errorf("the poll has not two questions of three options: %v", w.choices)
	}
	// A draft can be read only by those who edit it.
	return w.as(Member).Send(ctx, http.MethodGet, w.poll("/info"), nil).ExpectCode(http.StatusNotFound, "NOT_FOUND")
}

func (w *Walk) poll(suffix string) string { return "/api/v1/voting/polls/" + w.pollID + suffix }

func adminPublishes(ctx context.Context, w *Walk) error {
	var poll struct{ Status string }
	if err := w.as(Admin).Send(ctx, http.MethodPut, w.poll(""), map[string]any{"status": "active"}).JSON(http.StatusOK, &poll); err != nil {
		return err
	}
	if poll.Status != "active" {
		return fmt.Errorf("the poll is %q, not active", poll.Status)
	}
	return w.as(Member).Send(ctx, http.MethodPut, w.poll(""), map[string]any{"status": "closed"}).ExpectCode(http.StatusForbidden, "FORBIDDEN")
}

func (w *Walk) vote(ctx context.Context, b *Browser, question, option int) *Answer {
	c := w.choices[question]
	return b.Send(ctx, http.MethodPost, "/api/v1/voting/votes", map[string]any{
		"poll_id": w.pollID, "nomination_id": c.nomination, "option_id": c.options[option],
	})
}

func (w *Walk) mustVote(ctx context.Context, b *Browser, question, option int) error {
	var cast struct {
		PollID string `json:"poll_id"`
	}
	if err := w.vote(ctx, b, question, option).JSON(http.StatusCreated, &cast); err != nil {
		return err
	}
	if cast.PollID != w.pollID {
		return fmt.Errorf("the vote is for poll %q", cast.PollID)
	}
	return nil
}

func memberVotes(ctx context.Context, w *Walk) error {
	if err := w.mustVote(ctx, w.as(Member), 0, 0); err != nil {
		return err
	}
	return w.mustVote(ctx, w.as(Member), 1, 2)
}

func memberReadsVotes(ctx context.Context, w *Walk) error {
	var votes []struct {
		Nomination string `json:"nomination_id"`
		Option     string `json:"option_id"`
		User       string `json:"user_id"`
	}
	if err := w.as(Member).Send(ctx, http.MethodGet, w.poll("/votes/me"), nil).JSON(http.StatusOK, &votes); err != nil {
		return err
	}
	want := map[string]string{w.choices[0].nomination: w.choices[0].options[0], w.choices[1].nomination: w.choices[1].options[2]}
	if len(votes) != len(want) {
		return fmt.Errorf("%d votes, not %d", len(votes), len(want))
	}
	for _, v := range votes {
		if want[v.Nomination] != v.Option || v.User != memberID {
			return fmt.Errorf("a vote is not the one that was cast: %+v", v)
		}
	}
	return nil
}

func resultsHidden(ctx context.Context, w *Walk) error {
	return w.as(Member).Send(ctx, http.MethodGet, w.poll("/results"), nil).ExpectCode(http.StatusForbidden, "RESULTS_HIDDEN")
}

func secondVotes(ctx context.Context, w *Walk) error {
	b := w.as(Second)
	if err := SignIn(ctx, b, Second, Password); err != nil {
		return err
	}
	if err := w.mustVote(ctx, b, 0, 0); err != nil {
		return err
	}
	return w.mustVote(ctx, b, 1, 1)
}

func doubleVote(ctx context.Context, w *Walk) error {
	if err := w.vote(ctx, w.as(Second), 0, 0).ExpectCode(http.StatusConflict, "ALREADY_VOTED"); err != nil {
		return err
	}
	return w.vote(ctx, w.as(Second), 0, 1).ExpectCode(http.StatusConflict, "TOO_MANY_VOTES")
}

func adminCloses(ctx context.Context, w *Walk) error {
	if err := w.as(Admin).Send(ctx, http.MethodPut, w.poll(""), map[string]any{"status": "closed"}).Expect(http.StatusOK); err != nil {
		return err
	}
	if err := w.vote(ctx, w.as(Second), 1, 0).ExpectCode(http.StatusConflict, "POLL_CLOSED"); err != nil {
		return err
	}
	want := map[string]int{w.choices[0].options[0]: 2, w.choices[1].options[1]: 1, w.choices[1].options[2]: 1} // all others none
	for _, account := range []string{Admin, Member, Second} {
		var results struct {
			Nominations []struct {
				Options []struct {
					ID    string `json:"option_id"`
					Votes int    `json:"votes"`
				} `json:"options"`
			} `json:"nominations"`
		}
		if err := w.as(account).Send(ctx, http.MethodGet, w.poll("/results"), nil).JSON(http.StatusOK, &results); err != nil {
			return err
		}
		options := 0
		for _, n := range results.Nominations {
			for _, o := range n.Options {
				options++
				if o.Votes != want[o.ID] {
					return fmt.Errorf("%s reads %d votes for an option that got %d", account, o.Votes, want[o.ID])
				}
			}
		}
		if options != 6 {
			return fmt.Errorf("%s reads results of %d options, not 6", account, options)
		}
	}
	return nil
}

func outsider(ctx context.Context, w *Walk) error {
	b := w.browser(Outsider, "gaming")
	if err := SignIn(ctx, b, Outsider, Password); err != nil {
		return err
	}
	for _, request := range []struct {
		method, path string
		body         any
	}{
		{http.MethodGet, w.poll(""), nil},
		{http.MethodGet, w.poll("/info"), nil},
		{http.MethodGet, w.poll("/results"), nil},
		{http.MethodGet, w.poll("/votes/me"), nil},
		{http.MethodPut, w.poll(""), map[string]any{"title": "Taken over"}},
		{http.MethodDelete, w.poll(""), nil},
		{http.MethodPost, w.poll("/nominations"), map[string]any{"title": "Mine"}},
	} {
		if err := b.Send(ctx, request.method, request.path, request.body).Expect(http.StatusNotFound); err != nil {
			return err
		}
	}
	if err := w.vote(ctx, b, 0, 0).ExpectCode(http.StatusNotFound, "NOT_FOUND"); err != nil {
		return err
	}
	var list struct {
		Items []struct{ ID string } `json:"items"`
	}
	if err := b.Send(ctx, http.MethodGet, "/api/v1/voting/polls?limit=100", nil).JSON(http.StatusOK, &list); err != nil {
		return err
	}
	for _, item := range list.Items {
		if item.ID == w.pollID {
			return errors.New("another tenant's list shows the poll")
		}
	}
	// Nor may they enter the other tenant: they are not a member.
	stranger := w.browser(Outsider, "aef")
	if SignIn(ctx, stranger, Outsider, Password) == nil {
		return errors.New("an account that is not a member of the tenant signed in there")
	}
	return stranger.Send(ctx, http.MethodGet, w.poll("/info"), nil).Expect(http.StatusUnauthorized)
}
