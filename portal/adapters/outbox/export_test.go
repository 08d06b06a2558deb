package outbox

// ContentEvent is for tests: what an event becomes before it is written.
var ContentEvent = contentEvent
