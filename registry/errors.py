"""
Everything the registry can refuse.

* RegistryError                 .code says which, for machines; str() says why, for people
  - Invalid                     what was given does not make sense
    + UploadRefused             the file or its declaration is not acceptable
      . DuplicateUpload         these very bytes are already a version of this adapter
      . UploadIncomplete        parts are missing, or the bytes are not those announced
      . UploadTooLarge          the file is larger than this hub takes
    + NameTaken                 there is something of that name already
    + PlanRefused               nothing can be rendered by the plan that was asked for
    + NotConvertible            the version cannot be had in the form that was asked for
    + SourceRefused             what is to be imported is not allowed, not there or makes no sense
  - NotFound                    no such thing (or none that this person may see)
    + NoSuchRepo                nothing of that name (or nothing that this person may see)
      . NoSuchNamespace         not even a team of that name
    + NoSuchRevision            there is such an adapter, and nothing of it goes by that name
    + NoSuchFile                there is such a revision, and no file at that path in it
  - NotAllowed                  the person may see it but not do this
  - QuotaReached                the person has asked for as much as anyone may, for now
  - WrongState                  the thing is not in the state that this step starts from
    + PolicyUnmet               its team asks for more before it is published
    + ParentMoved               others have changed it since; look again
    + LeaseLost                 another worker has taken the run over; what this one did is void
  - Unavailable                 a store or service does not answer now; nothing was lost
    + SourceDown                … which is the hub or site that something is imported from

An error outside this tree is a bug, and is left to crash, be logged and be fixed.
"""

from __future__ import annotations

from collections.abc import Sequence


class RegistryError(Exception):
    """A refusal. `code` is stable; the message is one sentence for people."""

    code = "refused"

    def __init__(self, message: str, *, code: str = "") -> None:
        super().__init__(message)
        self.message = message
        if code:
            self.code = code


class Invalid(RegistryError):
    code = "invalid"


class UploadRefused(Invalid):
    code = "upload-refused"


class DuplicateUpload(UploadRefused):
    code = "duplicate-upload"


class UploadIncomplete(UploadRefused):
    code = "upload-incomplete"


class UploadTooLarge(UploadRefused):
    code = "upload-too-large"


class NameTaken(Invalid):
    code = "name-taken"


class PlanRefused(Invalid):
    """`axis` is the part of the plan that is at fault."""

    code = "plan-refused"

    def __init__(self, message: str, *, axis: str = "", code: str = "") -> None:
        super().__init__(message, code=code)
        self.axis = axis


class NotConvertible(Invalid):
    code = "not-convertible"


class SourceRefused(Invalid):
    code = "source-refused"


class NotFound(RegistryError):
    code = "not-found"


class NoSuchRepo(NotFound):
    code = "no-such-repo"


class NoSuchNamespace(NoSuchRepo):
    code = "no-such-namespace"


class NoSuchRevision(NotFound):
    code = "no-such-revision"


class NoSuchFile(NotFound):
    """`commit` is the id of the commit in which it was looked for, "" where there was none."""

    code = "no-such-file"

    def __init__(self, message: str, *, commit: str = "", code: str = "") -> None:
        super().__init__(message, code=code)
        self.commit = commit


class NotAllowed(RegistryError):
    code = "not-allowed"


class QuotaReached(RegistryError):
    """`retry_after` is when to ask again: so many seconds from now."""

    code = "quota-reached"

    def __init__(self, message: str, *, retry_after: int = 60, code: str = "") -> None:
        super().__init__(message, code=code)
        self.retry_after = retry_after


class WrongState(RegistryError):
    code = "wrong-state"


class PolicyUnmet(WrongState):
    """`missing` is what is: (code, sentence)."""

    code = "policy-unmet"

    def __init__(
        self, message: str, *, missing: Sequence[tuple[str, str]] = (), code: str = ""
    ) -> None:
        super().__init__(message, code=code)
        self.missing = tuple(missing)


class ParentMoved(WrongState):
    code = "parent-moved"


class LeaseLost(WrongState):
    code = "lease-lost"


class Unavailable(RegistryError):
    code = "unavailable"


class SourceDown(Unavailable):
    code = "source-down"
