package main

import (
	"bytes"
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// module is what the README of a Terraform module tells of it.
type module struct {
	versions  []string // one requirement each, as it stands
	inputs    []input
	outputs   []output
	resources []string // their types
}

// input is a variable; Default is "" where it must be given.
type input struct {
	name, description, typ, fallback string
	line                             int
}

type output struct{ name, description string }

// readModule reads the .tf files of a folder.
func readModule(dir string) (*module, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.tf"))
	if err != nil {
		return nil, err
	}
	var m module
	for _, name := range names {
		source, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		parsed, problems := hclsyntax.ParseConfig(source, name, hcl.InitialPos)
		if problems.HasErrors() {
			return nil, problems
		}
		for _, block := range parsed.Body.(*hclsyntax.Body).Blocks {
			if err := m.add(block, source); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
		}
	}
	slices.SortFunc(m.inputs, func(a, b input) int { return cmp.Compare(a.line, b.line) })
	slices.Sort(m.resources)
	m.resources = slices.Compact(m.resources)
	return &m, nil
}

func (m *module) add(block *hclsyntax.Block, source []byte) error {
	switch block.Type {
	case "terraform":
		return m.require(block, source)
	case "resource":
		m.resources = append(m.resources, block.Labels[0])
	case "output":
		description, err := text(block, "description")
		m.outputs = append(m.outputs, output{block.Labels[0], description})
		return err
	case "variable":
		description, err := text(block, "description")
		in := input{name: block.Labels[0], description: description, typ: written(block, "type", source), fallback: written(block, "default", source), line: block.TypeRange.Start.Line}
		if in.typ == "" {
			return fmt.Errorf("variable %s has no type", in.name)
		}
		m.inputs = append(m.inputs, in)
		return err
	}
	return nil
}

func (m *module) require(block *hclsyntax.Block, source []byte) error {
	version, err := text(block, "required_version")
	if err != nil {
		return err
	}
	m.versions = append(m.versions, "terraform "+version)
	for _, inner := range block.Body.Blocks {
		for name, attribute := range inner.Body.Attributes {
			value, problems := attribute.Expr.Value(nil)
			if problems.HasErrors() {
				return problems
			}
			m.versions = append(m.versions, name+" "+value.GetAttr("version").AsString())
		}
	}
	return nil
}

// text is an attribute that must be there and be a string.
func text(block *hclsyntax.Block, name string) (string, error) {
	where := strings.Join(append([]string{block.Type}, block.Labels...), " ")
	attribute, ok := block.Body.Attributes[name]
	if !ok {
		return "", fmt.Errorf("%s has no %s", where, name)
	}
	value, problems := attribute.Expr.Value(nil)
	if problems.HasErrors() {
		return "", problems
	}
	if value.Type() != cty.String || value.AsString() == "" {
		return "", fmt.Errorf("%s: %s is no text", where, name)
	}
	return strings.TrimSpace(value.AsString()), nil
}

// written is an attribute as it stands in the file, "" for none.
func written(block *hclsyntax.Block, name string, source []byte) string {
	attribute, ok := block.Body.Attributes[name]
	if !ok {
		return ""
	}
	return string(attribute.Expr.Range().SliceBytes(source))
}

// The tables stand between these lines of a README; what is around them is
// written by hand.
const (
	tablesBegin = "<!-- made by make generate: begin -->\n"
	tablesEnd   = "<!-- made by make generate: end -->\n"
)

// withTables is the README with its tables made anew.
func withTables(readme []byte, tables string) ([]byte, error) {
	before, rest, found := bytes.Cut(readme, []byte(tablesBegin))
	_, after, closed := bytes.Cut(rest, []byte(tablesEnd))
	if !found || !closed {
		return nil, fmt.Errorf("the lines %q and %q are not there", strings.TrimSpace(tablesBegin), strings.TrimSpace(tablesEnd))
	}
	return slices.Concat(before, []byte(tablesBegin), []byte(tables), []byte(tablesEnd), after), nil
}

// tables are the module's requirements, inputs, outputs and resources.
func (m *module) tables() string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n### Requirements\n\n%s.\n", strings.Join(m.versions, ", "))
	b.WriteString("\n### Inputs\n\n| name | what | type | default |\n| --- | --- | --- | --- |\n")
	for _, in := range m.inputs {
		fallback := "**required**"
		if in.fallback != "" {
			fallback = code(in.fallback)
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", in.name, cell(in.description), code(in.typ), fallback)
	}
	b.WriteString("\n### Outputs\n\n| name | what |\n| --- | --- |\n")
	for _, out := range m.outputs {
		fmt.Fprintf(&b, "| `%s` | %s |\n", out.name, cell(out.description))
	}
	b.WriteString("\n### Resources\n\n")
	b.WriteString("`" + strings.Join(m.resources, "`, `") + "`\n\n")
	return b.String()
}

// cell is a text in a cell of a Markdown table.
func cell(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "|", `\|`), "\n", "<br>")
}

// code is source in a cell of a Markdown table, on one line.
func code(s string) string {
	return "`" + strings.ReplaceAll(strings.Join(strings.Fields(s), " "), "|", `\|`) + "`"
}
