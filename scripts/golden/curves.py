"""Reference curves from scikit-learn, as JSON: ROC and precision-recall curves,
what came true by tenths of the score, confusion matrices, residuals.

Rows are those of some cases of performance.py. Of a curve with many corners only
some are stored.

Versions: see requirements.txt; they are written into the output too.
"""

import json
import platform
import sys
import warnings

import numpy as np
import sklearn
from sklearn import metrics

import performance

warnings.filterwarnings("ignore")

MOST = 40  # corners of a curve


def some(*lists):
    """Both ends and evenly spread corners between them."""
    n = len(lists[0])
    at = sorted({round(i * (n - 1) / (MOST - 1)) for i in range(MOST)}) if n > MOST else range(n)
    return [[float(x[i]) for i in at] for x in lists]


def bins(p, hit, w):
    """By the letter of the contract: bin floor(10p), the last one closed."""
    at = np.minimum(np.floor(10 * p), 9)
    return [
        [int(mask.sum()), float(np.average(p[mask], weights=w[mask])), float(np.average(hit[mask], weights=w[mask]))]
        for mask in (at == b for b in range(10)) if mask.any()
    ]


def curves(y, p, w):
    """ROC and precision-recall, from the highest score down."""
    want = {}
    if y.any() and not y.all():
        fpr, tpr, _ = metrics.roc_curve(y, p, sample_weight=w, drop_intermediate=False)
        want["fpr"], want["tpr"] = some(fpr, tpr)
    if y.any():
        precision, recall, _ = metrics.precision_recall_curve(y, p, sample_weight=w, drop_intermediate=False)
        found = recall > 0  # scikit-learn adds (0, 1), and what is above the first positive case
        want["recall"], want["precision"] = some(recall[found][::-1], precision[found][::-1])
    return want


def of_binary(case):
    y, p, w = performance.binary(case)
    c = (p >= case["threshold"]).astype(int)
    return {**curves(y == 1, p, w), "bins": bins(p, y == 1, w), "confusion": metrics.confusion_matrix(y, c, sample_weight=w).tolist()}


def of_multiclass(case):
    y, p, w = performance.multiclass(case)
    c = np.argmax(p, axis=1)
    return {"bins": bins(p.max(axis=1), y == c, w), "confusion": metrics.confusion_matrix(y, c, sample_weight=w).tolist()}


def of_regression(case):
    y, f, w = performance.regression(case)
    e = np.sort(f - y)
    at = lambda q: float(e[int(np.ceil(q * len(e))) - 1])
    return {"residuals": [at(q) for q in (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)], "labels": float(np.average(y, weights=w)), "predictions": float(np.average(f, weights=w))}


OF = {"binary": of_binary, "multiclass": of_multiclass, "regression": of_regression}


def cases():
    for case in performance.cases():
        if case["task"] == "binary" or case.get("classes", 99) <= 12 or case["task"] == "regression" and case["shape"] in ("bell", "heavy", "integers"):
            yield case


def main():
    versions = {"python": platform.python_version(), "numpy": np.__version__, "scikit-learn": sklearn.__version__}
    lines = ",\n".join(json.dumps({**case, "curves": OF[case["task"]](case)}) for case in cases())
    sys.stdout.write('{"versions": %s,\n"cases": [\n%s\n]}\n' % (json.dumps(versions), lines))


if __name__ == "__main__":
    main()
