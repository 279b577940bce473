"""Models as people bring them: fitted by scikit-learn, exported by skl2onnx, with what scikit-learn answers itself."""

import base64

import numpy
from exchange import answer, matrix, question
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType, StringTensorType
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import GradientBoostingRegressor, RandomForestClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

numbers = matrix("numbers")
cities = numpy.array(question["cities"], dtype=object).reshape(-1, 1)
columns = question["columns"]
binary, multiclass, value = (numpy.array(question[name]) for name in ("binary", "multiclass", "value"))


def exported(model, features, target, initial_types, **options):
    model.fit(features, target)
    answers = model.predict_proba(features) if hasattr(model, "predict_proba") else model.predict(features)
    onnx = to_onnx(model, initial_types=initial_types, **options)
    return {
        "onnx": base64.b64encode(onnx.SerializeToString()).decode(),
        "answers": numpy.asarray(answers, dtype=float).ravel().tolist(),
    }


def all_numbers(model, target, features=numbers, **options):
    return exported(model, features, target, [("X", FloatTensorType([None, features.shape[1]]))], **options)


def by_name(target):
    """Each raw column by its name, numbers scaled and the city one-hot, as most people set up a pipeline."""
    table = numpy.hstack([numbers.astype(object), cities])
    last = len(columns)
    split = ColumnTransformer([("numbers", StandardScaler(), list(range(last))), ("city", OneHotEncoder(), [last])])
    model = make_pipeline(split, LogisticRegression(max_iter=1000))
    types = [(name, FloatTensorType([None, 1])) for name in columns] + [("city", StringTensorType([None, 1]))]
    return exported(model, table, target, types, options={"zipmap": False})


off = {"options": {"zipmap": False}}
with_gaps = numpy.where(matrix("gaps") > 0, numpy.nan, numbers).astype(numpy.float32)
forest = RandomForestClassifier(n_estimators=30, max_depth=6, random_state=7)
network = MLPClassifier(hidden_layer_sizes=(16,), max_iter=300, random_state=7)
boosted = GradientBoostingRegressor(n_estimators=40, random_state=7)

answer(
    {
        "logistic regression": all_numbers(make_pipeline(StandardScaler(), LogisticRegression()), binary, **off),
        "random forest": all_numbers(forest, multiclass, **off),
        "neural network": all_numbers(make_pipeline(StandardScaler(), network), multiclass, **off),
        "imputer and forest over gaps": all_numbers(make_pipeline(SimpleImputer(), forest), multiclass, with_gaps, **off),
        "numbers and a city by name": by_name(binary),
        "ridge": all_numbers(make_pipeline(StandardScaler(), Ridge()), value),
        "boosted regression": all_numbers(boosted, value),
        "with ZipMap": all_numbers(make_pipeline(StandardScaler(), LogisticRegression()), binary),
    }
)
