// Package ports holds the interfaces that the use cases need from outside. Repositories work on the tenant of the request
// context; what another tenant owns does not exist for them.
package ports
