// Package prometheus shows what Leeway knows as metrics, in the Prometheus text
// format and in OpenMetrics 1.0.
//
// [Exporter] is the HTTP handler of /metrics: it reads the newest state of
// every model on each scrape, so that nothing is lost by a restart. [Write] is
// the pure half of it, for those who have the models at hand. The one counter,
// leeway_batches_total, never falls while a process lives; a new one begins with
// the present verdicts, which may be fewer: a reset, as Prometheus takes it.
//
// Promised: names as in the catalogue (leeway_<check>_<metric>), values as
// exact float64, no sample twice, undefined values left out, HELP and TYPE with
// every family, and output that promtool check metrics has nothing to say about.
package prometheus
