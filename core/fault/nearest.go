package fault

import "strings"

// Nearest is the candidate that name was most probably meant to be, "" where
// none is close: for "did you mean" hints. That is the one that begins with it,
// or else the one with the fewest changes. Case and the difference of - and _ do
// not count; ties go to the first candidate.
func Nearest(name string, candidates []string) string {
	if len(name) > 1 {
		for _, candidate := range candidates {
			if strings.HasPrefix(plain(candidate), plain(name)) {
				return candidate
			}
		}
	}
	limit := 1 + len(name)/3
	best, found := limit+1, ""
	for _, candidate := range candidates {
		if d := edits(plain(name), plain(candidate)); d < best {
			best, found = d, candidate
		}
	}
	return found
}

func plain(s string) string { return strings.ReplaceAll(strings.ToLower(s), "-", "_") }

// edits is the optimal string alignment distance: insertions, deletions,
// substitutions and swaps of neighbours count 1 each.
func edits(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
