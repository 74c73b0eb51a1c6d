"""
`manage.py up`: everything the hub needs, started on this machine in order, watched, and stopped.

Nothing here knows the registry, and nothing reads Django's settings: it is this package that
chooses the database and the broker which settings then name. The children are told by environment
variables, as in any other deployment.
"""
