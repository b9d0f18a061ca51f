package main

import (
	"slices"

	"leeway/core/compat/evidently"
	"leeway/core/fault"
	"leeway/core/format"
	"leeway/core/report"
)

// compats are the tools that --compat knows.
var compats = []string{"evidently"}

func (f *checkFlags) validateCompat() error {
	if f.compat == "" {
		return nil
	}
	if err := oneOf("--compat", f.compat, compats); err != nil {
		return err
	}
	if slices.Contains(f.reference, "-") || slices.Contains(f.current, "-") {
		return usage{"--compat reads the data a second time, which standard input does not allow: name a file"}
	}
	return nil
}

// compat reads both sides as the other tool would, and says what it would find.
func (s *shell) compat(f *checkFlags) (*report.Compat, error) {
	if f.compat == "" {
		return nil, nil
	}
	reference, err := s.seen(f.reference)
	if err != nil {
		return nil, err
	}
	current, err := s.seen(f.current)
	if err != nil {
		return nil, err
	}
	return evidently.Compare(reference, current), nil
}

// seen reads the files that could be read before; what is wrong with the others
// has been said.
func (s *shell) seen(paths []string) (*evidently.Side, error) {
	names, err := expand(paths)
	if err != nil {
		return nil, err
	}
	side := &evidently.Side{}
	var last error
	read := 0
	for _, name := range names {
		if err := s.seenOne(side, name); err != nil {
			last = fault.In(name, err)
			continue
		}
		read++
	}
	if read == 0 {
		return nil, last
	}
	return side, nil
}

func (s *shell) seenOne(side *evidently.Side, name string) error {
	in, err := s.open(name)
	if err != nil {
		return err
	}
	defer in.closer.Close()
	file, err := format.Open(in.source, nil)
	if err != nil {
		return err
	}
	defer file.Close()
	return side.Add(file)
}
