// Package intake does what is delivered to a function: it finds out which models
// have something new, runs them, and says which messages are to come again.
//
// What a message tells is only where to look. What there is to do is in the
// bucket, so messages may come twice, late, in any order or not at all (a
// schedule then finds what they were about). Each call reads the logs that it is told
// of; windows are judged by one call at a time, which others ask to (see
// [monitor.Monitor.RunLeased]). A message is done with when its object is recorded and
// the windows that it changed are judged, or are left to such a call and another one is in
// the queue that looks whether it did that, since it may have died. So is one whose
// object cannot be read now or later, which is in quarantine then. It comes again
// if something may work later, if permission is missing, or if the time was not
// enough: what was done until then stays done.
package intake
