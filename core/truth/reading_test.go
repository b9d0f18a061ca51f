package truth_test

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"leeway/core/cases"
	"leeway/core/config"
	"leeway/core/format"
	"leeway/core/frame"
	"leeway/core/lay"
	"leeway/core/profile"
	"leeway/core/schema"
	"leeway/core/truth"
)

var contract = &schema.Schema{Task: schema.Binary, Positive: "1", Columns: []schema.Column{
	{Name: "id", Kind: schema.Text, Role: schema.ID}, {Name: "amount", Kind: schema.Numeric, Role: schema.Feature},
	{Name: "prediction", Kind: schema.Categorical, Role: schema.Prediction}, {Name: "label", Kind: schema.Categorical, Role: schema.Label},
}}

// rows are n of them from one on, of which every fourth is predicted wrong and every tenth has no label.
func rows(from, n int) string {
	var b strings.Builder
	b.WriteString("id,amount,prediction,label\n")
	for i := from; i < from+n; i++ {
		label := fmt.Sprint((i + i/4%2) % 2)
		if i%10 == 0 {
			label = ""
		}
		fmt.Fprintf(&b, "r%d,%d.5,%d,%s\n", i, i%17, i%2, label)
	}
	return b.String()
}

// read has a reading take rows; start gives it, once the columns are known.
func read(t *testing.T, text string, start func(columns []schema.Column) *truth.Reading) *truth.Reading {
	t.Helper()
	file, err := format.Open(format.Source{Stream: strings.NewReader(text), At: strings.NewReader(text), Size: int64(len(text))}, lay.Options(config.Default(), contract))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	sheet, err := lay.Over(contract, file)
	if err != nil {
		t.Fatal(err)
	}
	r := start(sheet.Columns)
	builder := profile.New(sheet.Columns, &profile.Stored)
	builder.Then(r.Add)
	if _, err := sheet.Read(func(block *frame.Block) { builder.Add(block) }); err != nil {
		t.Fatal(err)
	}
	return r
}

// TestDropAndKeep: a file that does not count leaves nothing, and each that does counts once, whether
// rows wait for other labels or not.
func TestDropAndKeep(t *testing.T) {
	for _, joined := range []bool{false, true} {
		collected := func(drop bool) *truth.Outcomes {
			o := &truth.Outcomes{Joined: joined, Cases: cases.Bound}
			start := func(columns []schema.Column) *truth.Reading { return o.Start(contract, nil, columns) }
			read(t, rows(0, 300), start).Keep()
			if drop {
				read(t, rows(5000, 777), start).Drop()
			}
			read(t, rows(300, 100), start).Keep()
			return o
		}
		got, want := collected(true), collected(false)
		sum, bare := got.Sum(nil), want.Sum(nil)
		if sum.Rows != 400 || sum.Labelled != 360 {
			t.Errorf("joined %v: %d rows, %d labels", joined, sum.Rows, sum.Labelled)
		}
		if !slices.Equal(sum.Came, bare.Came) {
			t.Errorf("joined %v: %v came true, without the file that was dropped %v", joined, sum.Came, bare.Came)
		}
		table, other := got.Own().Sample.Table(cases.Own, math.MaxUint64), want.Own().Sample.Table(cases.Own, math.MaxUint64)
		if table.Rows != other.Rows || !slices.Equal(table.Actual, other.Actual) || !slices.EqualFunc(table.Codes, other.Codes, slices.Equal) {
			t.Errorf("joined %v: a sample of %d rows, without the file that was dropped of %d", joined, table.Rows, other.Rows)
		}
	}
}

// TestRestore: a reading that goes on where another one was encoded comes to the same bytes, and what
// is damaged is an error.
func TestRestore(t *testing.T) {
	fresh := func(columns []schema.Column) *truth.Reading {
		return (&truth.Outcomes{Joined: true, Cases: cases.Stored}).Start(contract, nil, columns)
	}
	once := read(t, rows(0, 300), fresh)
	half := once.Encode(0)
	read(t, rows(300, 200), func([]schema.Column) *truth.Reading { return once })
	var err error
	onward := read(t, rows(300, 200), func(columns []schema.Column) *truth.Reading {
		r := fresh(columns)
		err = r.Restore(half)
		return r
	})
	if err != nil || !bytes.Equal(once.Encode(0), onward.Encode(0)) {
		t.Errorf("who went on has other bytes, %v", err)
	}
	if err := fresh(contract.Columns).Restore(half[:len(half)/2]); err == nil {
		t.Error("half of it is taken")
	}
}
