package domain

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/valid"
)

// QuestionKind is how a question of an application form is answered.
type QuestionKind string

// The kinds of questions.
const (
	QuestionText     QuestionKind = "text"
	QuestionLongText QuestionKind = "long_text"
	QuestionChoice   QuestionKind = "choice"
	QuestionCheckbox QuestionKind = "checkbox"
)

// The bounds of an application form.
const (
	MaxQuestions    = 10
	maxOptions      = 20
	maxQuestion     = 200
	maxAnswer       = 2000
	shortAnswer     = 200
	AnswerChecked   = "yes" // the answer to a checkbox that is ticked
	fieldAnswers    = "answers."
	fieldsQuestions = "questions.%d.%s"
)

var questionKey = regexp.MustCompile(`^[a-z][a-z0-9_]{0,31}$`)

// LocalText is a text by language.
type LocalText map[string]string

// Question is one question of an application form.
type Question struct {
	Key       string // names the answer
	Kind      QuestionKind
	Label     LocalText
	Required  bool
	MaxLength int // of answers that are texts
	Options   []QuestionOption
}

// QuestionOption is an answer to a choice.
type QuestionOption struct {
	Value string
	Label LocalText
}

// ApplicationForm is what a tenant asks of people who apply.
type ApplicationForm struct {
	Questions []Question
	Version   int64 // counts the changes; 0: never changed
	UpdatedAt time.Time
}

// Edit replaces the questions.
func (f *ApplicationForm) Edit(questions []Question, now time.Time) error {
	fields := errs.Fields{}
	fields.Check(len(questions) <= MaxQuestions, "questions", why.TooMany(MaxQuestions))
	seen := map[string]bool{}
	for i := range questions {
		q := &questions[i]
		name := func(part string) string { return fmt.Sprintf(fieldsQuestions, i, part) }
		fields.Check(questionKey.MatchString(q.Key), name("key"), why.InvalidFormat("must be lower-case letters, digits and underscores, and begin with a letter"))
		fields.Check(!seen[q.Key], name("key"), why.Duplicate("another question has this key"))
		seen[q.Key] = true
		q.Label = label(fields, name("label"), q.Label)
		q.check(fields, name)
	}
	if err := fields.Err(); err != nil {
		return err
	}
	f.Questions, f.UpdatedAt = questions, now
	f.Version++
	return nil
}

func (q *Question) check(fields errs.Fields, name func(string) string) {
	switch q.Kind {
	case QuestionText, QuestionLongText:
		if q.MaxLength == 0 {
			q.MaxLength = shortAnswer
			if q.Kind == QuestionLongText {
				q.MaxLength = maxAnswer
			}
		}
		fields.Check(q.MaxLength > 0 && q.MaxLength <= maxAnswer, name("max_length"), why.Outside(1, maxAnswer))
	case QuestionChoice:
		fields.Check(len(q.Options) >= 2 && len(q.Options) <= maxOptions, name("options"), why.Count(len(q.Options), 2, maxOptions))
	case QuestionCheckbox:
	default:
		fields.Add(name("kind"), why.NotAllowed("is not a kind of question"))
	}
	if q.Kind != QuestionChoice {
		q.Options = nil
	}
	if q.Kind == QuestionChoice || q.Kind == QuestionCheckbox {
		q.MaxLength = 0
	}
	values := map[string]bool{}
	for i := range q.Options {
		o := &q.Options[i]
		part := fmt.Sprintf("options.%d.", i)
		fields.Check(questionKey.MatchString(o.Value), name(part+"value"), why.InvalidFormat("must be lower-case letters, digits and underscores, and begin with a letter"))
		fields.Check(!values[o.Value], name(part+"value"), why.Duplicate("another option has this value"))
		values[o.Value] = true
		o.Label = label(fields, name(part+"label"), o.Label)
	}
}

// label cleans a text by language, of which at least one must be written.
func label(fields errs.Fields, field string, in LocalText) LocalText {
	out := LocalText{}
	for _, language := range Languages {
		if text := valid.Line(fields, field+"."+language, in[language], 0, maxQuestion); text != "" {
			out[language] = text
		}
	}
	fields.Check(len(out) > 0, field, why.Empty)
	return out
}

// Check cleans the answers to the questions. Answers to questions that the form does not ask are refused.
func (f ApplicationForm) Check(fields errs.Fields, answers map[string]string) map[string]string {
	out := map[string]string{}
	for _, q := range f.Questions {
		if answer := q.answer(fields, answers[q.Key]); answer != "" {
			out[q.Key] = answer
		}
	}
	for key := range answers {
		asked := slices.ContainsFunc(f.Questions, func(q Question) bool { return q.Key == key })
		fields.Check(asked, "answers", why.NotAllowed("has an answer to a question that is not asked; load the form anew"))
	}
	return out
}

func (q Question) answer(fields errs.Fields, answer string) string {
	field, least := fieldAnswers+q.Key, 0
	if q.Required {
		least = 1
	}
	switch q.Kind {
	case QuestionText:
		return valid.Line(fields, field, answer, least, q.MaxLength)
	case QuestionLongText:
		return valid.Text(fields, field, answer, least, q.MaxLength)
	case QuestionChoice:
		known := slices.ContainsFunc(q.Options, func(o QuestionOption) bool { return o.Value == answer })
		fields.Check(known || answer == "", field, why.NotAllowed("is not one of the options"))
	case QuestionCheckbox:
		fields.Check(answer == AnswerChecked || answer == "", field, why.NotAllowed("must be yes or empty"))
	}
	fields.Check(strings.TrimSpace(answer) != "" || !q.Required, field, why.Empty)
	return answer
}
