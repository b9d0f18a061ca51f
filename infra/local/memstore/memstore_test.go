package memstore_test

import (
	"testing"

	"leeway/core/state"
	"leeway/core/state/storetest"
	"leeway/infra/local/memstore"
)

func TestStore(t *testing.T) {
	storetest.Run(t, func(*testing.T) state.Store { return memstore.New() }, nil)
}
