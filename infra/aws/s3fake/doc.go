// Package s3fake is an S3 in memory, for tests: the calls that s3store makes,
// over HTTP, with conditions that hold under races, versions, pages and errors
// in S3's own words. What no emulator does on demand it does when told:
// throttling, conflicts, answers that get lost, connections that break.
package s3fake
