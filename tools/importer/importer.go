// Package importer takes over an installation of the old system: it reads the old PostgreSQL databases as they are and writes the databases of
// the services. docs/import.md tells an operator how to use it.
//
// Each file has the mapping of one service. A mapping streams a table of the old system, checks each row, and writes rows of the new
// tables to a staging table (target.go), from which rows that are not there yet are inserted. Ids stay, or follow from the old ones
// (ids.go), so that a second import changes nothing. What could not be taken as it was is in the Report, with the reason.
//
// No events are published. What services would have learnt from them is written to their tables here (derived_*.go).
package importer

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"go.updspace.com/libs/seal"
)

// Options say what to import.
type Options struct {
	From   []string // URLs of the old databases, in any order
	To     []string // URLs of the services' databases for the roles that own them, in any order
	DryRun bool     // write nothing
	// SealKeys are IDENTITY_SEAL_KEYS of the service; without them second factors do not come along.
	SealKeys string
	Now      time.Time
	// Progress is called when a service has been dealt with.
	Progress func(service string, took time.Duration)
}

// services in the order in which they are imported: later ones know what earlier ones took.
var services = []struct {
	name string
	run  func(*run) error
}{
	{"identity", (*run).identity},
	{"access", (*run).access},
	{"portal", (*run).portal},
	{"events", (*run).events},
	{"voting", (*run).voting},
	{"gamification", (*run).gamification},
	{"activity", (*run).activity},
}

// run is one import.
type run struct {
	ctx    context.Context
	now    time.Time
	report *Report
	seal   *seal.Sealer       // nil: no keys were given
	here   map[uuid.UUID]bool // who was here before the import
	old    map[string]*source // by service
	tx     map[string]pgx.Tx  // of the services' databases
	known
	derivedState
}

// Import imports an installation. All databases are written or none, but for a failure during the last commits, after which the
// import can be repeated.
func Import(ctx context.Context, o Options) (*Report, error) {
	r := &run{ctx: ctx, now: o.Now, report: newReport(o.DryRun), here: map[uuid.UUID]bool{}, old: map[string]*source{}, tx: map[string]pgx.Tx{}, known: newKnown(), derivedState: derivedState{slugs: map[uuid.UUID]string{}}}
	if o.SealKeys != "" {
		sealer, err := seal.Parse(o.SealKeys)
		if err != nil {
			return nil, err
		}
		r.seal = sealer
	}
	closeOld, err := r.openOld(o.From)
	defer closeOld()
	if err != nil {
		return nil, err
	}
	closeNew, err := r.openNew(o.To)
	defer closeNew()
	if err != nil {
		return nil, err
	}
	began := time.Now()
	for _, s := range services {
		if err := s.run(r); err != nil {
			return nil, fmt.Errorf("importing into %s: %w", s.name, err)
		}
		if o.Progress != nil {
			o.Progress(s.name, time.Since(began))
		}
		began = time.Now()
	}
	r.report.leftBehind(r)
	if o.DryRun {
		return r.report, r.checkConstraints()
	}
	for _, s := range services {
		if err := r.tx[s.name].Commit(ctx); err != nil {
			return nil, fmt.Errorf("storing what was imported into %s: %w", s.name, err)
		}
	}
	return r.report, nil
}

// checkConstraints checks what a commit would check.
func (r *run) checkConstraints() (err error) {
	for _, s := range services {
		if _, failed := r.tx[s.name].Exec(r.ctx, "SET CONSTRAINTS ALL IMMEDIATE"); failed != nil {
			err = errors.Join(err, fmt.Errorf("%s: %w", s.name, failed))
		}
	}
	return err
}
