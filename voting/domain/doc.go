// Package domain holds the rules of voting: what a poll is, when it accepts ballots, and how results are counted.
//
// The API keeps the names that the frontends know. The mapping:
//
//	domain         API
//	Poll           poll
//	Question       nomination
//	Option         option
//	Ballot         vote
//	Questionnaire  the nominations and options of a poll's info
//
// Types are built by constructors that refuse what breaks a rule, and changed by methods that return the changed value.
// Restore functions are for repositories only: they return what a constructor once accepted.
package domain
