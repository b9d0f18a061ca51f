package cell

import (
	"unicode/utf8"

	"leeway/core/frame"
)

// Faults counts what is wrong with rows and cells, by column and kind of
// fault. It keeps the first instance of each.
type Faults struct {
	list []frame.Fault
	at   map[place]int
}

type place struct{ column, what string }

// maxFaults bounds how many different faults are told apart.
const maxFaults = 1000

// Add counts one fault. text is the offending text.
func (f *Faults) Add(column, what string, row int64, text []byte) {
	key := place{column, what}
	if i, ok := f.at[key]; ok {
		f.list[i].Count++
		return
	}
	if len(f.list) == maxFaults {
		return
	}
	if f.at == nil {
		f.at = map[place]int{}
	}
	f.at[key] = len(f.list)
	f.list = append(f.list, frame.Fault{Column: column, What: what, Row: row, Text: excerpt(text), Count: 1})
}

// Restore makes the faults those that List gave once.
func (f *Faults) Restore(list []frame.Fault) {
	f.list, f.at = append(f.list[:0], list...), make(map[place]int, len(list))
	for i := range list {
		f.at[place{list[i].Column, list[i].What}] = i
	}
}

// List is what was counted, in the order of first sight.
func (f *Faults) List() []frame.Fault { return f.list }

// excerpt cuts text to 64 bytes of valid UTF-8.
func excerpt(text []byte) string {
	if len(text) > 64 {
		text = text[:64]
		for len(text) > 0 && !utf8.RuneStart(text[len(text)-1]) {
			text = text[:len(text)-1]
		}
	}
	return string([]rune(string(text)))
}
