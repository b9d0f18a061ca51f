package state

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"leeway/core/fault"
)

// MaxKey is the length of the longest key, in bytes: what every cloud allows.
const MaxKey = 1024

// CheckKey refuses keys that could lead out of a folder or that a store cannot
// hold: empty, absolute, longer than [MaxKey], with a NUL or with an empty, "."
// or ".." segment. Anything else is fine, spaces, + and % included.
func CheckKey(key string) error {
	problem := ""
	switch {
	case key == "":
		problem = "is empty"
	case len(key) > MaxKey:
		problem = fmt.Sprintf("is longer than %d bytes", MaxKey)
	case strings.ContainsRune(key, 0):
		problem = "contains a NUL byte"
	case strings.HasPrefix(key, "/"):
		problem = "is absolute"
	default:
		for segment := range strings.SplitSeq(key, "/") {
			if segment == "" || segment == "." || segment == ".." {
				problem = fmt.Sprintf("has the segment %q", segment)
				break
			}
		}
	}
	if problem == "" {
		return nil
	}
	return &fault.Error{Kind: fault.Invalid, Op: "check key", Object: key, Err: errors.New("the key " + problem), Hint: "use a relative path such as logs/model/day.csv"}
}

// CheckModel refuses names that cannot be a folder in every bucket: a model is
// named with 1 to 128 of A-Z a-z 0-9 . _ - and does not begin with a dot.
func CheckModel(name string) error {
	legal := name != "" && len(name) <= 128 && name[0] != '.'
	for i := 0; legal && i < len(name); i++ {
		c := name[i]
		legal = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.' || c == '_' || c == '-'
	}
	if legal {
		return nil
	}
	return &fault.Error{Kind: fault.Invalid, Op: "check model", Err: fmt.Errorf("%q is no model name", name), Hint: "use letters, digits, dot, underscore and dash"}
}

// unfinished ends the names of files that a program is still writing.
var unfinished = []string{".tmp", ".temp", ".part", ".partial", ".filepart", ".crdownload", ".download", ".swp", ".crc", "~"}

// markers begin the names of what Spark, Hive and Delta Lake keep beside data.
var markers = []string{"_success", "_temporary", "_committed_", "_started_", "_delta_log", "_metadata", "_common_metadata"}

// IsData tells whether an object that somebody dropped is meant to be read:
// not a folder marker, not hidden (.name, which includes the ._ files of a
// Mac), not one that a program is still writing (.tmp, .part...) and not the
// bookkeeping of Spark or Delta Lake. Case does not count.
func IsData(key string) bool {
	if key == "" || strings.HasSuffix(key, "/") {
		return false
	}
	lower := strings.ToLower(key)
	for segment := range strings.SplitSeq(lower, "/") {
		if strings.HasPrefix(segment, ".") || slices.ContainsFunc(markers, func(m string) bool { return strings.HasPrefix(segment, m) }) {
			return false
		}
	}
	name := path.Base(lower)
	if name == "thumbs.db" || name == "desktop.ini" {
		return false
	}
	return !slices.ContainsFunc(unfinished, func(end string) bool { return strings.HasSuffix(name, end) })
}
