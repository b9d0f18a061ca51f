package doctor

import (
	"testing"

	"leeway/core/monitor"
)

func TestWayOf(t *testing.T) {
	for want, way := range map[string]monitor.Halfway{
		"was deleted when it was halfway: the next run forgets what was read of it":  {Rows: 7, Size: 3000, Gone: true},
		"was replaced when it was halfway: the next run reads it from its beginning": {Rows: 7, Size: 3000, Other: true},
		"is halfway: 7,000 rows are read, and the next run goes on there":            {Rows: 7000, Hashed: 3000, Size: 3000},
		"is halfway: all of its 3 kB are hashed, and the next run reads its rows":    {Hashed: 3000, Size: 3000},
		"is halfway: 2 kB of 3 kB are hashed, and the next run goes on there":        {Hashed: 2000, Size: 3000},
	} {
		if got := wayOf(&way); got != want {
			t.Errorf("%+v: %s", way, got)
		}
	}
}
