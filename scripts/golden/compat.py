"""What Evidently says by default of public and of drawn tables, as JSON.

Usage: python scripts/golden/compat.py [SHARED_DATA]

Needs the packages of requirements-evidently.txt. A table is lines of a CSV file, read by pandas as it does by default;
free text is left out, since Evidently trains a classifier there.
"""

import gzip
import io
import json
import math
import pathlib
import platform
import struct
import sys
import warnings

import evidently
import numpy as np
import pandas as pd
import scipy
from evidently import Report
from evidently.core.datasets import DataDefinition, Dataset
from evidently.legacy.calculations.stattests.registry import _get_default_stattest
from evidently.legacy.core import ColumnType
from evidently.metrics import DriftedColumnsCount, ValueDrift

from shapes import SplitMix, draw

warnings.filterwarnings("ignore")

# name: file and lines of the reference, file and lines of the current side; lines count from the header.
TABLES = {
    "hotel_bookings": ("hotel_bookings/reference.csv.gz", None, "hotel_bookings/production_2016_12.csv.gz", None),
    "hotel_bookings small": ("hotel_bookings/reference.csv.gz", (0, 900), "hotel_bookings/reference.csv.gz", (5000, 7000)),
    "adult": ("adult/adult_train.csv.gz", (0, 8000), "adult/adult_train.csv.gz", (20000, 24000)),
    "adult small": ("adult/adult_train.csv.gz", (0, 500), "adult/adult_train.csv.gz", (1000, 1300)),
    "bike_sharing": ("bike_sharing/hour.csv.gz", (0, 8000), "bike_sharing/hour.csv.gz", (8000, 17379)),
    "bike_sharing days": ("bike_sharing/day.csv.gz", (0, 365), "bike_sharing/day.csv.gz", (365, 731)),
    "german_credit": ("german_credit/german.csv.gz", (0, 600), "german_credit/german.csv.gz", (600, 1000)),
    "titanic": ("titanic/reference.csv.gz", None, "titanic/analysis.csv.gz", None),
    "credit_default": ("credit_default/uci_credit_card.csv.gz", (0, 4000), "credit_default/uci_credit_card.csv.gz", (20000, 21000)),
    "elec2": ("elec2/elec.csv.gz", (0, 900), "elec2/elec.csv.gz", (20000, 32500)),
    "churn": ("churn_sagemaker/training_with_header.csv.gz", (0, 1000), "churn_sagemaker/training_with_header.csv.gz", (1000, 2000)),
}

# shape, how its current side differs (factor and shift), how it is written
DRAWN = [("bell", 1.0, 0.0, "float"), ("bell", 1.0, 0.25, "float"), ("heavy", 1.5, 0.0, "float"), ("rounded", 1.0, 0.0, "float"),
         ("rounded", 1.0, 0.1, "float"), ("zero_inflated", 1.0, 0.0, "float"), ("spike", 1.0, 0.0, "float"), ("gaps", 1.0, 0.1, "float"),
         ("rare", 1.0, 0.0, "int"), ("integers", 1.0, 0.0, "int"), ("integers", 1.0, 1.0, "int"), ("integers", 1.0, 0.0, "float"),
         ("integers", 1.0, 0.0, "gappy"), ("integers", 2.0, 0.0, "int"), ("whole", 1.0, 0.0, "int"), ("huge", 1.0, 0.0, "float"),
         ("constant", 1.0, 0.0, "int"), ("constant", 1.0, 1.0, "float"), ("denormals", 1.0, 0.0, "float"), ("two", 1.0, 0.0, "int"),
         ("two", 1.0, 0.0, "bool"), ("two", 1.0, 0.0, "float"), ("two", 1.0, 0.0, "name"), ("five", 1.0, 0.0, "name"),
         ("five", 1.0, 1.0, "name"), ("zipf_50", 1.0, 0.0, "name"), ("zipf_2000", 1.0, 0.0, "name"), ("zipf_2000", 1.0, 0.0, "int")]
SIZES = [(20, 15), (200, 150), (1000, 1000), (1000, 100), (1001, 500), (900, 12000), (1500, 100), (4000, 5000)]


def written(x, how, i):
    """A cell of CSV text; core/compat/evidently writes the same."""
    if math.isnan(x) or how == "gappy" and i % 9 == 4:
        return ""
    if how in ("int", "gappy"):
        return str(int(x))
    if how == "bool":
        return "True" if x else "False"
    if how == "name":
        return f"c{int(x)}"
    return repr(float(x))


def drawn(n, seed, current):
    columns = []
    for j, (shape, factor, shift, how) in enumerate(DRAWN):
        values = draw(shape, n, seed + 1000 * j)
        if current:
            values = [factor * x + shift for x in values]
        columns.append([written(x, how, i) for i, x in enumerate(values)])
    lines = [",".join(f"x{j}" for j in range(len(DRAWN)))] + [",".join(row) for row in zip(*columns)]
    return "\n".join(lines) + "\n"


