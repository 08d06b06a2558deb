// Package app holds the use cases of voting, one type per thing that is worked on: Polls, Questions (with their
// options), Ballots, Results. Each use case first asks who may, then lets the domain say what is right, then stores
// and tells what happened, in one transaction.
package app
