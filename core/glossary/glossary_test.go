package glossary

import (
	"slices"
	"strings"
	"testing"
)

func TestTerms(t *testing.T) {
	known := map[string]string{}
	for i := range Terms {
		term := &Terms[i]
		if len(term.Names) == 0 || term.Meaning == "" || strings.HasSuffix(term.Meaning, ".") || strings.ContainsAny(term.Meaning, "|\n") {
			t.Errorf("%+v does not fit a cell", term)
		}
		for _, name := range slices.Concat(term.Names, term.Also) {
			if before := known[key(name)]; before != "" {
				t.Errorf("%q is said twice: of %s and of %s", name, before, term.Names[0])
			}
			known[key(name)] = term.Names[0]
			if Find(name) != term {
				t.Errorf("%q is not found", name)
			}
		}
		for line := range strings.Lines(term.More) {
			if len([]rune(line)) > 100 || strings.HasSuffix(term.More, "\n") {
				t.Errorf("%s: a line of %d characters", term.Names[0], len([]rune(line)))
			}
		}
	}
}

func TestFind(t *testing.T) {
	for name, want := range map[string]string{"noise_floor": "Noise floor", "Noise-Floor": "Noise floor", "p_value": "p-value", "unknown": "Verdict", "current": "Reference"} {
		if got := Find(name); got == nil || got.Names[0] != want {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if Find("nonsense") != nil || Find("") != nil {
		t.Error("there is no such word")
	}
}

func TestMarkdown(t *testing.T) {
	text := string(Markdown())
	if !strings.Contains(text, "\n| Reference, Current | the two sides of a comparison |\n") || strings.Count(text, "\n| ") != len(Terms)+1 {
		t.Error(text)
	}
}
