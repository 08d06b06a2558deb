package importer

import (
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
)

const (
	kindPolls        = "polls"
	kindQuestions    = "questions"
	kindOptions      = "options"
	kindParticipants = "participants of polls"
	kindVotes        = "votes"
	mostVotes        = 200
)

type oldPoll struct {
	ID          uuid.UUID `db:"id"`
	Tenant      uuid.UUID `db:"tenant_id"`
	Title       string    `db:"title"`
	Description string    `db:"description"`
	Status      string    `db:"status"`
	ScopeType   string    `db:"scope_type"`
	ScopeID     string    `db:"scope_id"`
	Visibility  string    `db:"visibility"`
	Template    string    `db:"template"`
	Revoting    bool      `db:"allow_revoting"`
	Anonymous   bool      `db:"anonymous"`
	Results     string    `db:"results_visibility"`
	Settings    jsonText  `db:"settings"`
	CreatedBy   uuid.UUID `db:"created_by"`
	StartsAt    time.Time `db:"starts_at"`
	EndsAt      time.Time `db:"ends_at"`
	CreatedAt   time.Time `db:"created_at"`
	UpdatedAt   time.Time `db:"updated_at"`
}

// pollOf and questionOf are what votes must know.
type pollOf struct {
	tenant    uuid.UUID
	creator   uuid.UUID
	createdAt time.Time
	closed    bool
	owned     bool
}

type questionOf struct {
	tenant, poll uuid.UUID
	most         int64
}

// ballot is what is known of polls while they are taken.
type ballot struct {
	polls     map[uuid.UUID]*pollOf
	questions map[uuid.UUID]questionOf
	options   map[uuid.UUID]uuid.UUID // the question of each
	joined    map[[2]uuid.UUID]bool   // who participates in which poll
}

