package main

import (
	"bytes"
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"

	"leeway/core/check/all"
	"leeway/core/check/concept"
	"leeway/core/report"
)

// explained is what the command says of a name.
func explained(t *testing.T, name string) string {
	t.Helper()
	var out bytes.Buffer
	s := &shell{stdout: &out, stderr: &out}
	if err := s.explain(context.Background(), name, ""); err != nil {
		t.Errorf("leeway explain %s: %v", name, err)
	}
	return out.String()
}

// TestEveryPathOfAReportIsKnown to explain: a field with those that it is in.
func TestEveryPathOfAReportIsKnown(t *testing.T) {
	paths := report.Paths()
	for _, want := range []string{"performance.moved.verdict", "performance.left_out", "checks", "findings.cause.kind", "estimates.record.drifted"} {
		if !slices.Contains(paths, want) {
			t.Errorf("the document has %s", want)
		}
	}
	for _, one := range append(paths, "checks.drift.tests") {
		if last := one[strings.LastIndexByte(one, '.')+1:]; report.Help(one) == "" && report.Explain(last) == nil {
			continue // whose name is a value
		}
		explained(t, one)
	}
}

// TestEveryFindingIsKnown to explain, by the id that it has: metrics and events by their
// tables, and whatever name the sources give to evidence or to a finding.
func TestEveryFindingIsKnown(t *testing.T) {
	for _, d := range slices.Concat(all.Metrics(), all.Events()) {
		if text := explained(t, d.Check+"."+d.Name+".some%20column"); !strings.HasPrefix(text, d.Name+" (check "+d.Check+")") {
			t.Errorf("%s.%s is explained as %.60q", d.Check, d.Name, text)
		}
	}
	ids := namesOfFindings(t)
	for _, want := range []string{"quality.missing_column", "performance.unlabelled_reference", "performance.predictions_contrary", "performance.labels_conflicting", "performance.label_coverage", "fairness.no_groups", "confidence.labels_selective", "drift.sample_size"} {
		if !slices.Contains(ids, want) {
			t.Errorf("%s is not among the names that were found: %v", want, ids)
		}
	}
	for _, id := range ids {
		if !known(id) {
			t.Errorf("leeway explain %s knows nothing", id)
		}
	}
	for _, v := range []concept.Verdict{concept.None, concept.Data, concept.Label, concept.Concept, concept.LabelOrConcept, concept.Prediction, concept.DataAndConcept, concept.PredictionAndConcept, concept.PredictionOrData, concept.DataAndPrediction, concept.DataPredictionAndConcept, concept.Unknown} {
		explained(t, string(v))
		told := &report.Performance{Moved: &report.Moved{Verdict: string(v)}}
		if (&concept.Finding{Verdict: v}).Restated() != told.Restated() {
			t.Errorf("%s: a report and a finding differ on whether the model is another one", v)
		}
	}
}

// known tells whether a table has the finding: of its check, or, of what policy adds to any
// check, of one.
func known(id string) bool {
	family, name, _ := strings.Cut(id, ".")
	return ofCheck(family, name) != "" || strings.HasSuffix(id, ".sample_size") && catalogued(name) != ""
}

