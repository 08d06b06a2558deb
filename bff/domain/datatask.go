package domain

import "github.com/google/uuid"

// DataTaskKind is what a task asks for.
type DataTaskKind string

// The kinds of tasks.
const (
	TaskExport  DataTaskKind = "export"
	TaskErasure DataTaskKind = "erasure"
	TaskSweep   DataTaskKind = "sweep" // an erasure once more, of what was under way during the first
)

// DataTask is an export of what services store about a user, or its erasure.
type DataTask struct {
	ID      uuid.UUID
	Kind    DataTaskKind
	User    uuid.UUID
	Attempt int
	Names   []string
	Tenants []Tenant
	Done    map[DataPartName]bool // what was reported before
}

// DataPartName names a part of a task.
type DataPartName struct{ Tenant, Service string }

// DataPart is what a service has answered.
type DataPart struct {
	DataPartName
	Total  int    // parts of the task
	State  string // more, done or missing
	Page   int
	Items  []DataItem
	Counts map[string]int64
}

// DataItem is one stored object.
type DataItem struct {
	Section string
	Data    map[string]any
}
