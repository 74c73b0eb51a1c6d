"""
The engine: bases, adapters and pictures. The only place that imports torch.

It runs as a child process (`python -m workers.engine`) that workers.engine_link starts. It is given
paths and numbers and answers with facts and pictures; it never sees a row and never judges.
"""

from __future__ import annotations
