package filestore_test

import (
	"testing"

	"leeway/core/state"
	"leeway/core/state/storetest"
	"leeway/infra/local/filestore"
)

func open(t testing.TB, root string) *filestore.Store {
	t.Helper()
	store, err := filestore.Open(root)
	if err != nil {
		t.Fatal(err)
	}
	return store
}

func TestStore(t *testing.T) {
	storetest.Run(t, func(t *testing.T) state.Store { return open(t, t.TempDir()) }, nil)
}
