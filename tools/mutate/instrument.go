package main

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

// mutant is one small change of the code, switched on at run time by its id.
type mutant struct {
	id    int
	where token.Position
	what  string
}

// instrumented is a package whose files hold all their mutants, switched off.
type instrumented struct {
	mutants []mutant
	files   map[string]string // by path: the changed source, and one added file with the switch
}

// switchFile is added to the package. MUTANT names the mutant that is on; MUTANT_LOG a file that receives the ids reached.
const switchFile = `package %s

import (
	mutantcmp "cmp"
	mutantfmt "fmt"
	mutantos "os"
	mutantstrconv "strconv"
	mutantsync "sync"
)

var (
	mutantActive, _ = mutantstrconv.Atoi(mutantos.Getenv("MUTANT"))
	mutantLog, _    = mutantos.OpenFile(mutantos.Getenv("MUTANT_LOG"), mutantos.O_APPEND|mutantos.O_CREATE|mutantos.O_WRONLY, 0o600)
	mutantSeen      mutantsync.Map
)

func mutantOn(id int) bool {
	if mutantLog != nil {
		if _, seen := mutantSeen.LoadOrStore(id, true); !seen {
			mutantfmt.Fprintln(mutantLog, id)
		}
	}
	return id == mutantActive
}

func mutantFlip(id int, v bool) bool { return v != mutantOn(id) }

func mutantCompare[T mutantcmp.Ordered](id int, op string, a, b T) bool {
	if mutantOn(id) {
		switch op {
		case "<":
			return a <= b
		case "<=":
			return a < b
		case ">":
			return a >= b
		}
		return a > b
	}
	switch op {
	case "<":
		return a < b
	case "<=":
		return a <= b
	case ">":
		return a > b
	}
	return a >= b
}
`

// edit inserts text at an offset, after removing some bytes there.
type edit struct {
	offset, remove int
	closing        bool
	order          int // edits at one offset: closings before openings, inner closings first, outer openings first
	text           string
}

type instrumenter struct {
	pkg     *packages.Package
	source  []byte
	base    int // offset of the file in the file set
	edits   []edit
	mutants []mutant
	next    int
}

// instrument puts the mutants of a package into its source. Their ids begin after firstID.
func instrument(pkg *packages.Package, sources map[string][]byte, firstID int) instrumented {
	out := instrumented{files: map[string]string{}}
	next := firstID
	for i, file := range pkg.Syntax {
		name := pkg.CompiledGoFiles[i]
		if strings.HasSuffix(name, ".gen.go") {
			continue
		}
		in := &instrumenter{pkg: pkg, source: sources[name], base: pkg.Fset.File(file.Pos()).Base(), next: next}
		for _, decl := range file.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && fn.Body != nil {
				in.function(fn.Type, fn.Body)
			}
		}
		next = in.next
		out.mutants = append(out.mutants, in.mutants...)
		out.files[name] = in.apply()
	}
	return out
}

func (in *instrumenter) add(node ast.Node, what string) int {
	in.next++
	in.mutants = append(in.mutants, mutant{in.next, in.pkg.Fset.Position(node.Pos()), what})
	return in.next
}

func (in *instrumenter) offset(p token.Pos) int { return int(p) - in.base }

func (in *instrumenter) text(node ast.Node) string {
	return string(in.source[in.offset(node.Pos()):in.offset(node.End())])
}

func (in *instrumenter) wrap(node ast.Node, before, after string) {
	in.edits = append(in.edits,
		edit{offset: in.offset(node.Pos()), order: len(in.edits), text: before},
		edit{offset: in.offset(node.End()), closing: true, order: -len(in.edits), text: after})
}

// function visits one body; the bodies of function literals in it are visited with their own result types.
func (in *instrumenter) function(signature *ast.FuncType, body *ast.BlockStmt) {
	ast.Inspect(body, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.FuncLit:
			in.function(node.Type, node.Body)
			return false
		case *ast.BlockStmt:
			in.statements(node.List)
		case *ast.CaseClause:
			in.statements(node.Body)
		case *ast.CommClause:
			in.statements(node.Body)
		case *ast.IfStmt:
			in.condition(node.Cond)
		case *ast.ForStmt:
			if node.Cond != nil {
				in.condition(node.Cond)
			}
		case *ast.SwitchStmt:
			if node.Tag == nil {
				for _, clause := range node.Body.List {
					for _, e := range clause.(*ast.CaseClause).List {
						in.condition(e)
					}
				}
			}
		case *ast.ReturnStmt:
			in.returned(signature, node)
		}
		return true
	})
}

