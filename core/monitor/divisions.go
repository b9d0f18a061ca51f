package monitor

import (
	"fmt"
	"strings"

	"leeway/core/collect"
	"leeway/core/config"
	"leeway/core/segment"
)

// divisions are those that batches are profiled by.
func (m *model) divisions() []segment.Division {
	if m.baseline == nil {
		return nil
	}
	asked, _ := collect.Wanted(m.baseline.Segments, m.config, m.contract)
	return asked
}

// undivided says that segments are declared which the baseline was built without;
// "" if there are none.
func (b *baseline) undivided(c *config.Config) string {
	_, lacking := collect.Wanted(b.Segments, c, b.contract)
	if len(lacking) == 0 {
		return ""
	}
	return fmt.Sprintf("there are no segments by %s: the baseline was built before they were declared (leeway baseline build makes a new one)", strings.Join(lacking, "; by "))
}
