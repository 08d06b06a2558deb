// Package app holds the use cases of events: authorise, apply the rules, call the ports.
package app
