// Package evidently says what Evidently 0.7.23 would say: its default drift
// score and decision for each column, and its verdict on the table, with all
// the particulars of that release. Who moves from there can see, on their own
// data, where the two differ and why. It decides nothing.
//
// Evidently works on pandas' data frames, so a file is first seen as pandas
// reads it by default ([Side]: types, spellings of a missing value), then as
// Evidently infers from that what a column is. Free text, which Evidently
// compares by training a classifier, is named but not reproduced.
//
// Known by design to differ from what Leeway does: a category is tested against
// the reference as if that were the truth and not a sample; from 1,001 rows of
// reference on fixed distances decide; nothing is corrected for the number of
// columns; missing values do not count.
package evidently

// Version is the release that is reproduced.
const Version = "0.7.23"
