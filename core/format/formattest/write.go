package formattest

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go"
)

// File is the table in one format.
type File struct {
	Name   string // of the variant: "semicolon", "CRLF and BOM"
	Format string // what format.File.Format must say
	Data   []byte
	Stream bool // can be read without random access
}

// Files writes the table in every format.
func Files(rows []Row) ([]File, error) {
	comma := CSV(rows, ',', "\n")
	lines, err := JSONL(rows)
	if err != nil {
		return nil, err
	}
	files := []File{
		{"comma", "csv", comma, true},
		{"semicolon", "csv", CSV(rows, ';', "\n"), true},
		{"tab", "csv", CSV(rows, '\t', "\n"), true},
		{"pipe", "csv", CSV(rows, '|', "\n"), true},
		{"CRLF and BOM", "csv", append([]byte("\xef\xbb\xbf"), CSV(rows, ',', "\r\n")...), true},
		{"no newline at the end", "csv", bytes.TrimSuffix(comma, []byte("\n")), true},
		{"JSON Lines", "jsonl", lines, true},
		{"JSON Lines with CRLF", "jsonl", bytes.ReplaceAll(lines, []byte("\n"), []byte("\r\n")), true},
	}
	for _, plain := range []File{files[0], files[6]} {
		files = append(files,
			File{plain.Name + " in gzip", plain.Format + ".gz", Gzip(plain.Data), true},
			File{plain.Name + " in gzip of two members", plain.Format + ".gz", append(Gzip(plain.Data[:len(plain.Data)/3]), Gzip(plain.Data[len(plain.Data)/3:])...), true},
			File{plain.Name + " in zstd", plain.Format + ".zst", Zstd(plain.Data), true},
		)
	}
	for _, variant := range []struct {
		name    string
		options []parquet.WriterOption
	}{
		{"Parquet", nil},
		{"Parquet in small row groups with Snappy", []parquet.WriterOption{parquet.MaxRowsPerRowGroup(1000), parquet.Compression(&parquet.Snappy)}},
		{"Parquet of old pages with zstd", []parquet.WriterOption{parquet.DataPageVersion(1), parquet.PageBufferSize(2000), parquet.Compression(&parquet.Zstd)}},
	} {
		data, err := Parquet(rows, variant.options...)
		if err != nil {
			return nil, err
		}
		files = append(files, File{variant.name, "parquet", data, false})
	}
	return files, nil
}

// cell is a value as text; nil is missing.
func cell[T any](value *T, text func(T) string) *string {
	if value == nil {
		return nil
	}
	s := text(*value)
	return &s
}

// number64 writes a number as Python, hence pandas and polars, does.
func number64(x float64) string {
	if size := math.Abs(x); x != 0 && (size < 1e-4 || size >= 1e16) {
		return strconv.FormatFloat(x, 'e', -1, 64)
	}
	text := strconv.FormatFloat(x, 'f', -1, 64)
	if !strings.Contains(text, ".") {
		text += ".0"
	}
	return text
}

func whole(n int64) string        { return strconv.FormatInt(n, 10) }
func instant(at time.Time) string { return at.Format(time.RFC3339Nano) }
func same(text string) string     { return text }

// texts are the cells of a row, and which of them JSON puts in quotes.
func (row *Row) texts() (cells []*string, quoted []bool) {
	at, score, predicts := instant(row.At), number64(row.Score), strconv.FormatBool(row.Predicts)
	return []*string{
		&row.ID, &at, cell(row.Amount, number64), cell(row.Count, whole), cell(row.Member, strconv.FormatBool),
		cell(row.Country, same), cell(row.Comment, same), cell(row.Shipped, instant), &score, &predicts,
	}, []bool{true, true, false, false, false, true, true, true, false, false}
}

// CSV writes delimited text.
func CSV(rows []Row, comma byte, newline string) []byte {
	var out bytes.Buffer
	out.WriteString(strings.Join(Names, string(comma)) + newline)
	for i := range rows {
		cells, _ := rows[i].texts()
		for j, text := range cells {
			if j > 0 {
				out.WriteByte(comma)
			}
			if text != nil {
				out.WriteString(quote(*text, comma))
			}
		}
		out.WriteString(newline)
	}
	return out.Bytes()
}

func quote(text string, comma byte) string {
	if !strings.ContainsAny(text, string(comma)+"\"\r\n") {
		return text
	}
	return `"` + strings.ReplaceAll(text, `"`, `""`) + `"`
}

// JSONL writes JSON Lines. A missing value is null, or an absent key in every
// second row.
func JSONL(rows []Row) ([]byte, error) {
	var out bytes.Buffer
	for i := range rows {
		cells, quoted := rows[i].texts()
		out.WriteByte('{')
		separator := ""
		for j, text := range cells {
			value := []byte("null")
			switch {
			case text == nil && i%2 == 1:
				continue
			case text != nil && quoted[j]:
				var err error
				if value, err = json.Marshal(*text); err != nil {
					return nil, err
				}
			case text != nil:
				value = []byte(*text)
			}
			out.WriteString(separator + `"` + Names[j] + `": `)
			out.Write(value)
			separator = ", "
		}
		out.WriteString("}\n")
	}
	return out.Bytes(), nil
}

// Parquet writes Parquet.
func Parquet(rows []Row, options ...parquet.WriterOption) ([]byte, error) {
	var out bytes.Buffer
	w := parquet.NewGenericWriter[Row](&out, options...)
	if _, err := w.Write(rows); err != nil {
		return nil, err
	}
	err := w.Close()
	return out.Bytes(), err
}

// Gzip packs data.
func Gzip(data []byte) []byte {
	var out bytes.Buffer
	pack(gzip.NewWriter(&out), data)
	return out.Bytes()
}

// Zstd packs data, between two frames that a reader must skip.
func Zstd(data []byte) []byte {
	skipped := []byte("\x50\x2a\x4d\x18\x03\x00\x00\x00abc")
	encoder, err := zstd.NewWriter(nil)
	if err != nil {
		panic(err) // no options, no error
	}
	half := len(data) / 2
	packed := encoder.EncodeAll(data[:half], nil)
	return encoder.EncodeAll(data[half:], append(packed, skipped...))
}

// pack writes to a buffer, which does not fail.
func pack(w io.WriteCloser, data []byte) {
	if _, err := w.Write(data); err != nil {
		panic(err)
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
}