// voting takes polls with their questions, options, participants and votes.
func (r *run) voting() error {
	if err := r.groupsKnown("voting"); err != nil {
		return err
	}
	b := &ballot{polls: map[uuid.UUID]*pollOf{}, questions: map[uuid.UUID]questionOf{}, options: map[uuid.UUID]uuid.UUID{}, joined: map[[2]uuid.UUID]bool{}}
	for _, part := range []func(*ballot) error{r.polls, r.questions, r.options, r.participants, r.votes} {
		if err := part(b); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) polls(b *ballot) error {
	t, err := r.into("voting", "polls", kindPolls, "tenant_id, id", "tenant_id", "id", "title", "description", "status", "scope_type", "scope_id", "visibility", "template",
		"allow_revoting", "anonymous", "results_visibility", "settings", "starts_at", "ends_at", "opened", "hidden", "created_by", "created_at", "updated_at", "version", "search_text")
	if err != nil {
		return err
	}
	err = each(r.ctx, r.old["voting"], "voting_poll", "", "created_at, id", func(o oldPoll) error {
		which := o.Title + " " + o.ID.String()
		home, ok := r.home(kindPolls, o.Tenant, which)
		if !ok {
			return nil
		}
		return r.poll(b, t, home, which, o)
	})
	if err != nil {
		return err
	}
	return t.store()
}

func (r *run) poll(b *ballot, t *table, home uuid.UUID, which string, o oldPoll) error {
	scopeType, scopeID, found := r.scope(home, o.ScopeType, o.ScopeID, "EVENT", "POST")
	hidden := false
	if !found {
		if scopeID == uuid.Nil || scopeType != "COMMUNITY" && scopeType != "TEAM" && scopeType != "EVENT" && scopeType != "POST" {
			r.report.refuse(kindPolls, "what it belongs to is nothing that there is", which+", of "+o.ScopeType+" "+o.ScopeID)
			return nil
		}
		hidden = true
		r.report.change(kindPolls, "what it belongs to is not known: it is hidden, as what belongs to deleted communities", which)
	}
	visibility := r.sight(kindPolls, o.Visibility, scopeType, which)
	status := o.Status
	if status != "draft" && status != "active" && status != "closed" {
		r.report.change(kindPolls, "its status is none that there is: it is closed", which+": "+status)
		status = "closed"
	}
	results := o.Results
	if results != "always" && results != "after_closed" && results != "admins_only" {
		r.report.change(kindPolls, "who sees its results is nothing that there is: its administrators do", which+": "+results)
		results = "admins_only"
	}
	if !o.StartsAt.IsZero() && !o.EndsAt.IsZero() && !o.EndsAt.After(o.StartsAt) {
		r.report.change(kindPolls, "it ended before it began: its start is left out", which)
		o.StartsAt = time.Time{}
	}
	if status == "active" && !o.EndsAt.IsZero() && !o.EndsAt.After(r.now) {
		r.report.change(kindPolls, "its end was past: it is closed", which)
		status = "closed"
	}
	title, description := r.title(kindPolls, which, o.Title, o.ID), r.text(kindPolls, which, "description", o.Description, 10_000)
	creator := r.author(kindPolls, o.CreatedBy, which)
	b.polls[o.ID] = &pollOf{tenant: home, creator: creator, createdAt: o.CreatedAt, closed: status == "closed"}
	opened := !(status == "active" && o.StartsAt.After(r.now))
	err := t.add(home, o.ID, title, description, status, scopeType, scopeID, visibility, r.line(kindPolls, which, "template", o.Template, 32), o.Revoting, o.Anonymous, results,
		r.document(kindPolls, which, "settings", o.Settings), orNull(o.StartsAt), orNull(o.EndsAt), opened, hidden, creator, o.CreatedAt, timeOr(o.UpdatedAt, o.CreatedAt), 1,
		fold(title+"\n"+description))
	if err != nil || hidden || status == "draft" || !opened {
		return err
	}
	if scopeType == "EVENT" || scopeType == "POST" {
		scopeType, scopeID = "TENANT", home
	}
	payload := map[string]any{"poll_id": o.ID.String(), "status": status, "anonymous": o.Anonymous}
	if !o.EndsAt.IsZero() {
		payload["ends_at"] = o.EndsAt.UTC()
	}
	return r.feed(item{
		tenant: home, ref: "poll:" + o.ID.String(), kind: "poll.opened", actor: creator, at: timeOr(o.StartsAt, o.CreatedAt), title: title, visibility: visibility,
		scopeType: scopeType, scopeID: scopeID, link: "/polls/" + o.ID.String(), payload: payload,
	})
}

// maxDocument is how large the settings of a poll and of a question may be.
const maxDocument = 16 << 10

func (r *run) document(kind, which, field string, document jsonText) string {
	kept := r.object(kind, which, field, document)
	if len(kept) > maxDocument {
		r.report.change(kind, field+": is too large, and is left out", which)
		return "{}"
	}
	return kept
}

func (r *run) questions(b *ballot) error {
	t, err := r.into("voting", "questions", kindQuestions, "tenant_id, id", "tenant_id", "id", "poll_id", "title", "description", "kind", "sort_order", "max_votes", "is_required", "config")
	if err != nil {
		return err
	}
	t.requires = "EXISTS (SELECT FROM polls p WHERE p.tenant_id = s.tenant_id AND p.id = s.poll_id)"
	type old struct {
		ID          uuid.UUID `db:"id"`
		Tenant      uuid.UUID `db:"tenant_id"`
		Poll        uuid.UUID `db:"poll_id"`
		Title       string    `db:"title"`
		Description string    `db:"description"`
		Kind        string    `db:"kind"`
		Order       int64     `db:"sort_order"`
		Most        int64     `db:"max_votes"`
		Required    bool      `db:"is_required"`
		Config      jsonText  `db:"config"`
	}
	err = each(r.ctx, r.old["voting"], "voting_nomination", "", "poll_id, sort_order, id", func(o old) error {
		which := o.Title + " " + o.ID.String()
		home, ok := r.home(kindQuestions, o.Tenant, which)
		p := b.polls[o.Poll]
		switch {
		case !ok:
			return nil
		case p == nil:
			r.report.refuse(kindQuestions, noParent, which)
			return nil
		case p.tenant != home:
			r.report.refuse(kindQuestions, otherTenant, which)
			return nil
		}
		if o.Most < 1 || o.Most > mostVotes {
			r.report.change(kindQuestions, "how many votes it takes cannot be: it takes one, or 200", fmt.Sprintf("%s: %d", which, o.Most))
			o.Most = min(max(o.Most, 1), mostVotes)
		}
		kind := o.Kind
		if kind != "game" && kind != "review" && kind != "person" && kind != "custom" {
			r.report.change(kindQuestions, "its kind is none that there is: it is custom", which+": "+kind)
			kind = "custom"
		}
		b.questions[o.ID] = questionOf{tenant: home, poll: o.Poll, most: o.Most}
		return t.add(home, o.ID, o.Poll, r.title(kindQuestions, which, o.Title, o.ID), r.text(kindQuestions, which, "description", o.Description, 10_000), kind, o.Order, o.Most,
			o.Required, r.document(kindQuestions, which, "config", o.Config))
	})
	if err != nil {
		return err
	}
	return t.store()
}

func (r *run) options(b *ballot) error {
	t, err := r.into("voting", "options", kindOptions, "tenant_id, id", "tenant_id", "id", "poll_id", "question_id", "title", "description", "media_url", "game_id", "sort_order")
	if err != nil {
		return err
	}
	t.requires = "EXISTS (SELECT FROM questions q WHERE q.tenant_id = s.tenant_id AND q.poll_id = s.poll_id AND q.id = s.question_id)"
	type old struct {
		ID          uuid.UUID `db:"id"`
		Tenant      uuid.UUID `db:"tenant_id"`
		Question    uuid.UUID `db:"nomination_id"`
		Title       string    `db:"title"`
		Description string    `db:"description"`
		URL         string    `db:"media_url"`
		Game        uuid.UUID `db:"game_id"`
		Order       int64     `db:"sort_order"`
	}
	err = each(r.ctx, r.old["voting"], "voting_option", "", "nomination_id, sort_order, id", func(o old) error {
		which := o.Title + " " + o.ID.String()
		home, ok := r.home(kindOptions, o.Tenant, which)
		q, found := b.questions[o.Question]
		switch {
		case !ok:
			return nil
		case !found:
			r.report.refuse(kindOptions, noParent, which)
			return nil
		case q.tenant != home:
			r.report.refuse(kindOptions, otherTenant, which)
			return nil
		}
		picture := o.URL
		if !strings.HasPrefix(picture, "/") || strings.HasPrefix(picture, "//") { // a path is one of this site
			picture = r.address(kindOptions, which, picture, 512)
		}
		b.options[o.ID] = o.Question
		return t.add(home, o.ID, q.poll, o.Question, r.title(kindOptions, which, o.Title, o.ID), r.text(kindOptions, which, "description", o.Description, 10_000), picture,
			idOrNull(o.Game), o.Order)
	})
	if err != nil {
		return err
	}
	return t.store()
}
