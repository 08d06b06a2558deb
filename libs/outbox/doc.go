// Package outbox carries domain events from one service to the others.
//
// A use case calls [Publisher.Publish] inside its transaction. The event, a CloudEvent, is written to the outbox table and
// is committed or rolled back with the change it reports. The request does not need the broker.
//
// A [Relay] runs in every instance of the service. One of them, the holder of an advisory lock in the service's database,
// sends events to the JetStream stream [StreamEvents], on the subject "updspace." + type. Delivery is at least once. The
// event's id is the Nats-Msg-Id, so the stream drops an event that is sent twice within [DedupeWindow], for example by a
// relay that stopped between sending and marking. Events of one aggregate, which Event.Subject names, enter the stream in
// the order of their transactions.
//
// A [Consumer] reads the stream for another service. Its handler runs in a transaction of the event's tenant together with
// an entry in the inbox table, so each event takes effect once. Events are handled in order. An event that keeps failing
// goes to the stream [StreamDead], where [DeadLetters] lists and replays it.
//
// # The wire
//
// A message is a CloudEvent 1.0 in structured JSON (application/cloudevents+json): id (UUIDv7), source (the service), type
// (voting.vote.cast), subject (the aggregate, poll/<id>), time, data, and the extensions tenantid, requestid, actorid and
// traceparent, each only if there is one. The documents in api/events describe types, subjects and data.
package outbox
