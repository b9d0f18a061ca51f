// Package jsonl reads JSON Lines: one object per line, nested objects flattened
// with dots ("user.age"). Arrays stay JSON text.
//
// [Heads] finds the columns in the beginning of a file; [NewReader] reads with
// them. A line that is no object is counted and left out; a key that the
// beginning did not have is counted. The keys of a line are first compared
// with those of the line before, in its order, since logs repeat themselves.
package jsonl
