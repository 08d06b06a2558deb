package domain

import (
	"time"

	"github.com/google/uuid"
)

// DataRequestKind is what a user asks of the platform about their data.
type DataRequestKind string

// The kinds of requests.
const (
	DataExport   DataRequestKind = "export"
	DataDeletion DataRequestKind = "deletion"
)

// DataRequestState is how far a request is.
type DataRequestState string

// The states of requests. An export begins running and becomes ready. A deletion waits for the end of its grace, runs, sweeps what was under way
// meanwhile, and is done.
const (
	DataWaiting  DataRequestState = "waiting"
	DataRunning  DataRequestState = "running"
	DataSweeping DataRequestState = "sweeping"
	DataReady    DataRequestState = "ready"
	DataDone     DataRequestState = "done"
	DataCanceled DataRequestState = "canceled"
)

// The times of requests.
const (
	DeletionGrace     = 14 * 24 * time.Hour
	DataExportKept    = 7 * 24 * time.Hour   // after it is ready
	DataReceiptKept   = 365 * 24 * time.Hour // of a deletion
	DataTaskLease     = 3 * time.Minute      // after each report; then another may take the task
	DeletionSettles   = 30 * time.Second     // between the end of memberships, which services learn by events, and the erasure
	DeletionSweep     = 10 * time.Minute     // between the erasure and its repetition
	dataRequestOpen   = 10 * 365 * 24 * time.Hour
	maxDeletionReason = 256
)

// DataRequest is a request of a user about their data.
type DataRequest struct {
	ID          uuid.UUID
	Kind        DataRequestKind
	State       DataRequestState
	UserID      *uuid.UUID // nil: the user is gone
	UserHash    string     // personaldata.Proof of the user
	Reason      string
	PartsTotal  int
	Attempts    int
	RequestedAt time.Time
	DueAt       time.Time
	FinishedAt  *time.Time
	ExpiresAt   time.Time
}

// NewDataExport is an export that begins at once.
func NewDataExport(id, user uuid.UUID, hash string, now time.Time) DataRequest {
	return DataRequest{
		ID: id, Kind: DataExport, State: DataRunning, UserID: &user, UserHash: hash, RequestedAt: now, DueAt: now, ExpiresAt: now.Add(DataExportKept),
	}
}

// NewDeletion is a deletion at the end of its grace.
func NewDeletion(id, user uuid.UUID, hash, reason string, now time.Time) DataRequest {
	return DataRequest{
		ID: id, Kind: DataDeletion, State: DataWaiting, UserID: &user, UserHash: hash, Reason: shortened(reason, maxDeletionReason), RequestedAt: now,
		DueAt: now.Add(DeletionGrace), ExpiresAt: now.Add(dataRequestOpen),
	}
}

func shortened(s string, most int) string {
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most])
	}
	return s
}

// Cancel ends a deletion that has not begun.
func (r *DataRequest) Cancel(now time.Time) error {
	if r.Kind != DataDeletion || r.State != DataWaiting {
		return ErrDeletionUnknown
	}
	r.State, r.FinishedAt, r.ExpiresAt = DataCanceled, &now, now.Add(DataReceiptKept)
	return nil
}

// Begin starts a deletion whose grace is over.
func (r *DataRequest) Begin(now time.Time) {
	r.State, r.DueAt, r.Attempts = DataRunning, now.Add(DeletionSettles), 0
}

// Finish is called when every part was reported.
func (r *DataRequest) Finish(now time.Time) error {
	switch {
	case r.State == DataRunning && r.Kind == DataExport:
		r.State, r.FinishedAt, r.ExpiresAt = DataReady, &now, now.Add(DataExportKept)
	case r.State == DataRunning:
		r.State, r.DueAt, r.Attempts = DataSweeping, now.Add(DeletionSweep), 0
	case r.State == DataSweeping:
		r.State, r.UserID, r.Reason, r.FinishedAt, r.ExpiresAt = DataDone, nil, "", &now, now.Add(DataReceiptKept)
	default:
		return ErrDataRequestUnknown
	}
	return nil
}

// DataPart is what a service has answered in a community.
type DataPart struct {
	Tenant  string // its slug
	Service string
	State   string // more, done or missing
	Counts  map[string]int64
}

// Reported tells whether nothing more of the part will come.
func (p DataPart) Reported() bool { return p.State != "more" }
