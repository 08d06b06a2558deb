// Package app holds the use cases of voting, one type for each kind of object: Polls, Questions (with their options),
// Participants, Ballots, Results; and Lifecycle for changes without a user. A use case checks the input, asks access what
// the caller may do, lets the domain decide, and stores the change with its events and audit entries in one transaction.
package app
