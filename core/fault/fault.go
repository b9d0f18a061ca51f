// Package fault is the one error vocabulary of Leeway.
//
// Callers branch on the [Kind] of an error, never on its text; people read the
// text and the hint. Wrap an error where something is known that the layer
// below could not know: the object, the row, the column, what to do.
//
// An error prints as one line:
//
//	OBJECT:ROW:COLUMN: what is wrong: hint
package fault

import (
	"errors"
	"io"
	"strconv"
	"strings"
)

// Kind says what a caller can do about an error.
type Kind string

// The kinds. Only Unavailable is worth a retry of the same call; Conflict asks
// for a fresh read first.
const (
	Invalid     Kind = "invalid"     // the input is wrong and stays wrong
	NotFound    Kind = "not_found"   // the object does not exist
	Conflict    Kind = "conflict"    // somebody else changed it first
	Denied      Kind = "denied"      // permission is missing
	Unavailable Kind = "unavailable" // may work later: retry
	Exhausted   Kind = "exhausted"   // disk, memory or a declared limit is used up
	Internal    Kind = "internal"    // a defect in Leeway
)

// Error is an error with the place where it arose and a hint for people.
// The zero value of every field means "unknown" and is left out of the text.
type Error struct {
	Kind   Kind
	Op     string // what was being done, for logs: "open", "decode"
	Object string // the file or key
	Row    int64  // 1-based row of data (the header is row 0)
	Column string // the column's name
	Hint   string // what to do, an imperative without a period
	Err    error  // what is wrong
}

// Error prints OBJECT:ROW:COLUMN: what is wrong: hint.
func (e *Error) Error() string {
	var b strings.Builder
	if e.Object != "" {
		b.WriteString(e.Object)
		if e.Row > 0 {
			b.WriteString(":" + strconv.FormatInt(e.Row, 10))
		}
		if e.Column != "" {
			b.WriteString(":" + e.Column)
		}
		b.WriteString(": ")
	}
	if e.Err != nil {
		b.WriteString(e.Err.Error())
	} else {
		b.WriteString(string(e.Kind))
	}
	if e.Hint != "" {
		b.WriteString(": " + e.Hint)
	}
	return b.String()
}

// Unwrap gives the wrapped error.
func (e *Error) Unwrap() error { return e.Err }

// New is an error of a kind with a text and a hint ("" for none).
func New(kind Kind, text, hint string) *Error {
	return &Error{Kind: kind, Err: errors.New(text), Hint: hint}
}

// In names the object of err, or of each of joined errors. An object that one already names stays.
func In(object string, err error) error {
	if err == nil {
		return nil
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var all []error
		for _, one := range joined.Unwrap() {
			all = append(all, In(object, one))
		}
		return errors.Join(all...)
	}
	var known *Error
	if errors.As(err, &known) {
		if known.Object != "" {
			return err
		}
		placed := *known
		placed.Object = object
		return &placed
	}
	return &Error{Kind: Internal, Object: object, Err: err}
}

// Cut is what is wrong with input that ends before it is whole, such as a file
// that is still being copied: errors.Is(err, io.ErrUnexpectedEOF) finds it.
type Cut string

func (c Cut) Error() string { return string(c) }

// Is makes a Cut an io.ErrUnexpectedEOF.
func (c Cut) Is(target error) bool { return target == io.ErrUnexpectedEOF }

// Split takes joined errors apart, so that each gets a line of its own; none for
// nil.
func Split(err error) []error {
	if err == nil {
		return nil
	}
	var joined interface{ Unwrap() []error }
	if !errors.As(err, &joined) {
		return []error{err}
	}
	var all []error
	for _, one := range joined.Unwrap() {
		all = append(all, Split(one)...)
	}
	return all
}

// KindOf is the kind of the outermost [Error] in err's chain; Internal where
// there is none, "" for nil.
func KindOf(err error) Kind {
	if err == nil {
		return ""
	}
	var known *Error
	if errors.As(err, &known) {
		return known.Kind
	}
	return Internal
}

// Retryable tells whether the same call may succeed later.
func Retryable(err error) bool {
	kind := KindOf(err)
	return kind == Unavailable || kind == Exhausted || kind == Conflict
}
