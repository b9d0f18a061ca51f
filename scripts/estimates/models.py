"""Data sets as a model's logs: reference rows and windows of rows, each with prediction, label and, for classes, score.

Where the data have no score, a plain scikit-learn model is fitted on rows of its own, which are in no window.
"""

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def logs(rows, score, label):
    """Rows of a binary model."""
    frame = pd.DataFrame({"score": np.asarray(score, float), "label": np.asarray(label, int)})
    frame.insert(1, "prediction", (frame.score >= 0.5).astype(int))
    return frame


def parts(frame, at):
    """Cuts a frame into len(at) - 1 parts."""
    return [frame.iloc[a:b] for a, b in zip(at, at[1:])]


def classifier(frame, label):
    """Scores all rows by a logistic regression of the rows of the first third."""
    x = pd.get_dummies(frame.drop(columns=[label]).rename(columns=str), dtype=float).fillna(0)
    third = len(x) // 3
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000, C=0.1)).fit(x[:third], frame[label][:third])
    return logs(frame, model.predict_proba(x)[:, 1], frame[label]), third


def quarters(frame, first, last, count=4, name="part"):
    """Windows in the order of the file."""
    at = np.linspace(first, last, count + 1).astype(int)
    return [(f"{name} {i + 1}", part) for i, part in enumerate(parts(frame, at))]


def hotel_bookings(data):
    at = data / "hotel_bookings"
    ref = pd.read_csv(at / "test_set.csv.gz")
    now = pd.concat([pd.read_csv(at / f"production_{name}.csv.gz") for name in ("2016_10_11", "2016_12", "2017_01_02")])
    now = now.merge(pd.read_csv(at / "production_targets.csv.gz"), on="customer_id")
    tidy = lambda f: pd.DataFrame({"score": f.y_pred_proba, "prediction": f.y_pred, "label": f.is_canceled})
    return tidy(ref), [(month, tidy(rows)) for month, rows in now.groupby(now.timestamp.str[:7])]


def compas(data):
    rows = pd.read_csv(data / "compas" / "compas_two_years_noids.csv.gz").sort_values(["compas_screening_date", "id"])
    frame = logs(rows, rows.decile_score / 10, rows.two_year_recid)
    frame["day"] = rows.compas_screening_date.to_numpy()
    # later on only those are in the file who came back
    windows = [("2013, quarter 3", "2013-07", "2013-10"), ("2013, quarter 4", "2013-10", "2014-01"), ("2014, quarter 1", "2014-01", "2014-04")]
    tidy = lambda low, high: frame[(frame.day >= low) & (frame.day < high)].drop(columns=["day"])
    return tidy("2013-01", "2013-07"), [(name, tidy(low, high)) for name, low, high in windows]


def adult(data):
    read = lambda name: pd.read_csv(data / "adult" / name, header=None, skipinitialspace=True)
    rows = pd.concat([read("adult_train.csv.gz"), read("adult_test.csv.gz")], ignore_index=True)
    train = len(read("adult_train.csv.gz"))
    rows["label"] = rows.pop(14).str.startswith(">50K").astype(int)
    age = rows[0].to_numpy()
    frame, third = classifier(rows, "label")
    young = frame[(np.arange(len(frame)) >= train) & (age < 30)]
    old = frame[(np.arange(len(frame)) >= train) & (age >= 50)]
    return frame[third:train], quarters(frame, train, len(frame), 2) + [("under 30 years", young), ("from 50 years", old)]


def credit_default(data):
    rows = pd.read_csv(data / "credit_default" / "uci_credit_card.csv.gz").rename(columns={"default.payment.next.month": "label"})
    frame, third = classifier(rows, "label")
    return frame[third:2 * third], quarters(frame, 2 * third, len(frame), 3)


def elec2(data):
    rows = pd.read_csv(data / "elec2" / "elec.csv.gz").rename(columns={"class": "label"})
    rows["label"] = (rows.label == 1).astype(int)
    frame, third = classifier(rows, "label")
    return frame[third:2 * third], quarters(frame, 2 * third, len(frame), 4)


def churn_sagemaker(data):
    names = pd.read_csv(data / "churn_sagemaker" / "training_with_header.csv.gz")
    rest = pd.read_csv(data / "churn_sagemaker" / "validation.csv.gz", header=None, names=names.columns)
    rows = pd.concat([names, rest], ignore_index=True).rename(columns={"Churn": "label"})
    frame, third = classifier(rows, "label")
    return frame[third:len(names)], [("validation", frame[len(names):])]


def german_credit(data):
    rows = pd.read_csv(data / "german_credit" / "german.csv.gz", header=None)
    rows["label"] = rows.pop(20) - 1
    frame, third = classifier(rows, "label")
    return frame[third:2 * third], [("last third", frame[2 * third:])]


def regressor(frame, label, train):
    """Predictions of all rows by boosted trees of the rows that train marks."""
    x = frame.drop(columns=[label]).select_dtypes("number")
    model = HistGradientBoostingRegressor(random_state=0).fit(x[train], frame[label][train])
    out = x.copy()
    out["prediction"], out["label"] = model.predict(x), frame[label]
    return out


def bike_sharing(data):
    rows = pd.read_csv(data / "bike_sharing" / "hour.csv.gz")
    month = rows.dteday.str[:7]
    out = regressor(rows.drop(columns=["instant", "casual", "registered", "yr"]), "cnt", (rows.index % 2 == 0) & (month < "2012-01"))
    ref = out[(rows.index % 2 == 1) & (month < "2012-01")]
    return ref, [(f"2012, quarter {q}", out[(month >= f"2012-{3 * q - 2:02}") & (month <= f"2012-{3 * q:02}")]) for q in (1, 2, 3, 4)]


def beijing_pm25(data):
    rows = pd.read_csv(data / "beijing_pm25" / "pollution.csv.gz").dropna(subset=["pm2.5"]).reset_index(drop=True)
    out = regressor(rows.drop(columns=["No", "year"]), "pm2.5", rows.year == 2010)
    return out[rows.year == 2011], [(str(year), out[rows.year == year]) for year in (2012, 2013, 2014)]


def flight_delays(data):
    rows = pd.read_json(data / "flight_delays" / "flights_20k.jsonl.gz", lines=True).sort_values("date", kind="stable").reset_index(drop=True)
    day = pd.to_datetime(rows.date)
    rows["hour"], rows["weekday"] = day.dt.hour, day.dt.weekday
    third = len(rows) // 3
    out = regressor(rows[["distance", "hour", "weekday", "delay"]], "delay", rows.index < third)
    return out[third:2 * third], quarters(out, 2 * third, len(out), 2)


CLASSES = (hotel_bookings, compas, adult, credit_default, elec2, churn_sagemaker, german_credit)
NUMBERS = (bike_sharing, beijing_pm25, flight_delays)
