package outbox

// ToWire is for tests: what an event becomes before it is written.
var ToWire = toWire
