"""Reference values of the drift metrics on whole columns, as JSON.

Versions: see requirements.txt; they are written into the output too.
"""

import json
import math
import platform
import sys
import warnings
from collections import Counter
from fractions import Fraction

import numpy as np
import pandas as pd
import scipy
from scipy import special, stats
from scipy.spatial.distance import jensenshannon

from shapes import CATEGORIES, NUMBERS, draw

warnings.filterwarnings("ignore")

SIZES = [(1, 1), (1, 6), (2, 2), (2, 3), (3, 2), (7, 7), (21, 26), (50, 5), (5, 60), (100, 100), (100, 37), (250, 1000), (1000, 1000),
         (1000, 999), (997, 400), (1, 1000), (2, 2000), (3000, 3), (10000, 9999), (10000, 10), (20, 20000), (20000, 20),
         (20000, 15000), (12000, 12000)]
# How the current side differs: x -> factor * x + shift.
MOVES = {"same": (1.0, 0.0), "shifted": (1.0, 0.25), "wider": (1.5, 0.0), "disjoint": (1.0, 1e6), "narrower": (0.5, 0.0),
         "mirrored": (-1.0, 0.0), "nudged": (1.0, 2.0**-40)}
QS = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]


def cells(ref, cur):
    """The contract's bins, by the letter and value by value."""
    deciles = np.quantile(ref, np.arange(1, 10) / 10, method="linear")
    edges, alone = [], []
    for x in deciles:
        if edges and edges[-1] == x:
            alone[-1] = True
        else:
            edges.append(x)
            alone.append(False)

    def place(x):
        cell = 0
        for edge, single in zip(edges, alone):
            if single:
                if x < edge:
                    return cell
                if x == edge:
                    return cell + 1
                cell += 2
            else:
                if x <= edge:
                    return cell
                cell += 1
        return cell

    k = len(edges) + sum(alone) + 1
    counts = [[0] * k, [0] * k]
    for side, values in enumerate((ref, cur)):
        for x, c in zip(*np.unique(values, return_counts=True)):
            counts[side][place(x)] += int(c)
    return counts


def pooled(a, b):
    """Cochran's rule as the contract words it."""
    n, m = sum(a), sum(b)

    def low(total):
        return min(total * n / (n + m), total * m / (n + m)) < 5

    rest = [(x, y) for x, y in zip(a, b) if not low(x + y)]
    sparse = [(x, y) for x, y in zip(a, b) if low(x + y)]
    if not sparse:
        return rest
    one = (sum(x for x, _ in sparse), sum(y for _, y in sparse))
    while low(sum(one)) and rest:
        i = min(range(len(rest)), key=lambda i: sum(rest[i]))
        x, y = rest.pop(i)
        one = (one[0] + x, one[1] + y)
    return [one] + rest


def binned(a, b):
    keep = [(x, y) for x, y in zip(a, b) if x + y > 0]
    a, b = np.array([x for x, _ in keep], float), np.array([y for _, y in keep], float)
    k, n, m = len(a), a.sum(), b.sum()
    p, q = (a + 0.5) / (n + k / 2), (b + 0.5) / (m + k / 2)
    js = float(jensenshannon(a / n, b / m, base=2)) if k > 1 else 0.0
    if not js > 0:
        js = 0.0
    found = {
        "psi": math.fsum((q - p) * np.log(q / p)),
        "kl_divergence": math.fsum(q * np.log(q / p)),
        "js_distance": js,
        "js_divergence": js * js,
        "hellinger": math.sqrt(math.fsum((np.sqrt(a / n) - np.sqrt(b / m)) ** 2) / 2),
        "total_variation": math.fsum(abs(a / n - b / m)) / 2,
    }
    if k > 1:
        table = np.array([a, b])
        chi2 = stats.chi2_contingency(table, correction=False)
        found["chi2_statistic"] = float(chi2.statistic)
        found["g_statistic"] = float(stats.chi2_contingency(table, correction=False, lambda_="log-likelihood").statistic)
        found["cramers_v"] = math.sqrt(chi2.statistic / (n + m))
        merged = pooled([int(x) for x in a], [int(x) for x in b])
        if len(merged) > 1:
            found["chi2_p"] = float(stats.chi2_contingency(np.array(merged).T, correction=False).pvalue)
    return found


def moments(values):
    """Mean and standard deviation (n-1), scaled so that no square overflows."""
    scale = math.ldexp(1.0, math.frexp(max(abs(x) for x in values))[1])
    mean = math.fsum(values) / len(values)
    if len(values) < 2:
        return mean, None
    squares = math.fsum(((x - mean) / scale) ** 2 for x in values)
    return mean, scale * math.sqrt(squares / (len(values) - 1))


def cramer_p(t, n, m):
    """SciPy's asymptotic p, its series carried on: SciPy stops at terms of 1e-7, which far out are many."""
    k, total = n * m, n + m
    mean = (1 + 1 / total) / 6
    variance = (total + 1) * (4 * k * total - 3 * (n**2 + m**2) - 2 * k) / (45 * total**2 * 4 * k)
    x = 1 / 6 + (t - mean) / math.sqrt(45 * variance)
    if x < 0.003:
        return 1.0
    j = np.arange(20 + int(20 * math.sqrt(x)))
    y = 4.0 * j + 1
    q = y * y / (16 * x)
    terms = np.exp(special.gammaln(j + 0.5) - special.gammaln(j + 1)) / (np.pi**1.5 * math.sqrt(x)) * np.sqrt(y) * np.exp(-q) * special.kv(0.25, q)
    return max(0.0, 1.0 - math.fsum(terms))


