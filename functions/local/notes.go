package main

import (
	"fmt"
	"strings"
)

// tell says on stderr what was assumed.
func (s *shell) tell(notes []string) {
	for _, line := range alike(notes) {
		s.say("%s", line)
	}
}

// alike is a line for what is said of several files in the same words, in place of one each.
func alike(notes []string) []string {
	files := map[string]int{}
	for _, note := range notes {
		_, text := ofFile(note)
		files[text]++
	}
	var lines []string
	for _, note := range notes {
		name, text := ofFile(note)
		switch n := files[text]; {
		case name == "" || n == 1:
			lines = append(lines, note)
		case n > 1:
			lines = append(lines, fmt.Sprintf("%s and %d more: %s", name, n-1, text))
			files[text] = 0 // said
		}
	}
	return lines
}

// ofFile cuts a note into the name of the file that it is of, "" for none, and what it says.
func ofFile(note string) (name, text string) {
	name, text, found := strings.Cut(note, ": ")
	if !found || !strings.ContainsAny(name, "./") || strings.Contains(name, ", ") {
		return "", note
	}
	return name, text
}
