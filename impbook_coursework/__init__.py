"""Problems whose answer depends on a number that the student is given.

>>> from impbook_coursework import check, problem
>>> problem("3.1", seed=1234)[:39]
'Problem 3.1, for number 1234. Ten featu'
>>> check("3.1", seed=1234, value=2)
'not yet'

A problem is a function in `chapters_1_to_8.py` or `chapters_9_to_18.py` that makes, from a seed,
its text and its answer. The check computes the answer anew, and no answer is stored. A student who
reads the code finds how to compute one; so a teacher asks for the reasons as well.
"""

from impbook_coursework.checking import NUMBERS, answer, check, problem, reason

__all__ = ["NUMBERS", "answer", "check", "problem", "reason"]
