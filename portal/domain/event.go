package domain

// Event is something that happened in portal and that others may want to know. Its implementations are the events of
// api/events/portal.yaml.
type Event interface{ event() }
