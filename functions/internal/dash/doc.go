// Package dash serves the pages of `leeway serve`: all models at a glance, one
// model over time, one column over time, batches, quarantine and full reports.
//
// The pages are rendered on the server from state alone, work without a script
// and load nothing from elsewhere. One small script, itself optional, asks for
// the page again every two seconds and swaps in what changed, so that neither
// the scroll position nor a half-typed filter is lost. Each page carries an
// ETag made from what it shows: asking again costs next to nothing.
//
// Colour never stands alone: a verdict has a word, and a cell of a strip has a
// height (quiet, unknown, warn, alert) beside its colour.
package dash
