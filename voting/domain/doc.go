// Package domain holds the rules of voting: what a poll is, when it takes ballots, and what the ballots come to.
//
// The field speaks of polls, questions, options and ballots, and so does this package. The wire keeps the names the
// frontends know. The mapping, once:
//
//	domain    wire
//	Poll      poll
//	Question  nomination
//	Option    option
//	Ballot    vote
//	Paper     the nominations and options of a poll's info
//
// Every type is built by a constructor that refuses what breaks a rule, and changed by methods that return the changed
// value. Restore functions are for repositories alone: they take back what a constructor once let through.
package domain
