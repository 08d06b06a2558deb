package domain

// Event is something that happened and that other services, or other parts of activity, may need to know.
type Event interface{ event() }
