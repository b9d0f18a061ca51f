package config

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Limits of a file. They are far beyond what a person writes and keep the
// YAML parser, whose time grows with the square of the nesting, quick.
const (
	maxSize  = 256 << 10
	maxLine  = 16 << 10
	maxDepth = 1000 // brackets open at once
	maxDash  = 50   // "- - - -" in one line
	maxNest  = 32   // levels of the document
)

// Place is where something stands in the file, 1-based; the zero value is
// nowhere.
type Place struct{ Line, Column int }

// shape is what a YAML node is.
type shape uint8

const (
	scalar shape = iota + 1
	mapping
	sequence
	null
)

// node is a YAML value without what we do not use: anchors, tags, several
// documents.
type node struct {
	shape  shape
	text   string // scalar
	quoted bool   // scalar: certainly a text
	place  Place
	pairs  []pair  // mapping, in order
	items  []*node // sequence
}

type pair struct {
	key   string
	place Place // of the key
	value *node
}

// what names the shape for people.
func (n *node) what() string {
	switch n.shape {
	case mapping:
		return "a mapping"
	case sequence:
		return "a list"
	case null:
		return "nothing"
	}
	return fmt.Sprintf("%q", cut(n.text))
}

// read makes the tree of a file. What cannot be told from YAML's syntax is
// added to the problems; nil means that the rest cannot be understood.
func read(data []byte, out *problems) (root *node) {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if !sane(data, out) {
		return nil
	}
	defer func() { // the parser is not ours: a defect of it is no crash of ours
		if r := recover(); r != nil {
			out.add(Place{1, 1}, "cannot be understood as YAML", "write plain mappings, lists and values")
			root = nil
		}
	}()
	file, err := parser.ParseBytes(data, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		place, text := Place{1, 1}, "cannot be understood as YAML"
		var known yaml.Error
		if errors.As(err, &known) {
			text = strings.ReplaceAll(known.GetMessage(), "\t", `\t`)
			place = placeOf(known.GetToken())
		}
		hint := "check indentation, quotes and brackets around here"
		if strings.Contains(text, `'\t'`) {
			hint = "indent with spaces instead of tabs"
		}
		out.add(place, text, hint)
		return nil
	}
	for _, doc := range file.Docs {
		if doc.Body == nil || doc.Body.Type() == ast.CommentType {
			continue
		}
		if root != nil {
			out.add(placeOf(doc.Body.GetToken()), "a second document", "keep one document in the file")
			return root
		}
		root = convert(doc.Body, out, 0)
	}
	if root == nil {
		root = &node{shape: mapping, place: Place{1, 1}}
	}
	return root
}

// sane refuses what would make the parser slow or its places wrong.
func sane(data []byte, out *problems) bool {
	if len(data) > maxSize {
		out.add(Place{1, 1}, fmt.Sprintf("the file has %d bytes", len(data)), fmt.Sprintf("keep it below %d kB; is it a configuration?", maxSize>>10))
		return false
	}
	line, depth := 0, 0
	for text := range bytes.Lines(data) {
		line++
		if at := invalid(text); at >= 0 {
			out.add(Place{line, at + 1}, "not UTF-8", "save the file as UTF-8")
			return false
		}
		if at := bytes.IndexFunc(text, func(c rune) bool { return c < ' ' && c != '\t' && c != '\n' && c != '\r' }); at >= 0 {
			out.add(Place{line, at + 1}, fmt.Sprintf("control character %q", text[at]), "remove it")
			return false
		}
		if len(text) > maxLine {
			out.add(Place{line, 1}, fmt.Sprintf("the line has %d bytes", len(text)), "break it")
			return false
		}
		if c := text[0]; c != ' ' && c != '[' && c != '{' {
			depth = 0
		}
		for _, c := range text {
			switch c {
			case '[', '{':
				depth++
			case ']', '}':
				depth = max(0, depth-1)
			}
			if depth > maxDepth {
				out.add(Place{line, 1}, "nested too deeply", "close brackets")
				return false
			}
		}
		if bytes.Contains(text, bytes.Repeat([]byte("- "), maxDash)) {
			out.add(Place{line, 1}, "nested too deeply", "write one item per line")
			return false
		}
	}
	return true
}

// invalid is the index of the first byte that is not UTF-8, -1 for none.
func invalid(text []byte) int {
	for i := 0; i < len(text); {
		c, size := utf8.DecodeRune(text[i:])
		if c == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

func placeOf(t *token.Token) Place {
	if t == nil || t.Position == nil {
		return Place{1, 1}
	}
	return Place{t.Position.Line, t.Position.Column}
}

func convert(n ast.Node, out *problems, depth int) *node {
	place := placeOf(n.GetToken())
	if depth > maxNest {
		out.add(place, "nested too deeply", "see docs/config.md for what belongs where")
		return &node{shape: null, place: place}
	}
	switch n := n.(type) {
	case *ast.MappingNode:
		return pairs(n.Values, place, out, depth)
	case *ast.MappingValueNode:
		return pairs([]*ast.MappingValueNode{n}, place, out, depth)
	case *ast.SequenceNode:
		list := &node{shape: sequence, place: place}
		for _, item := range n.Values {
			list.items = append(list.items, convert(item, out, depth+1))
		}
		return list
	case *ast.NullNode:
		return &node{shape: null, place: place}
	case *ast.StringNode:
		kind := n.GetToken().Type
		return &node{shape: scalar, text: n.Value, place: place, quoted: kind == token.SingleQuoteType || kind == token.DoubleQuoteType}
	case *ast.LiteralNode:
		return &node{shape: scalar, text: n.Value.Value, place: place, quoted: true}
	case *ast.AnchorNode:
		out.add(place, "anchors are not supported", "write the value out")
		return convert(n.Value, out, depth+1)
	case *ast.AliasNode:
		out.add(place, "aliases are not supported", "write the value out")
		return &node{shape: null, place: place}
	case *ast.TagNode:
		out.add(place, "tags are not supported", "quote the value if it is a text")
		if n.Value == nil {
			return &node{shape: null, place: place}
		}
		return convert(n.Value, out, depth+1)
	}
	return &node{shape: scalar, text: n.GetToken().Value, place: place}
}

func pairs(values []*ast.MappingValueNode, place Place, out *problems, depth int) *node {
	m := &node{shape: mapping, place: place}
	seen := map[string]Place{}
	for i, v := range values {
		if _, merge := v.Key.(*ast.MergeKeyNode); merge {
			out.add(placeOf(v.Key.GetToken()), "merge keys are not supported", "write the keys out")
			continue
		}
		at := placeOf(v.Key.GetToken())
		key := v.Key.GetToken().Value
		switch k := v.Key.(type) {
		case *ast.StringNode:
			key = k.Value
		case *ast.MappingKeyNode:
			inner := convert(k.Value, out, depth+1)
			if inner.shape != scalar {
				out.add(at, "a key must be a plain text", "")
				continue
			}
			key, at = inner.text, inner.place
		}
		if i == 0 && place.Column > at.Column {
			m.place = at
		}
		if first, twice := seen[key]; twice {
			out.add(at, fmt.Sprintf("key %q is already on line %d", cut(key), first.Line), "remove one of them")
			continue
		}
		seen[key] = at
		m.pairs = append(m.pairs, pair{key, at, convert(v.Value, out, depth+1)})
	}
	return m
}

// cut shortens a text for a message.
func cut(text string) string {
	const most = 60
	if len(text) <= most {
		return text
	}
	at := most
	for at > 0 && !utf8.RuneStart(text[at]) {
		at--
	}
	return text[:at] + "…"
}
