"""What NannyML, scikit-learn and statsmodels give for the numbers that they define as Leeway does, as JSON.

Needs the packages of requirements-nannyml.txt.
"""

import json
import math
import platform
import sys
import warnings
from importlib.metadata import version

warnings.filterwarnings("ignore")

import numpy as np
import pandas as pd
from nannyml.chunk import DefaultChunker
from nannyml.drift.univariate.methods import FeatureType, MethodFactory
from nannyml.thresholds import ConstantThreshold
from sklearn.metrics import mutual_info_score
from statsmodels.stats.contingency_tables import Table
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from shapes import CATEGORIES, NUMBERS, draw

SIZES = [(20, 30), (100, 37), (500, 2000), (4000, 1500)]
MOVES = {"same": (1.0, 0.0), "shifted": (1.0, 1.0)}


def nannyml(name, kind, ref, cur):
    method = MethodFactory.create(name, kind, chunker=DefaultChunker(), computation_params={"calculation_method": "exact"},
                                  threshold=ConstantThreshold())
    method.fit(pd.Series(ref, name="x"))
    return float(method.calculate(pd.Series(cur, name="x")))


def numbers(ref, cur):
    found = {"wasserstein": nannyml("wasserstein", FeatureType.CONTINUOUS, ref, cur),
             "ks_statistic": nannyml("kolmogorov_smirnov", FeatureType.CONTINUOUS, ref, cur)}
    means = CompareMeans(DescrStatsW(cur), DescrStatsW(ref))
    spread = means.std_meandiff_pooledvar / math.sqrt(1 / len(ref) + 1 / len(cur))
    if spread > 0:
        found["mean_shift"] = float((np.mean(cur) - np.mean(ref)) / spread)
    return found


def categories(ref, cur):
    names = [f"c{int(x)}" for x in ref], [f"c{int(x)}" for x in cur]
    found = {"js_distance": nannyml("jensen_shannon", FeatureType.CATEGORICAL, *names),
             "hellinger": nannyml("hellinger", FeatureType.CATEGORICAL, *names)}
    side, both = [0] * len(ref) + [1] * len(cur), names[0] + names[1]
    found["g_statistic"] = 2 * len(both) * float(mutual_info_score(side, both))
    table = pd.crosstab(np.array(side), np.array(both)).to_numpy()
    if table.shape[1] > 1:
        found["chi2_statistic"] = float(Table(table, shift_zeros=False).test_nominal_association().statistic)
    return found


def main():
    cases, seed = [], 500001
    for kind, shapes, measure in (("numeric", NUMBERS, numbers), ("categorical", CATEGORIES, categories)):
        for name in shapes:
            if name == "huge":  # statsmodels squares
                continue
            for n, m in SIZES:
                for move, (factor, shift) in MOVES.items():
                    seed += 2
                    ref = [x for x in draw(name, n, seed) if x == x]
                    cur = [x for x in (factor * x + shift for x in draw(name, m, seed + 1)) if x == x]
                    cases.append({"kind": kind, "shape": name, "n": n, "m": m, "seed": seed, "move": move, "factor": factor,
                                  "shift": shift, "want": measure(ref, cur)})
    wilson = [[x, n, *(float(v) for v in proportion_confint(x, n, method="wilson"))] for x, n in
              [(0, 1), (1, 1), (0, 7), (3, 7), (50, 100), (99, 100), (1, 10000), (12345, 100000)]]
    versions = {"python": platform.python_version()} | {name: version(name) for name in
                                                        ("nannyml", "scikit-learn", "statsmodels", "numpy", "pandas", "scipy")}
    lines = ",\n".join(json.dumps(case) for case in cases)
    sys.stdout.write('{"versions": %s,\n"wilson": %s,\n"cases": [\n%s\n]}\n'
                     % (json.dumps(versions), json.dumps(wilson), lines))


if __name__ == "__main__":
    main()
