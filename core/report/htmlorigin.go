package report

import "leeway/core/report/plain"

// side is one side's objects.
type side struct {
	Name    string
	Objects []object
	Beyond  string
	Open    bool
}

type object struct {
	Key, ETag, Format, Rows, Size string
	Faults                        []string
}

// What a page says of objects at most.
const (
	pageFaults = 5
	pageNotes  = 40
)

func (p *page) origin(r *Report, d detail) {
	add := func(name, value string) {
		if value != "" {
			p.Origin = append(p.Origin, [2]string{name, value})
		}
	}
	if r.Model != "" {
		add("Model", plain.Name(r.Model, nameWidth))
	}
	if r.Window != nil {
		add("Window", plain.Instant(r.Window.Start)+" up to "+plain.Instant(r.Window.End)+" (UTC)")
	}
	if r.Reference.Baseline != "" {
		add("Baseline", plain.Name(r.Reference.Baseline, nameWidth))
	}
	add("Report", plain.Name(r.ID, nameWidth))
	if r.Supersedes != "" {
		add("Replaces", plain.Name(r.Supersedes, nameWidth))
	}
	add("Made", plain.Instant(r.Created)+" (UTC)")
	p.Sides = []side{
		r.Current.view("Current data", d.objects, true),
		r.Reference.view("Reference data", d.objects, false),
	}
	for i, note := range r.Notes {
		if i == pageNotes {
			p.Notes = append(p.Notes, plain.Plural(int64(len(r.Notes)-i), "more note", "more notes"))
			break
		}
		p.Notes = append(p.Notes, plain.Prose(note, 300))
	}
	for _, sink := range r.Sinks {
		text := plain.Name(sink.Name, nameWidth) + ": taken"
		if !sink.OK {
			text = plain.Name(sink.Name, nameWidth) + ": failed, " + plain.Prose(sink.Error, 300)
		}
		p.Sinks = append(p.Sinks, text)
	}
}

func (s *Side) view(name string, limit int, open bool) side {
	n := int64(len(s.Objects))
	v := side{Name: name + ": " + plain.Count(s.Rows) + " rows from " + plain.Plural(n, "object", "objects"), Open: open && n <= 10}
	for i := range s.Objects {
		if i == limit {
			v.Beyond = plain.Plural(n-int64(i), "more object", "more objects")
			break
		}
		v.Objects = append(v.Objects, s.Objects[i].view())
	}
	return v
}

func (o *Object) view() object {
	v := object{Key: plain.Name(o.Key, 120), Format: plain.Name(o.Format, 20), Rows: plain.Count(o.Rows), Size: plain.Bytes(o.Bytes)}
	if o.Format == "" {
		v.Format = ""
	}
	if o.ETag != "" {
		v.ETag = plain.Name(o.ETag, 20)
	}
	for i, fault := range o.Faults {
		if i == pageFaults {
			v.Faults = append(v.Faults, plain.Plural(int64(len(o.Faults)-i), "more kind", "more kinds"))
			break
		}
		v.Faults = append(v.Faults, fault.String())
	}
	return v
}

// String is "adr: not a number, 14 times, first in row 812 (12,50 €)".
func (f Fault) String() string {
	text := plain.Prose(f.What, 120)
	if f.Column != "" {
		text = plain.Name(f.Column, 40) + ": " + text
	}
	if f.Count > 1 {
		text += ", " + plain.Count(f.Count) + " times, first"
	} else {
		text += ","
	}
	if f.Row > 0 {
		text += " in row " + plain.Count(f.Row)
	}
	if f.Text != "" {
		text += " (" + plain.Name(f.Text, 40) + ")"
	}
	return text
}
