"""
Bringing adapters in from elsewhere.

An import is asked for (asking.py) and planned by a worker (planning.py): every version that the
source offers becomes an item, and it is judged what would come of it (judging.py). A person
corrects it and says go (deciding.py); then a worker makes the versions, one by one (making.py), by
the services that uploads go through.
"""

from __future__ import annotations
