// Package sagemaker reads and writes the documents of SageMaker Model Monitor:
// statistics.json (what was counted of a data set), constraints.json (what is held
// against it) and constraint_violations.json (what did not hold).
//
// [Statistics.Columns] is what they tell of a data set as a profile takes it: of numbers
// the KLL sketch, whose level i holds values that each stand for 2^i, and of
// texts the counts of categories. [Configuration] is what constraints say as a
// configuration. [StatisticsOf], [ConstraintsOf] and [ViolationsOf] go the other
// way, from profiles and a report.
//
// The names and defaults are those of Amazon's developer guide; what a sketch is
// follows Deequ 2.0, which computes them.
package sagemaker
