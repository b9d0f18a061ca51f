package filestore_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"leeway/core/state"
)

func BenchmarkPut(b *testing.B) {
	store := open(b, b.TempDir())
	for b.Loop() {
		if _, err := store.Put(context.Background(), "k", strings.NewReader("a small document"), nil); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCreate(b *testing.B) {
	store, n := open(b, b.TempDir()), 0
	for b.Loop() {
		n++
		if _, err := store.Put(context.Background(), fmt.Sprintf("d/%d", n), strings.NewReader("a small document"), &state.PutOptions{IfAbsent: true}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkList1000(b *testing.B) {
	store := open(b, b.TempDir())
	for i := range 1000 {
		if _, err := store.Put(context.Background(), fmt.Sprintf("d/%d/%d", i%10, i), strings.NewReader("x"), nil); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		for _, err := range store.List(context.Background(), "d/") {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
}
