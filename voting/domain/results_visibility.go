package domain

// ResultsVisibility says when callers who do not manage a poll can read its results.
type ResultsVisibility string

// The times at which results can be read.
const (
	ResultsAlways      ResultsVisibility = "always"
	ResultsAfterClosed ResultsVisibility = "after_closed"
	ResultsAdminsOnly  ResultsVisibility = "admins_only" // never, not even after closing
)

// Valid reports whether v is one of them.
func (v ResultsVisibility) Valid() bool {
	return v == ResultsAlways || v == ResultsAfterClosed || v == ResultsAdminsOnly
}
