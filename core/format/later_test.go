package format_test

import (
	"fmt"
	"strings"
	"testing"

	"leeway/core/format"
	"leeway/core/schema"
)

func TestLater(t *testing.T) {
	var b strings.Builder
	for i := range 9000 {
		switch {
		case i < 6000:
			fmt.Fprintf(&b, "{\"a\":%d}\n", i)
		default:
			fmt.Fprintf(&b, "{\"a\":%d,\"late\":\"x%d\"}\n", i, i)
		}
	}
	f, err := format.Open(file([]byte(b.String())), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	later, err := f.Later([]string{"never", "late"})
	if err != nil || len(later) != 1 || later[0].Name != "late" || later[0].Cells[0] != (schema.Cell{Native: schema.NativeText, Text: "x6000"}) {
		t.Errorf("%.200v %v", later, err)
	}
	columns, all, _, err := whole(file([]byte(b.String())), nil)
	if err != nil || len(columns) != 1 || len(all["a"]) != 9000 {
		t.Error("the file is read otherwise", err)
	}
	for _, text := range []string{"a,b\n1,2\n3,4\n", b.String()} {
		src := file([]byte(text))
		if strings.HasPrefix(text, "{") {
			src.At = nil // a stream
		}
		f, err := format.Open(src, nil)
		if err != nil {
			t.Fatal(err)
		}
		if later, err := f.Later([]string{"late"}); err != nil || later != nil {
			t.Errorf("%v %v", later, err)
		}
		f.Close()
	}
}
