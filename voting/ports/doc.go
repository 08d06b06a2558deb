// Package ports holds the interfaces through which the use cases reach storage and other services, in the terms of the
// domain. Adapters implement them; portstest holds the suite that every repository must pass, and repositories in memory.
//
// A repository works on the tenant of the request context (libs/reqctx), so that no use case can name another one. Rows of
// other tenants do not exist for it.
package ports
