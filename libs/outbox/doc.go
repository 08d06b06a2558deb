// Package outbox carries domain events from one service to the others.
//
// A use case calls [Publisher.Publish] inside its transaction: the event, a
// CloudEvent, is written to the outbox table and is committed or rolled back
// with the change it tells of. Nothing else happens in the request; whether a
// broker is reachable does not matter to it.
//
// A [Relay] runs in every instance of the service. One of them, the holder of
// an advisory lock in the service's database, moves events to the JetStream
// stream [StreamEvents], on the subject "updspace." + type. Delivery is at
// least once; the event's id is the Nats-Msg-Id, so that the stream drops what
// is sent twice within [DedupeWindow] (a relay that died between sending and
// remembering). Events of one aggregate, which is what Event.Subject names,
// enter the stream in the order of their transactions.
//
// A [Consumer] reads the stream for another service. Its handler runs in a
// transaction of the event's tenant together with an entry in the inbox table,
// so that each event takes effect once. Events are handled in order; one that
// keeps failing goes to the stream [StreamDead], where [DeadLetters] lists and
// replays it.
//
// # The wire
//
// A message is a CloudEvent 1.0 in structured JSON (application/cloudevents+json):
// id (UUIDv7), source (the service), type (voting.vote.cast), subject (the
// aggregate, poll/<id>), time, data, and the extensions tenantid, requestid,
// actorid and traceparent, each only where there is one.
package outbox
