package main

import (
	"os"
	"path/filepath"
	"time"

	"leeway/core/check"
	"leeway/core/compare"
	"leeway/core/config"
	"leeway/core/fault"
	"leeway/core/monitor"
	"leeway/core/profile"
	"leeway/core/report"
)

// profiled is the reference of a check, if that is a profile and not data; nil if it
// is data.
func (s *shell) profiled(f *checkFlags) (*profile.Dataset, error) {
	if len(f.reference) != 1 || f.reference[0] == "-" {
		return nil, nil
	}
	name := f.reference[0]
	if info, err := os.Stat(name); err != nil || !info.Mode().IsRegular() {
		return nil, nil // whoever reads it says what is wrong; of a pipe the beginning would be lost
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, nil // whoever reads it says so
	}
	defer file.Close()
	var head [8]byte
	if n, _ := file.Read(head[:]); !profile.Is(head[:n]) {
		return nil, nil
	}
	switch {
	case len(f.labels) > 0:
		return nil, usage{"--labels needs the rows of the reference, which a profile does not have: give data, or use a bucket (leeway run)"}
	case len(f.referenceLabels) > 0:
		return nil, usage{"--reference-labels needs the rows of the reference, which a profile does not have: give data"}
	case f.compat != "":
		return nil, usage{"--compat needs the rows of the reference, which a profile does not have: give data"}
	}
	return loadProfiles(f.reference)
}

// compareProfile compares data with a profile.
func (s *shell) compareProfile(f *checkFlags, p *profile.Dataset, err error, settings *config.Config, methods check.Methods, bar *progress) (*report.Report, error) {
	if err != nil {
		return nil, err
	}
	name := f.reference[0]
	reference, contract, err := monitor.Profiled(p, settings)
	if err != nil {
		return nil, fault.In(name, err)
	}
	object := report.Object{Key: filepath.ToSlash(name), Format: "profile", Rows: p.Rows}
	if info, err := os.Stat(name); err == nil {
		object.Bytes = info.Size()
	}
	reference.Objects = []report.Object{object}
	current, _, err := s.collect(f.current, settings, contract, nil, nil, bar)
	if err != nil {
		return nil, err
	}
	s.ahead("the current data", current)
	return f.exported(&compare.Comparison{
		Config: settings, Contract: contract, Reference: reference, Current: current, Methods: methods, Created: time.Now(),
	})
}
