package main

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/parquet-go/parquet-go"
)

// inputs are the generated files.
type inputs struct {
	reference, csv, gzip, jsonl, parquet string
	smallReference, small                string
}

// row is one row: an id, a time, ten floats, four integers, four categories,
// as peers' benchmarks have them.
type row struct {
	ID    string    `parquet:"id"`
	At    time.Time `parquet:"ts,timestamp(millisecond)"`
	F     [10]float64
	I     [4]int64
	C     [4]string
	empty bool // the seventh float is missing
}

// generate writes the files that are not there yet.
func generate(folder string, rows int) (inputs, error) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return inputs{}, err
	}
	path := func(name string, n int) string { return filepath.Join(folder, fmt.Sprintf("%s-%d", name, n)) }
	files := inputs{
		reference: path("reference", rows) + ".csv", csv: path("current", rows) + ".csv", gzip: path("current", rows) + ".csv.gz",
		jsonl: path("current", rows) + ".jsonl", parquet: path("current", rows) + ".parquet",
		smallReference: path("reference", 10000) + ".csv", small: path("current", 10000) + ".csv",
	}
	for _, f := range []struct {
		path  string
		rows  int
		seed  uint64
		write func(io.Writer, int, uint64) error
	}{
		{files.reference, rows, 1, writeCSV}, {files.csv, rows, 2, writeCSV}, {files.gzip, rows, 2, writeGzip},
		{files.jsonl, rows, 2, writeJSONL}, {files.parquet, rows, 2, writeParquet},
		{files.smallReference, 10000, 1, writeCSV}, {files.small, 10000, 2, writeCSV},
	} {
		if err := writeOnce(f.path, func(w io.Writer) error { return f.write(w, f.rows, f.seed) }); err != nil {
			return inputs{}, fmt.Errorf("%s: %w", f.path, err)
		}
	}
	return files, nil
}

func writeOnce(path string, write func(io.Writer) error) error {
	if _, err := os.Stat(path); err == nil {
		return nil
	}
	file, err := os.Create(path + ".part")
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(file, 1<<20)
	if err := errors.Join(write(w), w.Flush(), file.Close()); err != nil {
		return err
	}
	return os.Rename(path+".part", path)
}

// each draws the rows.
func each(rows int, seed uint64, take func(*row) error) error {
	r := rand.New(rand.NewPCG(seed, 20))
	shift := float64(seed - 1) // the current table drifts a little
	zipf := rand.NewZipf(r, 1.3, 1, 1999)
	var x row
	for i := range rows {
		z := r.NormFloat64
		x.ID = fmt.Sprintf("%016x", r.Uint64())
		x.At = time.Date(2026, time.Month(1+int(shift)), 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(i) * 28 * 24 * time.Hour / time.Duration(rows)).Truncate(time.Millisecond)
		x.F = [10]float64{
			z(), round(math.Exp(z()), 4), round(math.Tan(math.Pi*(r.Float64()-0.5)), 3), spike(r), round(100*r.Float64(), 3),
			round(50+10*z()+2*shift, 2), z() * (1 + 0.1*shift), 1 / (1 + math.Exp(-1.2*z()-0.1*shift)), round(math.Exp(3+0.8*z()), 2), round(z(), 4),
		}
		x.empty = r.Float64() < 0.01
		x.I = [4]int64{int64(r.IntN(10)), int64(r.IntN(1e9)), int64(math.Round(30 + 5*z() + shift)), int64(math.Min(95, math.Max(18, math.Round(42+12*z()))))}
		x.C = [4]string{
			[]string{"basic", "plus", "pro", "team", "trial"}[r.IntN(5)], fmt.Sprintf("city_%02d", r.IntN(20)),
			fmt.Sprintf("merchant-%02d", r.IntN(50)), fmt.Sprintf("sku-%04d", zipf.Uint64()),
		}
		if err := take(&x); err != nil {
			return err
		}
	}
	return nil
}

