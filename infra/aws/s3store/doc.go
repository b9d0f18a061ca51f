// Package s3store keeps objects in a bucket of S3, or of anything that speaks
// its protocol and honours conditional writes: versitygw, MinIO, Ceph.
//
// [Open] gives a [state.Store] over one bucket. Create-if-absent and
// compare-and-swap are conditional writes (If-None-Match, If-Match). Where the
// answer to one was lost, a mark in the object's metadata tells who won, so that a
// writer does not lose to itself. If somebody replaced the object by then, that
// cannot be told, and it is a Conflict: who repeats a change must be able to see
// that it is there already. An ETag may be a hash of the content: equal bytes may
// have equal ETags, so what is swapped must differ if it matters who wrote it.
//
// What is read is one version. Reads are ranges that hold only for the ETag
// which the object had when it was opened; if it was replaced meanwhile they go
// on with the old version, where the bucket keeps versions and the caller may
// read them (s3:GetObjectVersion), and are a Conflict otherwise.
//
// Keys that [state.CheckKey] refuses, which S3 could hold (a//b, a/), are not
// listed. Directory buckets do not list in order and cannot be used.
package s3store
