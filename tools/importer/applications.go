package importer

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
)

const kindApplications = "applications"

// answerKey is the form of the names of answers (identity/domain).
var answerKey = regexp.MustCompile(`^[a-z][a-z0-9_]{0,31}$`)

type oldApplication struct {
	ID        int64     `db:"id"`
	Tenant    string    `db:"tenant_slug"`
	Payload   jsonText  `db:"payload_json"`
	Status    string    `db:"status"`
	CreatedAt time.Time `db:"created_at"`
}

// applications takes those that wait for a decision. They wait as long as new ones do.
func (r *run) applications() error {
	t, err := r.into("identity", "applications", kindApplications, "tenant_id, id", "tenant_id", "id", "email", "display_name", "language", "answers", "status", "created_at", "expires_at")
	if err != nil {
		return err
	}
	bySlug := map[string]uuid.UUID{}
	for _, home := range r.tenants {
		bySlug[home.slug] = home.id
	}
	err = each(r.ctx, r.old["identity"], "usid_application", "", "id", func(o oldApplication) error {
		r.report.read(kindApplications)
		var payload map[string]any
		_ = json.Unmarshal([]byte(o.Payload), &payload) // one that is none has no address
		text := func(key string) string {
			s, _ := payload[key].(string)
			return s
		}
		which := text("email")
		email, usable := mailAddress(which)
		home, known := bySlug[o.Tenant]
		switch {
		case o.Status != string(domain.ApplicationPending):
			r.report.refuse(kindApplications, "it was decided", which)
			return nil
		case !known:
			r.report.refuse(kindApplications, noTenant, which)
			return nil
		case !usable:
			r.report.refuse(kindApplications, "it has no e-mail address", which)
			return nil
		}
		name := ""
		for _, one := range []string{text("display_name"), text("username"), email} {
			if name = r.line(kindApplications, which, "name", one, 128); name != "" {
				break
			}
		}
		answers, err := json.Marshal(r.applicationAnswers(payload, which))
		if err != nil {
			return err
		}
		return t.add(home, o.ID, email, name, languageOf(text("language")), string(answers), o.Status, timeOr(o.CreatedAt, r.now), r.now.Add(domain.ApplicationRetention))
	})
	if err != nil {
		return err
	}
	if err := t.store(); err != nil {
		return err
	}
	return r.advance("identity", "applications", "id")
}

// applicationAnswers are what was said beside address and name. Reviewers see each under its name.
func (r *run) applicationAnswers(payload map[string]any, which string) map[string]string {
	const most, longest = 20, 2000
	answers := map[string]string{}
	for _, key := range slices.Sorted(maps.Keys(payload)) {
		answer, isText := payload[key].(string)
		switch {
		case key == "email" || key == "username" || key == "display_name" || key == "language" || answer == "" && isText:
		case !isText || !answerKey.MatchString(key) || len(answers) == most:
			r.report.change(kindApplications, "an answer does not come along", which+": "+key)
		default:
			answers[key] = r.text(kindApplications, which, key, answer, longest)
		}
	}
	return answers
}

func mailAddress(text string) (address string, ok bool) {
	address, err := domain.NormalizeEmail(text)
	return address, err == nil
}

func languageOf(said string) string {
	if slices.Contains(domain.Languages, said) {
		return said
	}
	return domain.Languages[0]
}
