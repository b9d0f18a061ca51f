// Package state is the bucket as a database: batches, profiles, baselines,
// reports and history, kept as objects over a [Store].
//
// [DB] is what the pipeline and the pages use. [Store] is what an adapter
// implements: infra/local/filestore for a folder, infra/local/memstore for
// tests; storetest is its conformance suite. Nothing but this package knows
// where in the bucket things lie:
//
//	logs/<model>/...                           what people drop
//	reference/<model>/...  config/<model>.yaml
//	retrain/<model>/...                        what became of trainings
//	state/<model>/batches/<object>.json        what became of each object
//	state/<model>/profiles/<window>/<name>     immutable
//	state/<model>/baselines/<version>.{json,profile}, <version>.<season>.<part>.profile, <version>.<name>.past, CURRENT
//	state/<model>/reports/<window>/<id>.json   superseded ones stay
//	state/<model>/history/<window>.json        summary of the newest report
//	state/<model>/delivered/<window>.json      what was done about it: sinks, retraining
//	state/<model>/{awaited,labels}.json        labels that found no row, and counts of all
//	state/<model>/idkey.json                   which key ids are hashed under, by a MAC
//	state/<model>/checkpoints/<object>         how far a large object is read, while it is
//	state/<model>/retrain.json                 requests for training, by compare-and-swap
//	quarantine/<reason>/<model>/<object>.json  what cannot be read, or is damaged, and why
//	claims/<name>.json                         who works on what, while it does
//	claims/<model>.lease.json                  who judges, and what others ask for
//	seen/<model>/<object>                      a cache, see below
//	seen/.bundles/<model>/<window>/<name>      another: many profiles, merged
//
// # What is promised
//
// What there is to do is derived from the state and never remembered: an
// object is pending ([DB.Pending]) unless its present version is recorded, and
// a window needs a report ([Touched]) unless its newest one was made from the
// profiles that are live now (and the newest window one more when the baseline
// that it was judged against was only proposed and an approved one is there). So
// whatever is killed at whatever instant, the next run does what is missing, and
// doing something twice changes nothing:
// immutable objects are named by their content, records are replaced whole,
// and what changes hands (the current baseline, a claim) is swapped by
// compare-and-swap. Nothing is locked.
//
// An object counts once. When it is rewritten its record is replaced, and the
// parts of the old version leave their windows. Content that is delivered
// under two names counts once, under the name that was there first ([Copies]).
//
// Every byte below state/, but for checkpoints/, is a function of what was delivered (keys, bytes and
// modification times of the objects), of the configuration, of the approvals
// people gave, and of which objects were there when a window was reported; below
// delivered/ and in retrain.json also of what sinks, triggers and trainings answered.
// Nothing else goes in, no clock, no random number and no name of a machine:
// two copies of a bucket whose objects come in the same portions come to the
// same state, however often the work on them is cut short.
//
// What the newest reports say does not hang on the portions: a late object
// gives its own window a new report, and the windows after it are judged again
// if what is known of their past changes with it ([Summary].Past). The portions
// decide which reports lie there superseded, when the newest say they were made
// and what they replace, and which baseline was in use (the first may be made
// of what had been seen).
//
// That is why the ETags of the objects, which differ between copies, are kept
// below seen/. It may be deleted at any time: the objects are read again then,
// with the same outcome.
package state
