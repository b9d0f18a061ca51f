"""Reference values of the performance metrics from scikit-learn, as JSON.

Rows are drawn as core/check/performance/golden_test.go draws them, bit for bit.
Where the contract says that a metric is undefined, the reference is null.

Versions: see requirements.txt; they are written into the output too.
"""

import json
import math
import platform
import sys
import warnings

import numpy as np
import sklearn
from sklearn import metrics

from shapes import SplitMix, draw

warnings.filterwarnings("ignore")

SCORES = ["smooth", "tied", "constant", "extreme", "tiny"]


def score(shape, u):
    if shape == "tied":
        return math.floor(u * 10) / 10
    if shape == "constant":
        return 0.3
    if shape == "extreme":
        return 0.0 if u < 0.3 else 1.0 if u > 0.7 else u
    if shape == "tiny":
        return u * 1e-17
    return u


def weigh(r, weighted):
    u = r.uniform()
    return 0.25 + 3 * u if weighted else 1.0


def binary(case):
    r = SplitMix(case["seed"])
    y, p, w = [], [], []
    for _ in range(case["n"]):
        x = score(case["scores"], r.uniform())
        p.append(x)
        y.append(1 if r.uniform() < case["low"] + case["rise"] * x else 0)
        w.append(weigh(r, case["weighted"]))
    return np.array(y), np.array(p), np.array(w)


def multiclass(case):
    r, k = SplitMix(case["seed"]), case["classes"]
    y, p, w = [], [], []
    for _ in range(case["n"]):
        row = [r.uniform() for _ in range(k)]
        total = 0.0
        for x in row:
            total += x
        p.append([x / total for x in row])
        kind, u = r.uniform(), r.uniform()
        top = max(range(k), key=lambda i: row[i])
        y.append(top if kind < case["skill"] else min(math.floor(u * u * k), k - 1))
        w.append(weigh(r, case["weighted"]))
    return np.array(y), np.array(p), np.array(w)


def regression(case):
    y = np.array([case["factor"] * x + case["shift"] for x in draw(case["shape"], case["n"], case["seed"])])
    noise = np.array([case["noise"] * x + case["bias"] for x in draw("bell", case["n"], case["seed"] + 1)])
    r = SplitMix(case["seed"] + 2)
    w = np.array([weigh(r, case["weighted"]) for _ in range(case["n"])])
    return y, y + noise, w


def rates(y, c, w):
    """Precision, recall, specificity and F1 of booleans, null where undefined."""
    some = lambda mask: bool(mask.any())
    return {
        "precision": metrics.precision_score(y, c, sample_weight=w) if some(c) else None,
        "recall": metrics.recall_score(y, c, sample_weight=w) if some(y) else None,
        "specificity": metrics.recall_score(y, c, sample_weight=w, pos_label=False) if some(~y) else None,
        "f1": metrics.f1_score(y, c, sample_weight=w) if some(y | c) else None,
    }


def areas(y, p, w):
    return {
        "roc_auc": metrics.roc_auc_score(y, p, sample_weight=w) if y.any() and not y.all() else None,
        "average_precision": metrics.average_precision_score(y, p, sample_weight=w) if y.any() else None,
    }


def agreement(y, c, w):
    both = len(set(y)) > 1 and len(set(c)) > 1
    kappa = len(set(y) | set(c)) > 1
    return {
        "accuracy": metrics.accuracy_score(y, c, sample_weight=w),
        "balanced_accuracy": metrics.balanced_accuracy_score(y, c, sample_weight=w),
        "mcc": metrics.matthews_corrcoef(y, c, sample_weight=w) if both else None,
        "cohen_kappa": metrics.cohen_kappa_score(y, c, sample_weight=w) if kappa else None,
    }


def ece(p, hit, w):
    """By the letter of the contract."""
    bins = np.minimum(np.floor(10 * p), 9)
    total = 0.0
    for b in range(10):
        mask = bins == b
        if mask.any():
            total += abs(np.sum(w[mask] * p[mask]) - np.sum(w[mask] * hit[mask]))
    return total / np.sum(w)


def of_binary(case):
    y, p, w = binary(case)
    c = (p >= case["threshold"]).astype(int)
    want = {**agreement(y, c, w), **rates(y == 1, c == 1, w), **areas(y == 1, p, w)}
    want["log_loss"] = metrics.log_loss(y, p, sample_weight=w, labels=[0, 1])
    want["brier"] = metrics.brier_score_loss(y, p, sample_weight=w, labels=[0, 1]) if len(set(y)) > 1 else float(np.average((p - y) ** 2, weights=w))
    want["ece"] = ece(p, y == 1, w)
    return want