// sources are the files of the checks and of what adds findings to theirs.
func sources(t *testing.T) (files map[string][]*ast.File) {
	t.Helper()
	files = map[string][]*ast.File{}
	for _, root := range []string{"core/check", "core/policy"} {
		tree := os.DirFS("../..")
		err := fs.WalkDir(tree, root, func(name string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
				return err
			}
			one, err := parser.ParseFile(token.NewFileSet(), "../../"+name, nil, 0)
			files[path.Dir(name)] = append(files[path.Dir(name)], one)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return files
}

// names are what a package calls things: constants, by their names, and the functions
// whose parameter of a place becomes the metric of evidence or of a finding.
type names struct {
	constants map[string]string // of other packages with the package before them
	takes     map[string]int
}

// namesOfFindings gathers check.metric of all evidence whose metric is written in the
// sources as a word or a constant, there where it is made or where a function is called
// that makes it.
func namesOfFindings(t *testing.T) (ids []string) {
	files := sources(t)
	shared := map[string]string{}
	for _, f := range files["core/check"] {
		constantsOf(f, "check.", shared)
		constantsOf(f, "", shared)
	}
	for folder, list := range files {
		n := &names{constants: map[string]string{}, takes: map[string]int{}}
		for key, value := range shared {
			n.constants[key] = value
		}
		for _, f := range list {
			constantsOf(f, "", n.constants)
		}
		for before := -1; before < len(n.takes); { // what calls such a function with its own parameter is one
			before = len(n.takes)
			for _, f := range list {
				n.functions(f)
			}
		}
		family := path.Base(folder)
		switch family {
		case "check": // on labelled rows
			family = "performance"
		case "policy":
			family = "drift"
		}
		for _, f := range list {
			ast.Inspect(f, func(at ast.Node) bool {
				for _, expression := range n.metrics(at) {
					if name, ok := n.value(expression); ok {
						ids = append(ids, family+"."+name)
					}
				}
				return true
			})
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

func constantsOf(f *ast.File, prefix string, into map[string]string) {
	ast.Inspect(f, func(at ast.Node) bool {
		if spec, ok := at.(*ast.ValueSpec); ok {
			for i, value := range spec.Values {
				if text, ok := literal(value); ok && i < len(spec.Names) {
					into[prefix+spec.Names[i].Name] = text
				}
			}
		}
		return true
	})
}

func literal(e ast.Expr) (string, bool) {
	basic, ok := e.(*ast.BasicLit)
	if !ok || basic.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(basic.Value)
	return text, err == nil
}

// value is the word that an expression stands for, if it is one.
func (n *names) value(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.Ident:
		text, ok := n.constants[e.Name]
		return text, ok
	case *ast.SelectorExpr:
		if of, ok := e.X.(*ast.Ident); ok {
			text, ok := n.constants[of.Name+"."+e.Sel.Name]
			return text, ok
		}
	}
	return literal(e)
}

// metrics are the expressions of a node that become the metric of evidence.
func (n *names) metrics(at ast.Node) (all []ast.Expr) {
	switch at := at.(type) {
	case *ast.CompositeLit:
		for _, element := range at.Elts {
			if pair, ok := element.(*ast.KeyValueExpr); ok && isNamed(pair.Key, "Metric", "metric") {
				all = append(all, pair.Value)
			}
		}
	case *ast.AssignStmt:
		for i, left := range at.Lhs {
			if of, ok := left.(*ast.SelectorExpr); ok && of.Sel.Name == "Metric" && len(at.Lhs) == len(at.Rhs) {
				all = append(all, at.Rhs[i])
			}
		}
	case *ast.CallExpr:
		name := ""
		switch f := at.Fun.(type) {
		case *ast.Ident:
			name = f.Name
		case *ast.SelectorExpr:
			name = f.Sel.Name
		}
		if place, ok := n.takes[name]; ok && place < len(at.Args) {
			all = append(all, at.Args[place])
		}
	}
	return all
}

func isNamed(e ast.Expr, names ...string) bool {
	is, ok := e.(*ast.Ident)
	return ok && slices.Contains(names, is.Name)
}

// functions notes those of a file that make a metric of a parameter, closures too.
func (n *names) functions(f *ast.File) {
	note := func(name string, kind *ast.FuncType, body *ast.BlockStmt) {
		if body == nil {
			return
		}
		place := map[string]int{}
		for _, field := range kind.Params.List {
			for _, one := range field.Names {
				place[one.Name] = len(place)
			}
		}
		ast.Inspect(body, func(at ast.Node) bool {
			for _, expression := range n.metrics(at) {
				if is, ok := expression.(*ast.Ident); ok {
					if at, is := place[is.Name]; is {
						n.takes[name] = at
					}
				}
			}
			return true
		})
	}
	ast.Inspect(f, func(at ast.Node) bool {
		switch at := at.(type) {
		case *ast.FuncDecl:
			note(at.Name.Name, at.Type, at.Body)
		case *ast.AssignStmt:
			for i, right := range at.Rhs {
				if closure, ok := right.(*ast.FuncLit); ok && i < len(at.Lhs) {
					if name, ok := at.Lhs[i].(*ast.Ident); ok {
						note(name.Name, closure.Type, closure.Body)
					}
				}
			}
		}
		return true
	})
}
