package domain

// Status is where an event or one of its dates stands.
type Status string

// The statuses. An event goes from draft to scheduled, and from there to cancelled.
const (
	StatusDraft     Status = "draft"     // seen only by those who manage the event
	StatusScheduled Status = "scheduled" // takes place
	StatusCancelled Status = "cancelled" // does not take place; stays visible with its reason
)
