"""What NumPy, SciPy and scikit-learn give for the confidence of scores and for isotonic regression, as JSON.

Needs the packages of requirements-nannyml.txt.
"""

import json
import platform
import sys
from importlib.metadata import version

import numpy as np
from scipy.stats import entropy
from sklearn.isotonic import IsotonicRegression


def isotonic():
    for seed, n in enumerate((1, 2, 3, 10, 50, 150)):
        random = np.random.default_rng(seed)
        for kind in ("rates", "rising", "falling", "ties", "heavy"):
            values = random.random(n)
            weights = np.ones(n)
            if kind == "rising":
                values = np.arange(n) / n + 0.3 * values
            elif kind == "falling":
                values = -np.arange(n) / n + 0.1 * values
            elif kind == "ties":
                values = np.round(4 * values) / 4
            elif kind == "heavy":
                weights = np.exp(3 * random.normal(size=n))
            fit = IsotonicRegression().fit_transform(np.arange(n), values, sample_weight=weights)
            yield {"kind": kind, "values": values.tolist(), "weights": weights.tolist(), "want": fit.tolist()}


def levels():
    for seed, n in enumerate((1, 10, 300)):
        random = np.random.default_rng(100 + seed)
        for kind in ("uniform", "sure", "ends"):
            p = random.random(n)
            if kind == "sure":
                p = random.beta(0.1, 0.2, n)
            elif kind == "ends":
                p = np.round(p)
            sure = np.maximum(p, 1 - p)
            yield {"kind": kind, "scores": p.tolist(), "want": {
                "mean_confidence": float(np.mean(sure)), "low_confidence_ratio": float(np.mean(sure < 0.6)),
                "prediction_entropy": float(np.mean(entropy(np.stack([p, 1 - p]))))}}
        p = random.dirichlet([0.5, 1, 2], n)
        yield {"kind": "classes", "rows": p.tolist(), "want": {
            "mean_confidence": float(np.mean(p.max(axis=1))), "low_confidence_ratio": float(np.mean(p.max(axis=1) < 0.6)),
            "prediction_entropy": float(np.mean(entropy(p, axis=1)))}}


def main():
    versions = {"python": platform.python_version()} | {name: version(name) for name in ("scikit-learn", "scipy", "numpy")}
    lists = ['"%s": [\n%s\n]' % (of.__name__, ",\n".join(json.dumps(case) for case in of())) for of in (isotonic, levels)]
    sys.stdout.write('{"versions": %s,\n%s}\n' % (json.dumps(versions), ",\n".join(lists)))


if __name__ == "__main__":
    main()
