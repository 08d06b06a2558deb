// Package testkit gives tests the real things: a PostgreSQL database of their
// own, Redis, NATS with JetStream, a clock that moves when told to, and an HTTP
// client that signs like the gateway and holds every answer against the
// OpenAPI document.
//
// A package that uses servers says so once:
//
//	func TestMain(m *testing.M) { testkit.Main(m) }
//
// They are started when the first test asks for them and are gone when the
// package is done. Starting PostgreSQL takes seconds, so that the tests of many
// packages share the server that UPDSPACE_TEST_POSTGRES_URL names.
package testkit
