// Package formattest makes one table and writes it in every format that
// package format reads, so that tests can hold them against each other.
package formattest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"time"
)

// Row is a row of the table: a column of every kind. A nil pointer is a
// missing value.
type Row struct {
	ID       string     `parquet:"order_id"`
	At       time.Time  `parquet:"timestamp,timestamp(millisecond)"`
	Amount   *float64   `parquet:"amount,optional"`
	Count    *int64     `parquet:"visits,optional"`
	Member   *bool      `parquet:"member,optional"`
	Country  *string    `parquet:"country,optional,dict"`
	Comment  *string    `parquet:"comment,optional"`
	Shipped  *time.Time `parquet:"shipped,optional,timestamp(microsecond)"`
	Score    float64    `parquet:"score"`
	Predicts bool       `parquet:"prediction"`
}

// Names are the columns, in order.
var Names = []string{"order_id", "timestamp", "amount", "visits", "member", "country", "comment", "shipped", "score", "prediction"}

// countries are categories that are hard to write and easy to take for
// something else.
var countries = []string{"Österreich", "日本", "say \"hi\"", "a,b;c|d\te", "two\nlines", "NA", "None", " padded ", "O'Neill", "\\N", "😀", "null"}

// floats are numbers that are hard to keep.
var floats = []float64{0, math.Pi, -math.Pi, 0.1, 1e-300, -1e300, math.MaxFloat64, math.SmallestNonzeroFloat64, 9007199254740993, 1.0000000000000002, -2.5e-8, 5e-324, 123456789.125}

// Rows makes a table of n rows; the same n gives the same table.
func Rows(n int) []Row {
	r := rand.New(rand.NewPCG(uint64(n), 1))
	begin := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	rows := make([]Row, n)
	for i := range rows {
		row := &rows[i]
		row.ID = fmt.Sprintf("o-%06d-%04x", i, r.IntN(1<<16))
		row.At = begin.Add(time.Duration(i) * 1001 * time.Millisecond)
		row.Amount = maybe(r, 0.1, number(r))
		row.Count = maybe(r, 0.05, int64(r.IntN(2000)-500))
		row.Member = maybe(r, 0.2, r.IntN(2) == 0)
		row.Country = maybe(r, 0.1, countries[r.IntN(len(countries))])
		row.Comment = maybe(r, 0.3, sentence(r))
		row.Shipped = maybe(r, 0.3, row.At.Add(time.Duration(r.IntN(1e9))*time.Microsecond))
		row.Score = r.Float64()
		row.Predicts = row.Score > 0.5
	}
	return rows
}

func maybe[T any](r *rand.Rand, missing float64, value T) *T {
	if r.Float64() < missing {
		return nil
	}
	return &value
}

func number(r *rand.Rand) float64 {
	if r.IntN(4) == 0 {
		return floats[r.IntN(len(floats))]
	}
	return r.NormFloat64() * math.Exp(10*r.NormFloat64())
}

var words = strings.Fields("the parcel arrived late and wet, but nobody said why; \"never\" again naïve Größe 東京 … -1 3.5")

func sentence(r *rand.Rand) string {
	var text []string
	for range 8 + r.IntN(12) {
		text = append(text, words[r.IntN(len(words))])
	}
	return strings.Join(text, " ")
}
