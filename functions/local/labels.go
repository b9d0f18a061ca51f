package main

import (
	"slices"

	"leeway/core/cases"
	"leeway/core/check"
	"leeway/core/collect"
	"leeway/core/config"
	"leeway/core/fault"
	"leeway/core/format"
	"leeway/core/report"
	"leeway/core/schema"
	"leeway/core/truth"
)

// outcomes gets ready to take from both sides what was predicted and what came
// true. The columns of the label files tell which id is meant where logs have
// several.
func (s *shell) outcomes(labels []string) ([2]*truth.Outcomes, error) {
	names, err := s.columnsOf(labels)
	one := truth.Outcomes{Joined: len(labels) > 0, IDs: names, Cases: cases.Bound}
	other := one
	other.Said, other.Against = true, &one
	return [2]*truth.Outcomes{&one, &other}, err
}

// columnsOf are the names of the columns of label files. A file that cannot be read
// is told of when it is read for good; standard input is not looked at.
func (s *shell) columnsOf(paths []string) ([]string, error) {
	files, err := expand(paths)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, file := range files {
		if file == "-" {
			continue
		}
		for _, name := range s.headsOf(file) {
			if !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names, nil
}

func (s *shell) headsOf(name string) []string {
	in, err := s.open(name)
	if err != nil {
		return nil
	}
	defer in.closer.Close()
	file, err := format.Open(in.source, &format.Options{Head: 1})
	if err != nil {
		return nil
	}
	defer file.Close()
	var names []string
	for _, head := range file.Heads() {
		names = append(names, head.Name)
	}
	return names
}

// judged is what came true of both sides, and where that is from.
type judged struct {
	labels   *truth.Labels // nil: no files
	labelled *check.Labelled
	groups   *check.Groups
	files    []report.Object
}

// judge reads the label files and joins them to both sides, as a whole and by groups;
// without any the rows' own labels count.
func (s *shell) judge(f *checkFlags, settings *config.Config, contract *schema.Schema, reference, current *collect.Collection, outcomes [2]*truth.Outcomes, bar *progress) (*judged, error) {
	before, err := s.labelsOf(f.referenceLabels, settings, contract, outcomes[0], reference.Renamed, bar)
	if err != nil {
		return nil, err
	}
	labels, err := s.labelsOf(f.labels, settings, contract, outcomes[1], current.Renamed, bar)
	if err != nil {
		return nil, err
	}
	if before != nil {
		if labels == nil {
			labels = &truth.Labels{}
		}
		labels.Reference = before
	}
	j := &judged{labels: labels, labelled: labels.Outcome(outcomes[0], outcomes[1]), groups: truth.Grouped(outcomes[0], outcomes[1], labels)}
	if labels != nil {
		j.files = labels.Objects()
	}
	if before == nil {
		return j, nil
	}
	lines, err := before.OfReference()
	reference.Notes = append(reference.Notes, lines...)
	return j, err
}

// labelsOf reads label files of one side, or of both; nil where there are none.
func (s *shell) labelsOf(paths []string, settings *config.Config, contract *schema.Schema, of *truth.Outcomes, renamed map[string]string, bar *progress) (*truth.Labels, error) {
	if len(paths) == 0 {
		return nil, nil
	}
	labels, err := truth.NewLabels(settings, contract, of, renamed)
	if err != nil {
		return nil, fault.In(paths[0], err)
	}
	labels.Progress = bar.add
	names, err := expand(paths)
	if err != nil {
		return nil, err
	}
	if err := s.each(names, len(paths), labels.Add); err != nil {
		return nil, err
	}
	for _, line := range labels.Notes() {
		s.say("%s", line)
	}
	return labels, nil
}