// statements offers to leave out each call and each assignment.
func (in *instrumenter) statements(list []ast.Stmt) {
	for _, s := range list {
		switch s := s.(type) {
		case *ast.ExprStmt:
			if call, ok := s.X.(*ast.CallExpr); !ok || in.text(call.Fun) == "panic" {
				continue
			}
		case *ast.AssignStmt:
			if s.Tok == token.DEFINE || allBlank(s.Lhs) {
				continue
			}
		case *ast.IncDecStmt:
		default:
			continue
		}
		id := in.add(s, "left out: "+firstLine(in.text(s)))
		in.wrap(s, fmt.Sprintf("if !mutantOn(%d) { ", id), " }")
	}
}

func allBlank(list []ast.Expr) bool {
	return !slices.ContainsFunc(list, func(e ast.Expr) bool { name, ok := e.(*ast.Ident); return !ok || name.Name != "_" })
}

// condition negates each part of a boolean expression, and moves the boundary of each comparison by one.
func (in *instrumenter) condition(e ast.Expr) {
	switch x := e.(type) {
	case *ast.ParenExpr:
		in.condition(x.X)
		return
	case *ast.UnaryExpr:
		if x.Op == token.NOT {
			in.condition(x.X)
			return
		}
	case *ast.BinaryExpr:
		if x.Op == token.LAND || x.Op == token.LOR {
			in.condition(x.X)
			in.condition(x.Y)
			return
		}
	}
	tv := in.pkg.TypesInfo.Types[e]
	if basic, ok := tv.Type.(*types.Basic); !ok || basic.Info()&types.IsBoolean == 0 || tv.Value != nil {
		return
	}
	id := in.add(e, "negated: "+firstLine(in.text(e)))
	in.wrap(e, fmt.Sprintf("mutantFlip(%d, ", id), ")")
	if x, ok := e.(*ast.BinaryExpr); ok && in.ordered(x) {
		id := in.add(e, "boundary: "+firstLine(in.text(e)))
		in.wrap(e, fmt.Sprintf("mutantCompare(%d, %q, ", id, x.Op), ")")
		in.edits = append(in.edits, edit{offset: in.offset(x.OpPos), remove: len(x.Op.String()), text: ","})
	}
}

func (in *instrumenter) ordered(x *ast.BinaryExpr) bool {
	switch x.Op {
	case token.LSS, token.LEQ, token.GTR, token.GEQ:
	default:
		return false
	}
	left, right := in.pkg.TypesInfo.Types[x.X], in.pkg.TypesInfo.Types[x.Y]
	return left.Value == nil && (right.Value != nil || types.Identical(left.Type, right.Type))
}

// returned turns a returned error into nil and negates a returned boolean.
func (in *instrumenter) returned(signature *ast.FuncType, s *ast.ReturnStmt) {
	if signature.Results == nil || len(s.Results) == 0 || len(s.Results) != signature.Results.NumFields() {
		return
	}
	for _, e := range s.Results {
		if tv := in.pkg.TypesInfo.Types[e]; tv.Value != nil && types.Identical(tv.Type, types.Typ[types.Bool]) {
			id := in.add(e, "negated: "+in.text(e))
			in.wrap(e, fmt.Sprintf("mutantFlip(%d, ", id), ")")
		} else if tv.Value == nil {
			in.condition(e)
		}
	}
	last := s.Results[len(s.Results)-1]
	result := in.pkg.TypesInfo.TypeOf(signature.Results.List[len(signature.Results.List)-1].Type)
	if in.text(last) == "nil" || result == nil || result.String() != "error" {
		return
	}
	var values []string
	for _, e := range s.Results[:len(s.Results)-1] {
		values = append(values, in.text(e))
	}
	id := in.add(s, "error dropped: "+firstLine(in.text(s)))
	in.edits = append(in.edits, edit{offset: in.offset(s.Pos()), order: len(in.edits),
		text: fmt.Sprintf("if mutantOn(%d) { return %s }; ", id, strings.Join(append(values, "nil"), ", "))})
}

func firstLine(text string) string {
	line, _, more := strings.Cut(text, "\n")
	if more {
		line += " ..."
	}
	return line
}

func (in *instrumenter) apply() string {
	slices.SortStableFunc(in.edits, func(a, b edit) int {
		closing := func(e edit) int {
			if e.closing {
				return 0
			}
			return 1
		}
		return cmp.Or(cmp.Compare(a.offset, b.offset), cmp.Compare(closing(a), closing(b)), cmp.Compare(a.order, b.order))
	})
	var out strings.Builder
	at := 0
	for _, e := range in.edits {
		out.Write(in.source[at:e.offset])
		out.WriteString(e.text)
		at = e.offset + e.remove
	}
	out.Write(in.source[at:])
	return out.String()
}
