"""Iterative magnitude pruning for scikit-learn: RFE and RFECV of linear regression, sooner.

Needs scikit-learn (``pip install impbook[selection]``); nothing else in impbook does.
"""

from impbook.selection.cross_validated import MagnitudePruningCV
from impbook.selection.selector import MagnitudePruning

__all__ = ["MagnitudePruning", "MagnitudePruningCV"]
