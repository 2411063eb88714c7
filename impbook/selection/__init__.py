"""Iterative magnitude pruning for scikit-learn: RFE and RFECV of linear regression, faster.

This subpackage needs scikit-learn (``pip install impbook[selection]``); the rest of impbook does
not.
"""

from impbook.selection.cross_validated import MagnitudePruningCV
from impbook.selection.selector import MagnitudePruning

__all__ = ["MagnitudePruning", "MagnitudePruningCV"]
