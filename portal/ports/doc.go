// Package ports says what portal needs from outside, in the words of its domain. Adapters fulfil it; portstest holds
// the suite that every repository must pass, and fakes for tests of what lies inside.
//
// The tenant whose data a repository works on is the one of the request context (libs/reqctx), so that no use case can
// name another. What another tenant owns does not exist for it.
package ports
