package cell_test

import (
	"testing"

	"leeway/core/format/cell"
)

func TestBool(t *testing.T) {
	for text, want := range map[string]uint32{"true": 1, "FALSE": 0, "Yes": 1, "no": 0, "1": 1, "0": 0, "T": 1, "off": 0, "1.0": 1} {
		if got, ok := cell.Bool([]byte(text)); !ok || got != want {
			t.Errorf("%q: %d %v", text, got, ok)
		}
	}
	for _, text := range []string{"", "2", "maybe", "truee"} {
		if _, ok := cell.Bool([]byte(text)); ok {
			t.Errorf("%q is a truth value", text)
		}
	}
}

func TestWords(t *testing.T) {
	usual, configured := cell.DefaultWords, cell.Configured([]string{"?", "-1"})
	for _, test := range []struct {
		words       cell.Words
		text        string
		value, word bool
	}{
		{usual, "NA", true, false}, {usual, "nAn", true, false}, {usual, "None", false, false}, {usual, "?", false, false},
		{configured, "?", true, true}, {configured, "-1", true, true}, {configured, "NA", false, false},
		{cell.NoWords, "NA", false, false},
	} {
		if got := test.words.Value([]byte(test.text)); got != test.value {
			t.Errorf("Value(%q) = %v", test.text, got)
		}
		if got := test.words.Text([]byte(test.text)); got != test.word {
			t.Errorf("Text(%q) = %v", test.text, got)
		}
	}
}
