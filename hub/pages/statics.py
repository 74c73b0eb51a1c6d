"""Static files under names that hold their digest, so that browsers may keep them for ever."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # no types there
    """
    As WhiteNoise's, but our own modules name each other by those names too.

    Django can do so for all modules; packages of others trip over it by what stands in a comment.
    """

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        (
            "js/*",
            (
                (r"""(?P<matched>from "(?P<url>\./[^"]+)")""", 'from "%(url)s"'),
                (r"""(?P<matched>new URL\("(?P<url>\./[^"]+)")""", 'new URL("%(url)s"'),
            ),
        ),
    )
