package format_test

import (
	"errors"
	"testing"

	"leeway/core/fault"
	"leeway/core/format"
	"leeway/core/format/formattest"
)

// FuzzOpen: whatever the bytes are, there is a table or an error for people,
// and a stream gives what random access gives.
func FuzzOpen(f *testing.F) {
	files, err := formattest.Files(formattest.Rows(5))
	if err != nil {
		f.Fatal(err)
	}
	for _, one := range files {
		f.Add(one.Data)
	}
	for _, one := range refusals {
		if len(one.data) < 1000 {
			f.Add([]byte(one.data))
		}
	}
	f.Add([]byte(`{"a":{"b":[1,{"c":"\ud83d"}]},"n":-1.5e-3,"t":true}` + "\n{\"a\":null"))
	f.Add([]byte("{:\n{}")) // a table without columns
	f.Add([]byte("a;\"b\"\"\n\";\n1,5;x\"y;\n\n;;;\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		_, all, _, err := whole(file(data), nil)
		var known *fault.Error
		if err != nil && (!errors.As(err, &known) || known.Kind != fault.Invalid || known.Hint == "") {
			t.Fatalf("not an error for people: %v", err)
		}
		streamed, err2 := format.Open(stream(data), nil)
		if err2 != nil {
			return // Parquet needs random access
		}
		defer streamed.Close()
		again, _, err2 := drain(streamed, contract(streamed))
		if (err == nil) != (err2 == nil) {
			t.Fatalf("at random: %v, as a stream: %v", err, err2)
		}
		if err == nil {
			alike(t, "stream", all, again)
		}
	})
}
