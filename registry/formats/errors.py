"""
What a file can be refused for, before anyone looks at a weight in it.

* FormatError            .code says which, for machines; str() is one sentence, for the uploader
  - EmptyFile            no bytes at all
  - BadName              the file's name holds a path, control characters, or is too long
  - Pickle               pickled weights, which run code when they are opened
  - OtherContent         a known kind of file that is not taken: an archive, a web page, a picture
  - Malformed            the bytes break the format that they begin as
    + NotSafetensors     … which is safetensors
    + NotGguf            … which is GGUF
    + Truncated          … only in that some are missing at the end
  - BadArchive           a ZIP file that is broken, or made to do harm when it is unpacked
  - BadConfig            the adapter_config.json beside the weights cannot be read
  - BadReadme            the YAML at the head of a README.md cannot be read
  - NotAnAdapter         a sound file of something else: a whole model, an embedding
"""

from __future__ import annotations


class FormatError(Exception):
    """A file that cannot be taken; its text is one sentence that names what is wrong."""

    code = "format"


class EmptyFile(FormatError):
    code = "file.empty"


class BadName(FormatError):
    code = "file.name"


class Pickle(FormatError):
    code = "file.pickle"


class OtherContent(FormatError):
    code = "file.other"


class Malformed(FormatError):
    code = "file.header"


class NotSafetensors(Malformed):
    pass


class NotGguf(Malformed):
    pass


class Truncated(Malformed):
    code = "file.truncated"

    def __init__(self, *, expected: int, present: int) -> None:
        super().__init__(
            f"The file is cut short: {expected - present:,} bytes are missing "
            f"of the {expected:,} that it should have. Upload it again."
        )
        self.expected = expected
        self.present = present


class BadArchive(FormatError):
    code = "file.archive"


class BadConfig(FormatError):
    code = "file.config"


class NotAnAdapter(FormatError):
    code = "file.no-adapter"


class BadReadme(FormatError):
    code = "file.readme"
