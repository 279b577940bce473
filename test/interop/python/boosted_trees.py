"""HistGradientBoosting by scikit-learn: fitted on the first rows of each matrix, asked about the last."""

import numpy
from exchange import answer, matrix, question
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor


def predicted(case):
    features, target = matrix(case["name"]), numpy.array(case["target"])
    rules = {
        "max_iter": case["rounds"],
        "learning_rate": case["learningRate"],
        "max_leaf_nodes": case["maxLeaves"],
        "max_depth": case["maxDepth"],
        "min_samples_leaf": case["minRowsPerLeaf"],
        "l2_regularization": case["l2"],
        "max_bins": case["maxBins"],
        "early_stopping": False,
        "random_state": 7,
    }
    train, test = slice(0, case["trainRows"]), slice(case["trainRows"], None)
    if case["isRegression"]:
        return HistGradientBoostingRegressor(**rules).fit(features[train], target[train]).predict(features[test])
    model = HistGradientBoostingClassifier(**rules).fit(features[train], target[train])
    return model.predict_proba(features[test]).ravel()


answer([predicted(case).tolist() for case in question["cases"]])
