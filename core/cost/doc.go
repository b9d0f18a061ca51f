// Package cost says what a deployment costs in a month.
//
// [AWS] adds up [Item]s: a quantity, which is a formula over a [Workload], times a
// price of one dated table ([Prices]). What a batch takes of a processor and of
// requests was measured on the pipeline ([Measured], by scripts/bench/work); how
// long a request to S3 takes and how much slower a Lambda's processor may be are
// assumptions, named as such ([Assumed]). [SageMaker] is what SageMaker Model
// Monitor takes for the same, by its documented shape.
//
// Use it to compare orders of magnitude. It is no bill: prices differ by region
// and contract, and change.
package cost