func round(x float64, digits int) float64 {
	p := math.Pow10(digits)
	return math.Round(x*p) / p
}

func spike(r *rand.Rand) float64 {
	if r.Float64() < 0.7 {
		return 0
	}
	return round(20*r.ExpFloat64(), 2)
}

func writeCSV(w io.Writer, rows int, seed uint64) error {
	if _, err := io.WriteString(w, "id,ts,f0,f1,f2,f3,f4,f5,f6,f7,f8,f9,i0,i1,i2,i3,c0,c1,c2,c3\n"); err != nil {
		return err
	}
	var line []byte
	return each(rows, seed, func(x *row) error {
		line = append(append(line[:0], x.ID...), ',')
		line = x.At.AppendFormat(line, "2006-01-02T15:04:05.000Z")
		for i, f := range x.F {
			line = append(line, ',')
			if i != 6 || !x.empty {
				line = strconv.AppendFloat(line, f, 'g', -1, 64)
			}
		}
		for _, n := range x.I {
			line = strconv.AppendInt(append(line, ','), n, 10)
		}
		for _, c := range x.C {
			line = append(append(line, ','), c...)
		}
		_, err := w.Write(append(line, '\n'))
		return err
	})
}

func writeGzip(w io.Writer, rows int, seed uint64) error {
	z := gzip.NewWriter(w)
	return errors.Join(writeCSV(z, rows, seed), z.Close())
}

func writeJSONL(w io.Writer, rows int, seed uint64) error {
	var line []byte
	return each(rows, seed, func(x *row) error {
		line = fmt.Appendf(line[:0], `{"id":%q,"ts":%q`, x.ID, x.At.Format("2006-01-02T15:04:05.000Z"))
		for i, f := range x.F {
			if i == 6 && x.empty {
				line = append(line, `,"f6":null`...)
				continue
			}
			line = strconv.AppendFloat(fmt.Appendf(line, `,"f%d":`, i), f, 'g', -1, 64)
		}
		for i, n := range x.I {
			line = fmt.Appendf(line, `,"i%d":%d`, i, n)
		}
		for i, c := range x.C {
			line = fmt.Appendf(line, `,"c%d":%q`, i, c)
		}
		_, err := w.Write(append(line, '}', '\n'))
		return err
	})
}

// flat is a row as Parquet stores it.
type flat struct {
	ID string    `parquet:"id"`
	At time.Time `parquet:"ts,timestamp(millisecond)"`
	F0 float64   `parquet:"f0"`
	F1 float64   `parquet:"f1"`
	F2 float64   `parquet:"f2"`
	F3 float64   `parquet:"f3"`
	F4 float64   `parquet:"f4"`
	F5 float64   `parquet:"f5"`
	F6 *float64  `parquet:"f6,optional"`
	F7 float64   `parquet:"f7"`
	F8 float64   `parquet:"f8"`
	F9 float64   `parquet:"f9"`
	I0 int64     `parquet:"i0"`
	I1 int64     `parquet:"i1"`
	I2 int64     `parquet:"i2"`
	I3 int64     `parquet:"i3"`
	C0 string    `parquet:"c0,dict"`
	C1 string    `parquet:"c1,dict"`
	C2 string    `parquet:"c2,dict"`
	C3 string    `parquet:"c3,dict"`
}

func writeParquet(w io.Writer, rows int, seed uint64) error {
	out := parquet.NewGenericWriter[flat](w, parquet.Compression(&parquet.Snappy))
	err := each(rows, seed, func(x *row) error {
		f := flat{x.ID, x.At, x.F[0], x.F[1], x.F[2], x.F[3], x.F[4], x.F[5], &x.F[6], x.F[7], x.F[8], x.F[9],
			x.I[0], x.I[1], x.I[2], x.I[3], x.C[0], x.C[1], x.C[2], x.C[3]}
		if x.empty {
			f.F6 = nil
		}
		_, err := out.Write([]flat{f})
		return err
	})
	return errors.Join(err, out.Close())
}
