"""
Adapters that were trained to judge how curves are read, draw by draw (docs/curves.md).

`recipes` says which there are and how each is trained, `styles` draws what they were shown. The
first two sets judged one rule each and are fitted on since; the seven draws after them were chosen
and written down before any of them was trained. What people saw on their sheets is in demo/seen.
"""
