package journey

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// eventDate is the part of a date of an event that is looked at.
type eventDate struct {
	ID           string    `json:"id"`
	OccurrenceID string    `json:"occurrenceId"`
	StartsAt     time.Time `json:"startsAt"`
	Status       string    `json:"status"`
	MyRsvp       string    `json:"myRsvp"`
	MyAnswer     struct {
		Waiting bool `json:"waiting"`
	} `json:"myAnswer"`
	SeatsTaken int `json:"seatsTaken"`
}

func (w *Walk) inEvent(suffix string) string { return "/api/v1/events/" + w.eventID + suffix }

func adminPlans(ctx context.Context, w *Walk) error {
	// Every week over the spring change of clocks in Berlin: at eight in the evening before and after it.
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		return err
	}
	year := time.Now().Year() + 1
	start := time.Date(year, time.March, 20, 20, 0, 0, 0, berlin)
	var first eventDate
	if err := w.as(Admin).Send(ctx, http.MethodPost, "/api/v1/events", map[string]any{
		"title": "Journey of " + time.Now().UTC().Format(time.DateTime), "scopeType": "TENANT", "visibility": "public",
		"startsAt": start, "endsAt": start.Add(2 * time.Hour), "timeZone": berlin.String(), "rrule": "FREQ=WEEKLY;COUNT=3", "capacity": 1,
	}).JSON(http.StatusCreated, &first); err != nil {
		return err
	}
	w.eventID = first.ID
	var dates struct{ Items []eventDate }
	if err := w.as(Member).Send(ctx, http.MethodGet, w.inEvent("/occurrences"), nil).JSON(http.StatusOK, &dates); err != nil {
		return err
	}
	for _, list := range []string{"/api/v1/events", "/api/v1/events/"} { // both forms lead through the gateway
		if err := w.as(Member).Send(ctx, http.MethodGet, list+"?limit=1", nil).Expect(http.StatusOK); err != nil {
			return err
		}
	}
	if len(dates.Items) != 3 {
		return fmt.Errorf("the series has %d dates, not 3", len(dates.Items))
	}
	for i, d := range dates.Items {
		if want := start.AddDate(0, 0, 7*i); !d.StartsAt.Equal(want) {
			return fmt.Errorf("date %d is at %v, not at %v", i+1, d.StartsAt, want)
		}
	}
	return nil
}

func (w *Walk) answer(ctx context.Context, account, status string) (d eventDate, err error) {
	err = w.as(account).Send(ctx, http.MethodPost, w.inEvent("/rsvp"), map[string]any{"status": status}).JSON(http.StatusOK, &d)
	return d, err
}

func secondWaits(ctx context.Context, w *Walk) error {
	d, err := w.answer(ctx, Member, "going")
	if err != nil {
		return err
	}
	if d.MyAnswer.Waiting || d.SeatsTaken != 1 {
		return fmt.Errorf("the first member who comes does not have the seat: %+v", d)
	}
	if d, err = w.answer(ctx, Second, "going"); err != nil {
		return err
	}
	if !d.MyAnswer.Waiting {
		return fmt.Errorf("the event has one seat, and a second member does not wait for it: %+v", d)
	}
	return nil
}

func seatPassesOn(ctx context.Context, w *Walk) error {
	if _, err := w.answer(ctx, Member, "withdrawn"); err != nil {
		return err
	}
	var d eventDate
	if err := w.as(Second).Send(ctx, http.MethodGet, w.inEvent(""), nil).JSON(http.StatusOK, &d); err != nil {
		return err
	}
	if d.MyRsvp != "going" || d.MyAnswer.Waiting {
		return fmt.Errorf("the seat that became free is not that of the member who waited: %+v", d)
	}
	return nil
}

// guestAnswers invites an address that no account has. Its owner opens the link of the mail and presses a button of the page.
func guestAnswers(ctx context.Context, w *Walk) error {
	address := fmt.Sprintf("guest-%d@example.com", time.Now().UnixNano())
	var made struct{ Invited int }
	body := map[string]any{"addresses": []string{address}}
	if err := w.as(Admin).Send(ctx, http.MethodPost, w.inEvent("/invitations"), body).JSON(http.StatusCreated, &made); err != nil {
		return err
	}
	if made.Invited != 1 {
		return fmt.Errorf("%d people were invited, not 1", made.Invited)
	}
	link, err := w.mailedLink(ctx, address, func(u *url.URL) bool { return u.Path == "/invitation" })
	if err != nil {
		return err
	}
	b := NewBrowser(w.Portal("aef"), w.transport, w.log)
	page := b.Open(ctx, link)
	if page.Err != nil {
		return page.Err
	}
	if err := page.Page(); err != nil {
		return err
	}
	token, _, _ := strings.Cut(page.Request.URL.Fragment, ".")
	var invited struct {
		Guest bool
		Event eventDate
	}
	if err := b.Send(ctx, http.MethodPost, "/api/v1/events/invitations/preview", map[string]any{"token": token}).JSON(http.StatusOK, &invited); err != nil {
		return err
	}
	if !invited.Guest || invited.Event.ID != w.eventID || invited.Event.MyRsvp != "" {
		return fmt.Errorf("the link alone shows another event, or has answered: %+v", invited)
	}
	answer := map[string]any{"token": token, "status": "interested"}
	if err := b.Send(ctx, http.MethodPost, "/api/v1/events/invitations/answer", answer).JSON(http.StatusOK, &invited); err != nil {
		return err
	}
	if invited.Event.MyRsvp != "interested" {
		return fmt.Errorf("the guest's answer is %q, not interested", invited.Event.MyRsvp)
	}
	return nil
}

func eventOfAnotherTenant(ctx context.Context, w *Walk) error {
	return w.browser(Outsider, "gaming").Send(ctx, http.MethodGet, w.inEvent(""), nil).ExpectCode(http.StatusNotFound, "NOT_FOUND")
}

func adminDeletesEvent(ctx context.Context, w *Walk) error {
	if err := w.as(Member).Send(ctx, http.MethodDelete, w.inEvent(""), nil).ExpectCode(http.StatusForbidden, "FORBIDDEN"); err != nil {
		return err
	}
	return w.as(Admin).Send(ctx, http.MethodDelete, w.inEvent(""), nil).Expect(http.StatusNoContent)
}
