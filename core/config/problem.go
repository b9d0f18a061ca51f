package config

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"leeway/core/fault"
)

// problems collects everything that is wrong with a file.
type problems struct {
	name string
	list []problem
}

type problem struct {
	place Place
	err   error
}

// add adds a problem; the hint says what to do and may be empty.
func (p *problems) add(at Place, text, hint string) {
	p.list = append(p.list, problem{at, &fault.Error{
		Kind:   fault.Invalid,
		Object: at.in(p.name),
		Err:    errors.New(text),
		Hint:   hint,
	}})
}

// in writes the place as FILE:LINE:COLUMN.
func (at Place) in(name string) string {
	if at.Line == 0 {
		return name
	}
	return fmt.Sprintf("%s:%d:%d", name, at.Line, at.Column)
}

// err joins the problems in order of their places, nil if there are none.
func (p *problems) err() error {
	if len(p.list) == 0 {
		return nil
	}
	slices.SortStableFunc(p.list, func(a, b problem) int {
		return cmp.Or(cmp.Compare(a.place.Line, b.place.Line), cmp.Compare(a.place.Column, b.place.Column))
	})
	list := make([]error, len(p.list))
	for i := range p.list {
		list[i] = p.list[i].err
	}
	return errors.Join(list...)
}

// meant is the hint that names the nearest of the valid words.
func meant(text string, valid []string) string {
	if len(text) <= 100 {
		if near := fault.Nearest(text, valid); near != "" {
			return fmt.Sprintf("did you mean %q?", near)
		}
	}
	return "valid: " + words(valid)
}

// words lists valid words, the first twenty of them.
func words(list []string) string {
	text := ""
	for i, word := range list {
		if i == 20 {
			return text + fmt.Sprintf(" and %d more", len(list)-i)
		}
		if i > 0 {
			text += ", "
		}
		text += word
	}
	return text
}
