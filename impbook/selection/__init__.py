"""Iterative magnitude pruning for scikit-learn: faster RFE and RFECV for linear regression.

This subpackage needs scikit-learn (``pip install impbook[selection]``); the rest of impbook does
not.
"""

from impbook.selection.cross_validated import MagnitudePruningCV
from impbook.selection.selector import MagnitudePruning

__all__ = ["MagnitudePruning", "MagnitudePruningCV"]