def cut(path, lines):
    text = gzip.open(path, "rt", newline="").read()
    if lines is None:
        return text
    header, *rest = text.splitlines(keepends=True)
    if any(field.strip().isdigit() for field in header.split(",")):  # it is a row: name the columns
        header, rest = ",".join(f"c{i}" for i in range(header.count(",") + 1)) + "\n", [header, *rest]
    return header + "".join(rest[lines[0]:lines[1]])


def compare(ref, cur):
    ref, cur = pd.read_csv(io.StringIO(ref)), pd.read_csv(io.StringIO(cur))
    whole = Dataset.from_pandas(cur, data_definition=DataDefinition())
    kinds = {name: whole.data_definition.get_column_type(name) for name in cur.columns}
    sides = [Dataset.from_pandas(side[[name for name in cur if name in ref]], data_definition=DataDefinition()) for side in (cur, ref)]
    found, compared = [], []
    for name, kind in kinds.items():
        row = {"column": name, "type": kind.value}
        found.append(row)
        if kind not in (ColumnType.Numerical, ColumnType.Categorical, ColumnType.Text):
            continue
        if name not in ref:
            row["error"] = True
            continue
        if kind == ColumnType.Text:
            row["method"] = _get_default_stattest(ref[name].dropna(), cur[name].dropna(), kind).display_name
            continue
        try:
            Report([ValueDrift(column=name)]).run(*sides)
        except Exception:
            row["error"] = True
            continue
        compared.append(name)
    report = Report([DriftedColumnsCount(columns=compared), *(ValueDrift(column=name) for name in compared)], include_tests=True)
    outcome = report.run(*sides).dict()
    status = {t["metric_config"]["params"]["column"]: t["status"] for t in outcome["tests"] if t["id"] == "drift"}
    rows = {row["column"]: row for row in found}
    for metric in outcome["metrics"]:
        config = metric["config"]
        if config["type"].endswith("DriftedColumnsCount"):
            share = {k: float(v) for k, v in metric["value"].items()}
        else:
            rows[config["column"]] |= {"method": config["method"], "threshold": config["threshold"],
                                       "score": float(metric["value"]), "drifted": str(status[config["column"]]).endswith("FAIL")}
    return {"columns": found, "drifted": share["count"], "share": share["share"]}


def numbers():
    """Texts and the bits of what pandas reads."""
    texts, r = [], SplitMix(99)
    for i in range(120):
        x = struct.unpack("d", struct.pack("Q", r.word()))[0]
        if math.isfinite(x):
            texts.append(repr(x))
        texts += [repr(r.uniform() * 10.0 ** (i % 18 - 8)), "%.*f" % (i % 23, r.uniform() * 10.0 ** (i % 21))]
    texts += ["1e-400", "00000000000000000001.5", "1e-320", "123456789012345678901234567890", "0e5", ".5", "5.", "+3.5", "1E5", "-Infinity"]
    read = pd.read_csv(io.StringIO("x\n" + "\n".join(texts) + "\n1.5\n"))["x"]
    return [[text, struct.pack(">d", float(x)).hex()] for text, x in zip(texts, read)]


def dtypes():
    """Columns of CSV text, and the type that Evidently makes of each."""
    columns = [["1", "2"], ["1", ""], ["1", "2.0"], ["1", "1e400"], ["1", "18446744073709551615"], ["1", "99999999999999999999"],
               ["-1", "18446744073709551615"], ["True", "FALSE"], ["true", ""], ["True", "yes"], ["NA", "1"], ["NA", "NULL"], ["None", "x"],
               [" 4", "5 "], ["0x10", "1"], ["1_0", "1"], ["1e", "1"], ["inf", "1"], ["2020-01-01", "2020-01-02"], ["n/a", "True"]]
    found = []
    for column in columns:
        column = column * 4
        frame = pd.read_csv(io.StringIO("x;y\n" + "".join(f"{text};a\n" for text in column)), sep=";")
        found.append([column[:2], Dataset.from_pandas(frame, data_definition=DataDefinition()).data_definition.get_column_type("x").value])
    return found


def main():
    shared = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data")
    cases = []
    for name, (ref, a, cur, b) in TABLES.items():
        cases.append({"name": name, "reference": ref, "reference_lines": a, "current": cur, "current_lines": b}
                     | compare(cut(shared / ref, a), cut(shared / cur, b)))
    for i, (n, m) in enumerate(SIZES):
        seed = 10**6 * (i + 1)
        cases.append({"name": f"drawn {n} and {m}", "n": n, "m": m, "seed": seed}
                     | compare(drawn(n, seed, False), drawn(m, seed + 1, True)))
    versions = {"python": platform.python_version(), "evidently": evidently.__version__, "pandas": pd.__version__,
                "numpy": np.__version__, "scipy": scipy.__version__}
    lines = ",\n".join(json.dumps(case) for case in cases)
    recipe = ",\n".join(json.dumps(d) for d in DRAWN)
    sys.stdout.write('{"versions": %s,\n"numbers": %s,\n"dtypes": %s,\n"drawn": [\n%s\n],\n"cases": [\n%s\n]}\n' 
                     % (json.dumps(versions), json.dumps(numbers()), json.dumps(dtypes()), recipe, lines))


if __name__ == "__main__":
    main()
