package rule

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs/why"
)

// Kind is a kind of facts.
type Kind string

// The kinds.
const (
	MemberJoined      Kind = "member_joined"      // of the tenant, a community or a team
	MemberAnniversary Kind = "member_anniversary" // the same facts, measured in years
	PostWritten       Kind = "post_written"
	BallotCast        Kind = "ballot_cast" // in a poll that is not anonymous
	EventAnswered     Kind = "event_answered"
	EventAttended     Kind = "event_attended"
	NewsPosted        Kind = "news_posted"
	AccountLinked     Kind = "account_linked" // with a service such as Steam
	AchievementHeld   Kind = "achievement_held"
)

// Kinds are all kinds, in the order in which an editor offers them.
func Kinds() []Kind {
	return []Kind{MemberJoined, MemberAnniversary, PostWritten, BallotCast, EventAnswered, EventAttended, NewsPosted, AccountLinked, AchievementHeld}
}

// Measures are the measures of a kind.
func Measures(k Kind) []Measure { return slices.Clone(kinds[k].measures) }

// Fields are the names of the fields of a kind that filters can look at.
func Fields(k Kind) []string { return kinds[k].names() }

// Values are the values that a field can have; nil if it holds identifiers or words of others.
func Values(k Kind, field string) []string {
	info, _ := kinds[k].field(field)
	return slices.Clone(info.values)
}

type kindInfo struct {
	measures []Measure
	fields   []fieldInfo
}

type fieldInfo struct {
	name   string
	values []string       // the ones that there are
	form   *regexp.Regexp // else, the form of all
}

var (
	idForm   = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	wordForm = regexp.MustCompile(`^[a-z0-9][a-z0-9_.-]*$`)

	scopeType  = fieldInfo{name: "scope_type", values: []string{"TENANT", "COMMUNITY", "TEAM"}}
	scope      = fieldInfo{name: "scope", form: idForm}
	visibility = fieldInfo{name: "visibility", values: []string{"public", "community", "team", "private"}}

	usual   = []Measure{Count, Distinct, Days, Streak}
	inScope = []fieldInfo{scopeType, scope, visibility}
)

var kinds = map[Kind]kindInfo{
	MemberJoined:      {[]Measure{Count}, []fieldInfo{scopeType, scope}},
	MemberAnniversary: {[]Measure{Years}, []fieldInfo{scopeType, scope}},
	PostWritten:       {[]Measure{Count, Days, Streak}, inScope},
	BallotCast: {usual, []fieldInfo{
		{name: "scope_type", values: []string{"TENANT", "COMMUNITY", "TEAM", "EVENT", "POST"}}, scope, visibility, {name: "poll", form: idForm},
	}},
	EventAnswered: {usual, []fieldInfo{
		scopeType, scope, visibility, {name: "event", form: idForm}, {name: "answer", values: []string{"going", "interested", "not_going"}},
	}},
	EventAttended: {usual, []fieldInfo{
		scopeType, scope, visibility, {name: "event", form: idForm}, {name: "method", values: []string{"organiser", "scan", "self"}},
	}},
	NewsPosted:      {[]Measure{Count, Days, Streak}, inScope},
	AccountLinked:   {[]Measure{Count, Distinct}, []fieldInfo{{name: "provider", form: wordForm}}},
	AchievementHeld: {[]Measure{Count, Distinct}, []fieldInfo{{name: "achievement", form: idForm}}},
}

func (k kindInfo) field(name string) (fieldInfo, bool) {
	i := slices.IndexFunc(k.fields, func(f fieldInfo) bool { return f.name == name })
	if i < 0 {
		return fieldInfo{}, false
	}
	return k.fields[i], true
}

func (k kindInfo) names() []string {
	names := make([]string, len(k.fields))
	for i, f := range k.fields {
		names[i] = f.name
	}
	return names
}

func (f fieldInfo) wrong(value string) why.Reason {
	switch {
	case len(value) > maxValue:
		return why.TooLong(maxValue)
	case f.values != nil && !slices.Contains(f.values, value):
		return why.NotAllowed("must be one of " + list(f.values))
	case f.form == idForm && !idForm.MatchString(value):
		return why.NotFormat("uuid", "must be a UUID in small letters")
	case f.form != nil && !f.form.MatchString(value):
		return why.InvalidFormat("must be a word in small letters")
	}
	return why.Reason{}
}

// Fact says that something happened with a person, or that it is taken back.
type Fact struct {
	Event  uuid.UUID         `json:"event"`            // the source; a fact is known by it
	At     time.Time         `json:"at"`               // of the event: the later fact about a key counts
	Kind   Kind              `json:"kind"`             // never MemberAnniversary
	Person uuid.UUID         `json:"person"`           // whom it is about
	Key    string            `json:"key"`              // what it is about: facts of a kind with the same key are one thing
	Object string            `json:"object,omitempty"` // what Distinct counts, such as the poll; "" means the key
	When   time.Time         `json:"when"`             // the time whose day counts
	Undone bool              `json:"undone,omitempty"` // it takes back what is under the key
	Fields map[string]string `json:"fields,omitempty"` // what filters look at
}

// maxKey bounds the key and the object of a fact.
const maxKey = 128

// Validate refuses facts that no event tells. FactOf makes none of them.
func (f Fact) Validate() error {
	in := func(at time.Time) bool { return at.Year() >= 1970 && at.Year() < 2200 }
	switch info, known := kinds[f.Kind]; {
	case !known || f.Kind == MemberAnniversary:
		return fmt.Errorf("rule: there is no fact of the kind %q", f.Kind)
	case f.Event == uuid.Nil || f.Person == uuid.Nil:
		return errors.New("rule: a fact without an event or a person")
	case f.Key == "" || len(f.Key) > maxKey || len(f.Object) > maxKey:
		return errors.New("rule: a fact without a key, or with a long one")
	case !in(f.At) || !in(f.When):
		return errors.New("rule: a fact of an impossible time")
	case len(f.Fields) > len(info.fields):
		return errors.New("rule: a fact with too many fields")
	}
	return nil
}
