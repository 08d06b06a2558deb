package importer

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"
)

// Report says what an import did, and what it could not take as it was.
type Report struct {
	DryRun  bool
	Missing []string // old databases that were not given
	kinds   map[string]*Kind
	order   []string
}

// Kind is one kind of things.
type Kind struct {
	Name    string
	Read    int64 // rows of the old system
	New     int64 // rows that were written
	Present int64 // rows that were there already
	// Refused are the reasons for which rows were not taken, Changed those for which rows were taken in another form.
	Refused, Changed map[string]*Reason
}

// Reason is why rows were not taken, or not as they were.
type Reason struct {
	Count int64
	First []string // what the first of them are called
}

// firstLines is how many rows a reason names.
const firstLines = 5

func newReport(dry bool) *Report { return &Report{DryRun: dry, kinds: map[string]*Kind{}} }

// kind returns a kind, which is listed from then on.
func (r *Report) kind(name string) *Kind {
	k := r.kinds[name]
	if k == nil {
		k = &Kind{Name: name, Refused: map[string]*Reason{}, Changed: map[string]*Reason{}}
		r.kinds[name] = k
		r.order = append(r.order, name)
	}
	return k
}

// Kinds lists the kinds in the order of the import.
func (r *Report) Kinds() []*Kind {
	list := make([]*Kind, len(r.order))
	for i, name := range r.order {
		list[i] = r.kinds[name]
	}
	return list
}

// Kind returns a kind by name, or one of which there is nothing.
func (r *Report) Kind(name string) Kind {
	if k := r.kinds[name]; k != nil {
		return *k
	}
	return Kind{Name: name}
}

// read counts a row of the old system.
func (r *Report) read(kind string) { r.kind(kind).Read++ }

// refuse notes a row that was not taken.
func (r *Report) refuse(kind, reason, which string) { note(r.kind(kind).Refused, reason, which) }

// change notes a row that was taken in another form.
func (r *Report) change(kind, reason, which string) { note(r.kind(kind).Changed, reason, which) }

func note(reasons map[string]*Reason, reason, which string) {
	known := reasons[reason]
	if known == nil {
		known = &Reason{}
		reasons[reason] = known
	}
	known.Count++
	if len(known.First) < firstLines {
		known.First = append(known.First, which)
	}
}

func (r *Report) missing(service string) { r.Missing = append(r.Missing, service) }

// NewRows is how many rows were written.
func (r *Report) NewRows() (n int64) {
	for _, k := range r.kinds {
		n += k.New
	}
	return n
}

// Print writes the report as text.
func (r *Report) Print(w io.Writer) error {
	if r.DryRun {
		fmt.Fprintln(w, "Dry run: nothing was written.")
	}
	slices.Sort(r.Missing)
	for _, service := range r.Missing {
		fmt.Fprintf(w, "The old database of %s was not given: nothing of it was read.\n", service)
	}
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "kind\tread\twritten\tthere already\tnot taken\tchanged")
	for _, k := range r.Kinds() {
		fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%d\t%d\n", k.Name, k.Read, k.New, k.Present, total(k.Refused), total(k.Changed))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, k := range r.Kinds() {
		printReasons(w, k.Name+", not taken", k.Refused)
		printReasons(w, k.Name+", taken in another form", k.Changed)
	}
	return nil
}

func printReasons(w io.Writer, title string, reasons map[string]*Reason) {
	if len(reasons) == 0 {
		return
	}
	fmt.Fprintf(w, "\n%s:\n", title)
	sorted := slices.SortedFunc(maps.Keys(reasons), func(a, b string) int {
		return cmp.Or(cmp.Compare(reasons[b].Count, reasons[a].Count), cmp.Compare(a, b))
	})
	for _, reason := range sorted {
		fmt.Fprintf(w, "  %d: %s\n", reasons[reason].Count, reason)
		for _, which := range reasons[reason].First {
			fmt.Fprintf(w, "      %s\n", which)
		}
		if more := reasons[reason].Count - int64(len(reasons[reason].First)); more > 0 {
			fmt.Fprintf(w, "      and %d more\n", more)
		}
	}
}

func total(reasons map[string]*Reason) (n int64) {
	for _, r := range reasons {
		n += r.Count
	}
	return n
}
