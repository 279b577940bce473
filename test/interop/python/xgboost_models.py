"""XGBoost as SageMaker's image runs it: trains as its hyperparameters say, saves as it does, and answers margins."""

import base64
import pathlib
import pickle
import tempfile

import numpy
import xgboost
from exchange import answer, folder, matrix, question


def number(text):
    """SageMaker hands every hyperparameter over as text."""
    try:
        return float(text) if "." in text or "e" in text else int(text)
    except ValueError:
        return text


def saved(booster):
    """The bytes of the default format, under the name the image gives the file."""
    with tempfile.TemporaryDirectory() as place:
        file = pathlib.Path(place) / "xgboost-model"
        booster.save_model(file)
        return base64.b64encode(file.read_bytes()).decode()


def trained(case):
    rules = {name: number(text) for name, text in case["hyperparameters"].items() if name != "save_model_on_termination"}
    rounds, patience = rules.pop("num_round"), rules.pop("early_stopping_rounds", None)
    train = xgboost.DMatrix(matrix(case["name"]), label=numpy.array(case["target"]))
    watched = [(train, "train")]
    if case["validationTarget"]:
        watched.append(
            (xgboost.DMatrix(matrix(case["name"] + " validation"), label=numpy.array(case["validationTarget"])), "validation")
        )
    booster = xgboost.train(
        {**rules, **case.get("more", {}), "nthread": 1},
        train,
        rounds,
        evals=watched,
        early_stopping_rounds=patience,
        verbose_eval=False,
    )
    best = booster.best_iteration if patience else booster.num_boosted_rounds() - 1
    return {"model": saved(booster), "bestRound": best + 1}


def answered(case):
    """Margins and answers of a saved model, for the rounds that count."""
    booster = xgboost.Booster(model_file=bytearray((folder / case["model"]).read_bytes()))
    rows = xgboost.DMatrix(matrix(case["name"]))
    rounds = (0, case["bestRound"])
    return {
        "margins": booster.predict(rows, output_margin=True, iteration_range=rounds).ravel().tolist(),
        "answers": booster.predict(rows, iteration_range=rounds).ravel().tolist(),
    }


def misfits():
    """Models that we cannot serve, each for its own reason."""
    random = numpy.random.default_rng(3)
    numbers = random.normal(size=(200, 2))
    target = (numbers[:, 0] > 0).astype(int)
    rows = xgboost.DMatrix(numbers, label=target)
    categories = xgboost.DMatrix(
        numpy.column_stack([random.integers(0, 4, 200), numbers[:, 1]]),
        label=random.integers(0, 2, 200),
        feature_types=["c", "q"],
        enable_categorical=True,
    )
    logistic = {"objective": "binary:logistic", "max_depth": 3, "nthread": 1}

    def train(changes, data=rows):
        return xgboost.train({**logistic, **changes}, data, 3)

    plain = train({})
    return {
        "categories": saved(train({"max_cat_to_onehot": 1}, categories)),
        "dart": saved(train({"booster": "dart"})),
        "gblinear": saved(train({"booster": "gblinear", "max_depth": None})),
        "poisson": saved(train({"objective": "count:poisson"})),
        "vector leaves": saved(
            xgboost.train(
                {"objective": "multi:softprob", "num_class": 3, "multi_strategy": "multi_output_tree", "tree_method": "hist"},
                xgboost.DMatrix(numbers, label=random.integers(0, 3, 200)),
                3,
            )
        ),
        "json": base64.b64encode(plain.save_raw("json")).decode(),
        "binary": base64.b64encode(plain.save_raw("deprecated")).decode(),
        "pickle": base64.b64encode(pickle.dumps(plain)).decode(),
    }


steps = {"train": lambda: [trained(case) for case in question["cases"]],
         "answer": lambda: [answered(case) for case in question["cases"]],
         "misfits": misfits}
answer(steps[question["step"]]())
