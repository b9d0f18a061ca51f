package ledger_test

import (
	"os"
	"testing"

	"leeway/core/ledger"
)

// TestChunk reads a chunk of predictions as it was written once.
func TestChunk(t *testing.T) {
	const name = "testdata/version2.chunk.ledger"
	l := people(grouped(), upTo(60))
	l.Chunk = 3
	data := l.Encode()
	if *update {
		if err := os.WriteFile(name, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	old, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if string(old) != string(data) {
		t.Error("a chunk is written as something else")
	}
	back, err := ledger.Decode(old, grouped())
	if err != nil || back.Chunk != 3 || back.Rows() != 60 {
		t.Errorf("%v, %+v", err, back)
	}
	if whole := people(grouped(), upTo(60)); string(whole.Encode()) == string(data) {
		t.Error("nothing tells that it is a chunk: who cannot read chunks would take it for all")
	}
}

// TestChunkRows: where files are cut is part of what is stored.
func TestChunkRows(t *testing.T) {
	scored := shape()
	scored.Scored = []int32{scored.Positive}
	if n := ledger.ChunkRows(scored); n != 419430 {
		t.Errorf("cut after %d rows of one score", n)
	}
	if n := ledger.ChunkRows(grouped()); n != 299593 {
		t.Errorf("cut after %d rows in groups", n)
	}
}