def cramer(a, b):
    """T in whole numbers, since SciPy takes the difference of two large ones."""
    n, m = len(a), len(b)
    values, where = np.unique(np.concatenate([a, b]), return_inverse=True)
    x, y = np.bincount(where[:n], minlength=len(values)).tolist(), np.bincount(where[n:], minlength=len(values)).tolist()
    u, ca, cb = 0, 0, 0  # 12·U of scipy.stats.cramervonmises_2samp
    for i, j in zip(x, y):
        u += n * (3 * i * (2 * cb + j) ** 2 + i * (i * i - 1)) + m * (3 * j * (2 * ca + i) ** 2 + j * (j * j - 1))
        ca, cb = ca + i, cb + j
    k, total = n * m, n + m
    exact = float(Fraction(u, 12 * k * total) - Fraction(4 * k - 1, 6 * total))
    found = stats.cramervonmises_2samp(a, b, method="asymptotic")
    assert abs(found.statistic - exact) <= 1e-9 * max(abs(exact), 1), (found, exact)
    p = cramer_p(exact, n, m)
    assert abs(found.pvalue - p) <= 1e-7 + 1e-7 * math.sqrt(exact), (found, p)
    return {"cramer_von_mises": exact, "cramer_von_mises_p": p}


def ranks(a, b):
    found = cramer(a, b) if len(a) > 1 and len(b) > 1 else {}
    if len(a) + len(b) > 3 and len({*a.tolist(), *b.tolist()}) > 1:
        found["anderson_darling"] = float(stats.anderson_ksamp([a, b], midrank=True).statistic)
    return found


def numbers(ref, cur):
    a, b = np.array(ref), np.array(cur)
    ks = stats.ks_2samp(a, b)
    found = binned(*cells(a, b))
    found |= {
        "ks_statistic": float(ks.statistic),
        "ks_p": float(ks.pvalue),
        "wasserstein": float(stats.wasserstein_distance(a, b)),
        "energy_distance": float(stats.energy_distance(a, b)),
        "quantiles": [float(x) for x in np.quantile(b, QS)],
    } | ranks(a, b)
    mean_a, std_a = moments(ref)
    mean_b, std_b = moments(cur)
    found["mean"] = mean_b
    if std_b is not None:
        found["std"] = std_b
    if std_a:
        found["wasserstein_normed"] = found["wasserstein"] / std_a
    if std_a is not None and std_b is not None and (std_a or std_b):
        n, m, scale = len(ref), len(cur), max(std_a, std_b)
        spread = math.sqrt(((n - 1) * (std_a / scale) ** 2 + (m - 1) * (std_b / scale) ** 2) / (n + m - 2))
        found["mean_shift"] = (mean_b / scale - mean_a / scale) / spread
    return found


def quality(ref, cur):
    """What the quality checks say of the current side, by pandas, on few enough rows to count again in a moment."""
    if len(cur) > 1000:
        return {}
    ref, cur = pd.Series(ref), pd.Series(cur)
    there, known = cur.dropna(), ref.dropna()
    q1, q3 = known.quantile(0.25), known.quantile(0.75)
    reach = 3 * (q3 - q1)
    return {"quality": {
        "missing_ratio": float(cur.isna().mean()), "distinct": int(there.nunique()), "min": float(there.min()), "max": float(there.max()),
        "out_of_range_ratio": float(((there < known.min()) | (there > known.max())).mean()),
        "outlier_ratio": float(((there < q1 - reach) | (there > q3 + reach)).mean()),
        "unseen_category_ratio": float((~there.isin(known)).mean()), "duplicate_ratio": float(cur.duplicated().mean())}}


def finite(found):
    """Only what float64 can hold; the rest is left to the Go side to refuse."""
    return {k: v for k, v in found.items() if isinstance(v, list) or math.isfinite(v)}


def numeric():
    seed = 1
    for name in NUMBERS:
        for i, (n, m) in enumerate(SIZES):
            big = n * m > 10**7
            moves = list(MOVES.items()) if not big else [list(MOVES.items())[i % 3]]
            for move, (factor, shift) in moves:
                seed += 2
                ref, cur = draw(name, n, seed), [factor * x + shift for x in draw(name, m, seed + 1)]
                want = numbers([x for x in ref if x == x], [x for x in cur if x == x])
                yield {"kind": "numeric", "shape": name, "n": n, "m": m, "seed": seed, "move": move,
                       "factor": factor, "shift": shift, "want": finite(want)} | quality(ref, cur)


def categorical():
    seed = 100001
    for name in CATEGORIES:
        for n, m in SIZES:
            for move, shift in (("same", 0.0), ("shifted", 1.0), ("disjoint", 1e6)):
                seed += 2
                ref, cur = draw(name, n, seed), [x + shift for x in draw(name, m, seed + 1)]
                a, b = Counter(ref), Counter(cur)
                names = sorted({*ref, *cur}, key=lambda x: f"c{int(x)}")
                yield {"kind": "categorical", "shape": name, "n": n, "m": m, "seed": seed, "move": move, "factor": 1.0,
                       "shift": shift, "want": finite(binned([a[x] for x in names], [b[x] for x in names]))} | quality(ref, cur)


def main():
    cases = [*numeric(), *categorical()]
    versions = {"python": platform.python_version(), "numpy": np.__version__, "pandas": pd.__version__, "scipy": scipy.__version__}
    lines = ",\n".join(json.dumps(case) for case in cases)
    sys.stdout.write('{"versions": %s,\n"cases": [\n%s\n]}\n' % (json.dumps(versions), lines))


if __name__ == "__main__":
    main()
