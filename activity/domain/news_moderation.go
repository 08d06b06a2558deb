package domain

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/valid"
)

// Bounds of the word filter.
const (
	MaxFilterWords = 500
	MaxFilterWord  = 64
)

// ReportReason says what is wrong with a post or comment.
type ReportReason string

// The reasons.
const (
	ReportSpam      ReportReason = "spam"
	ReportAbuse     ReportReason = "abuse"
	ReportOffTopic  ReportReason = "off_topic"
	ReportIllegal   ReportReason = "illegal"
	ReportSomething ReportReason = "other"
)

var reportReasons = []ReportReason{ReportSpam, ReportAbuse, ReportOffTopic, ReportIllegal, ReportSomething}

// ReportResolution is what moderators made of a report.
type ReportResolution string

// The resolutions.
const (
	ReportOpen      ReportResolution = ""
	ReportDismissed ReportResolution = "dismissed" // nothing is wrong
	ReportUpheld    ReportResolution = "upheld"    // something was done about it
)

// What is refused about reports.
var (
	ErrReportNotFound = errs.New(errs.NotFound, "REPORT_NOT_FOUND", "This report does not exist.")
	ErrOwnReport      = errs.New(errs.Conflict, "OWN_CONTENT", "You cannot report what you wrote yourself.")
)

// NewsReport is what a member reports about a post or one of its comments.
type NewsReport struct {
	ID         uuid.UUID
	PostID     uuid.UUID
	CommentID  int64 // zero for the post itself
	ReporterID uuid.UUID
	Reason     ReportReason
	Text       string
	CreatedAt  time.Time
	Resolution ReportResolution
	ResolvedAt time.Time
	ResolvedBy uuid.UUID
}

// NewNewsReport makes a report, or reports every wrong field.
func NewNewsReport(by authz.Actor, post uuid.UUID, comment int64, reason ReportReason, text string, now time.Time) (NewsReport, error) {
	fields := errs.Fields{}
	fields.Check(slices.Contains(reportReasons, reason), "reason", why.NotAllowed("must be spam, abuse, off_topic, illegal or other"))
	text = valid.Text(fields, "text", text, 0, MaxReason)
	return NewsReport{
		ID: valid.NewID(), PostID: post, CommentID: comment, ReporterID: by.User, Reason: reason, Text: text, CreatedAt: valid.Instant(now),
	}, fields.Err()
}

// Resolve returns the report with a decision. A report that is resolved stays as it is.
func (r NewsReport) Resolve(by uuid.UUID, resolution ReportResolution, now time.Time) (NewsReport, error) {
	if resolution != ReportDismissed && resolution != ReportUpheld {
		return r, errs.Field("resolution", why.NotAllowed("must be dismissed or upheld"))
	}
	if r.Resolution == ReportOpen {
		r.Resolution, r.ResolvedAt, r.ResolvedBy = resolution, valid.Instant(now), by
	}
	return r, nil
}

// WordFilter are the words that posts and comments of a tenant must not contain.
type WordFilter struct {
	Words     []string // folded (valid.Fold), in alphabetical order
	UpdatedBy uuid.UUID
	UpdatedAt time.Time
}

// NewWordFilter makes a filter, or reports what is wrong.
func NewWordFilter(by authz.Actor, words []string, now time.Time) (WordFilter, error) {
	fields := errs.Fields{}
	cleaned := []string{}
	for _, word := range words {
		word = strings.Join(wordsOf(valid.Line(fields, "words", word, 1, MaxFilterWord)), " ")
		if word == "" {
			fields.Add("words", why.Empty.Saying("must contain letters or digits"))
			continue
		}
		cleaned = append(cleaned, word)
	}
	slices.Sort(cleaned)
	cleaned = slices.Compact(cleaned)
	fields.Check(len(cleaned) <= MaxFilterWords, "words", why.TooMany(MaxFilterWords))
	return WordFilter{Words: cleaned, UpdatedBy: by.User, UpdatedAt: valid.Instant(now)}, fields.Err()
}

// wordsOf splits a text into folded words of letters, marks and digits.
func wordsOf(text string) []string {
	return strings.FieldsFunc(valid.Fold(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) })
}

// Check notes the fields whose text contains a word of the filter as whole words.
func (f WordFilter) Check(fields errs.Fields, field, text string) {
	if len(f.Words) == 0 {
		return
	}
	padded := " " + strings.Join(wordsOf(text), " ") + " "
	for _, word := range f.Words {
		if strings.Contains(padded, " "+word+" ") {
			fields.Add(field, why.NotAllowed("contains a word that this community does not allow"))
			return
		}
	}
}
