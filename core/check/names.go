package check

// Names of findings that are looked for by name.

// NoReference names the finding that says that groups cannot be compared with what
// they were.
const NoReference = "no_reference"

// UnlabelledReference names the finding that says that there are no labels of the reference to
// compare how good the model is with.
const UnlabelledReference = "unlabelled_reference"

// NoGroups names the finding that says that there are no two groups to compare.
const NoGroups = "no_groups"

// Reversal names the finding that says that two groups change places within
// segments.
const Reversal = "reversal"

// SampleSize names the finding that says that the rows were too few to tell.
const SampleSize = "sample_size"

// PartialWindow names the finding that says that a window is not whole yet.
const PartialWindow = "partial_window"

// SliceErrors names the metric of a slice in which the model became worse.
const SliceErrors = "slice_error_ratio"

// UnseenLabels names the metric of labels of classes that nobody knows.
const UnseenLabels = "unseen_label_ratio"

// UnseenPredictions names the metric of predictions in other words than the reference's, labels
// with them or not.
const UnseenPredictions = "unseen_prediction_ratio"

// LabelsSelective names the finding that says that labelled rows are not like the
// others.
const LabelsSelective = "labels_selective"

// NotComparable names the finding that says that labels came for other rows than in
// the reference, so that performance cannot be compared.
const NotComparable = "not_comparable"

// DroppedRatio names the finding that says that rows could not be read.
const DroppedRatio = "dropped_ratio"
