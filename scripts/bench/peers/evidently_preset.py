"""Evidently's data drift preset on two files."""
import sys

import pandas
from evidently import Report
from evidently.presets import DataDriftPreset

reference, current = (pandas.read_csv(path).drop(columns=["id", "ts"]) for path in sys.argv[1:3])
print(len(Report([DataDriftPreset()]).run(current, reference).dict()["metrics"]))
