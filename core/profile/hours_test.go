package profile

import (
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"leeway/core/frame"
	"leeway/core/schema"
)

// timesOf is the profile of a column of times, one of them missing.
func timesOf(times ...time.Time) *Dataset {
	c := frame.Column{Type: frame.Time, States: []frame.State{frame.Missing}, Times: []int64{0}}
	for _, at := range times {
		c.States, c.Times = append(c.States, frame.Valid), append(c.Times, at.UnixNano())
	}
	b := New([]schema.Column{{Name: "at", Kind: schema.Time}}, &small)
	b.Add(&frame.Block{Rows: len(c.Times), First: 1, Columns: []frame.Column{c}})
	return b.Profile()
}

// TestHours: times are counted by their hour of the day, before 1970 too, and
// the counts go through everything that a profile goes through.
func TestHours(t *testing.T) {
	at := func(year, hour int) time.Time { return time.Date(year, 3, 4, hour, 59, 59, 999, time.UTC) }
	a, b := timesOf(at(2026, 0), at(2026, 23), at(1950, 23), at(1950, 0)), timesOf(at(2026, 7), at(2027, 23))
	want := Hours{0: 2, 23: 2}
	if got := a.Column("at").Hours; got == nil || *got != want {
		t.Fatalf("counted %v", got)
	}
	both, err := Merge(a, b)
	if err != nil {
		t.Fatal(err)
	}
	if *both.Column("at").Hours != (Hours{0: 2, 7: 1, 23: 3}) || *a.Column("at").Hours != want {
		t.Errorf("merged %v, one part then %v", both.Column("at").Hours, a.Column("at").Hours)
	}
	again, err := Decode(both.Encode())
	if err != nil || *again.Column("at").Hours != *both.Column("at").Hours {
		t.Errorf("read again: %v, %v", again.Column("at").Hours, err)
	}
	left, err := both.Subtract(b)
	if err != nil || *left.Column("at").Hours != want {
		t.Errorf("subtracted: %v, %v", left.Column("at").Hours, err)
	}
	if _, err := both.Subtract(timesOf(at(2026, 8))); err == nil {
		t.Error("an hour that was not there is subtracted")
	}
}

// TestVersion2 reads a profile from before hours were counted. Together with
// newer ones it has none.
func TestVersion2(t *testing.T) {
	data, err := os.ReadFile("testdata/version2.profile")
	if err != nil {
		t.Fatal(err)
	}
	old, err := Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	if counts(old) != counts(golden()) || old.Lines.Codes().Len() == 0 {
		t.Error("version 2 reads differently")
	}
	timed := func(d *Dataset) (known, unknown int) {
		for _, c := range d.Columns {
			switch {
			case c.Kind != schema.Time:
			case c.Hours == nil:
				unknown++
			default:
				known++
			}
		}
		return known, unknown
	}
	fresh := profileOf(rowsOf(60, 12), &small, rand.New(rand.NewPCG(1, 1)))
	if known, unknown := timed(fresh); known == 0 || unknown > 0 {
		t.Fatalf("%d columns with hours, %d without", known, unknown)
	}
	for _, pair := range [][2]*Dataset{{old, fresh}, {fresh, old}} {
		both, err := Merge(pair[0], pair[1])
		if err != nil {
			t.Fatal(err)
		}
		if known, unknown := timed(both); known > 0 || unknown == 0 {
			t.Errorf("%d columns with hours", known)
		}
		if again, err := Decode(both.Encode()); err != nil || counts(again) != counts(both) {
			t.Error("without hours it cannot be read again", err)
		}
	}
}
