"""Problems whose answers depend on the student's own number.

>>> from impbook_coursework import check, problem
>>> problem("3.1", seed=1234)[:39]
'Problem 3.1, for number 1234. Ten featu'
>>> check("3.1", seed=1234, value=2)
'not yet'

Each problem has a function in `chapters_1_to_8.py` or `chapters_9_to_18.py`, which uses a random
generator to make the text and the answer. Answers are not stored in files; they are computed when
they are needed. A student who reads the code can see how to compute an answer, so teachers
should ask for the reasons as well.
"""

from impbook_coursework.checking import NUMBERS, answer, check, problem, reason

__all__ = ["NUMBERS", "answer", "check", "problem", "reason"]