def of_multiclass(case):
    y, p, w = multiclass(case)
    k = case["classes"]
    c = np.argmax(p, axis=1)
    present = sorted(set(y) | set(c))
    want = agreement(y, c, w)
    each = {i: {**rates(y == i, c == i, w), **areas(y == i, p[:, i], w)} for i in range(k)}
    for i in present:
        for name in ("precision", "recall", "specificity", "f1"):
            want[f"{name}:c{i}"] = each[i][name]
    for i in range(k):
        for name in ("roc_auc", "average_precision"):
            want[f"{name}:c{i}"] = each[i][name]
    support = {i: float(np.sum(w[y == i])) for i in present}
    total = float(np.sum(w))
    for name in ("precision", "recall", "f1", "specificity", "roc_auc", "average_precision"):
        values = [each[i][name] or 0.0 for i in present]
        want[name + "_macro"] = float(np.mean(values))
        want[name + "_weighted"] = sum(v * support[i] for v, i in zip(values, present)) / total
    for name, f in (("precision", metrics.precision_score), ("recall", metrics.recall_score), ("f1", metrics.f1_score)):
        for average in ("macro", "weighted", "micro"):  # once more, as scikit-learn averages
            want[f"{name}_{average}"] = f(y, c, average=average, labels=present, sample_weight=w, zero_division=0)
    tn = sum(np.sum(w[(y != i) & (c != i)]) for i in present)
    fp = sum(np.sum(w[(y != i) & (c == i)]) for i in present)
    want["specificity_micro"] = tn / (tn + fp) if tn + fp > 0 else None
    if len(set(y)) == k:
        want["roc_auc_macro"] = metrics.roc_auc_score(y, p, multi_class="ovr", average="macro", sample_weight=w) if k > 2 else want["roc_auc_macro"]
        want["roc_auc_weighted"] = metrics.roc_auc_score(y, p, multi_class="ovr", average="weighted", sample_weight=w) if k > 2 else want["roc_auc_weighted"]
    want["log_loss"] = metrics.log_loss(y, p, labels=range(k), sample_weight=w)
    want["brier"] = metrics.brier_score_loss(y, p, labels=range(k), sample_weight=w, scale_by_half=False)
    want["ece"] = ece(p.max(axis=1), y == c, w)
    return want


def of_regression(case):
    y, f, w = regression(case)
    some = y != 0
    want = {
        "mae": metrics.mean_absolute_error(y, f, sample_weight=w),
        "mse": metrics.mean_squared_error(y, f, sample_weight=w),
        "rmse": metrics.root_mean_squared_error(y, f, sample_weight=w),
        "mape": metrics.mean_absolute_percentage_error(y[some], f[some], sample_weight=w[some]) if some.any() else None,
        "smape_200": float(np.average([200 * (abs(a - b) / (abs(a) + abs(b))) if abs(a) + abs(b) > 0 else 0.0 for a, b in zip(y, f)], weights=w)),
        "msle": metrics.mean_squared_log_error(y, f, sample_weight=w) if y.min() >= 0 and f.min() >= 0 else None,
        "median_ae": metrics.median_absolute_error(y, f, sample_weight=w),
        "r2": metrics.r2_score(y, f, sample_weight=w) if len(y) > 1 and y.min() != y.max() else None,
        "bias": float(np.average(f - y, weights=w)),
    }
    return want


def cases():
    seed = 1000
    for shape in SCORES:
        for n in (1, 2, 7, 100, 5000):
            for weighted in (False, True):
                seed += 10
                yield {"task": "binary", "scores": shape, "n": n, "seed": seed, "low": 0.1, "rise": 0.7, "threshold": 0.5, "weighted": weighted}
    for low, threshold in ((-1.0, 0.5), (2.0, 0.5), (0.1, 2.0), (0.3, -1.0), (-1.0, 2.0), (2.0, -1.0)):  # one class, nothing or everything predicted
        seed += 10
        yield {"task": "binary", "scores": "smooth", "n": 60, "seed": seed, "low": low, "rise": 0.4, "threshold": threshold, "weighted": False}
    for k, n in ((3, 1), (3, 30), (3, 4000), (5, 12), (12, 600), (200, 2000)):
        for weighted in (False, True):
            seed += 10
            yield {"task": "multiclass", "classes": k, "n": n, "seed": seed, "skill": 0.6, "weighted": weighted}
    for shape, factor, shift, noise, bias in (
        ("bell", 1.0, 0.0, 0.5, 0.1), ("uniform", 100.0, 1.0, 0.2, 0.0), ("zero_inflated", 1.0, 0.0, 1.0, 0.5), ("constant", 1.0, 0.0, 1.0, 0.0),
        ("integers", 1.0, 0.0, 0.0, 0.0), ("heavy", 1.0, 0.0, 1.0, 0.0), ("bell", 1.0, 1e6, 0.5, -0.2), ("zero_inflated", 0.0, 0.0, 1.0, 0.0),
        ("uniform", 1e-9, 0.0, 1e-10, 0.0), ("whole", 1.0, 0.0, 1e6, 0.0),
    ):
        for n in (1, 2, 25, 4000):
            for weighted in (False, True):
                seed += 10
                yield {"task": "regression", "shape": shape, "factor": factor, "shift": shift, "noise": noise, "bias": bias, "n": n, "seed": seed, "weighted": weighted}


OF = {"binary": of_binary, "multiclass": of_multiclass, "regression": of_regression}


def plain(x):
    return None if x is None or not math.isfinite(x) else float(x)


def main():
    versions = {"python": platform.python_version(), "numpy": np.__version__, "scikit-learn": sklearn.__version__}
    lines = ",\n".join(json.dumps({**case, "want": {name: plain(x) for name, x in OF[case["task"]](case).items()}}) for case in cases())
    sys.stdout.write('{"versions": %s,\n"cases": [\n%s\n]}\n' % (json.dumps(versions), lines))


if __name__ == "__main__":
    main()
