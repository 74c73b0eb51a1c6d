"""
Other people's servers, spoken to with care.

A person says which address this hub is to open, and the hub stands inside a network. So only hosts
that the operator named are asked (hosts.py), only at addresses of the open internet (addresses.py),
and the very address that was checked is the one connected to (client.py): a name that is resolved
twice may mean two things.
"""

from __future__ import annotations
