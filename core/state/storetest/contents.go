package storetest

import (
	"context"
	"errors"
	"io"
	"testing"

	"leeway/core/state"
)

// Contents is every object below one of the prefixes, by key, with its bytes.
func Contents(t *testing.T, store state.Store, prefixes ...string) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, prefix := range prefixes {
		for info, err := range store.List(context.Background(), prefix) {
			if err != nil {
				t.Fatal(err)
			}
			object, err := store.Open(context.Background(), info.Key)
			if err != nil {
				t.Fatal(err)
			}
			data, err := io.ReadAll(io.NewSectionReader(object, 0, info.Size))
			if err := errors.Join(err, object.Close()); err != nil {
				t.Fatal(err)
			}
			all[info.Key] = string(data)
		}
	}
	return all
}
