"""Our own icons, drawn on a 24 × 24 grid with one stroke."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

_CARDS = (
    '<rect x="4" y="4" width="7" height="7" rx="1.5"/><rect x="13" y="4" width="7" '
    'height="7" rx="1.5"/><rect x="4" y="13" width="7" height="7" rx="1.5"/>'
    '<rect x="13" y="13" width="7" height="7" rx="1.5"/>'
)
_DRAWN = {
    "browse": _CARDS,
    "cards": _CARDS,
    "table": '<path d="M4 6.5h16M4 12h16M4 17.5h16"/>',
    "filters": '<path d="M4 7h10m4 0h2M4 17h2m4 0h10"/><circle cx="16" cy="7" r="2"/>'
    '<circle cx="8" cy="17" r="2"/>',
    "upload": '<path d="M12 16V5m0 0L7.5 9.5M12 5l4.5 4.5M5 19h14"/>',
    "download": '<path d="M12 5v11m0 0 4.5-4.5M12 16l-4.5-4.5M5 20h14"/>',
    "copy": '<rect x="9" y="9" width="11" height="11" rx="2"/>'
    '<path d="M15 9V6a2 2 0 0 0-2-2H6a2 2 0 0 0-2 2v7a2 2 0 0 0 2 2h3"/>',
    "passed": '<path d="m5 12.5 4.5 4.5L19 7.5"/>',
    "warned": '<path d="M12 4 3 19.5h18L12 4Zm0 6v4.5m0 2.4v.1"/>',
    "rejected": '<path d="M6.5 6.5l11 11m0-11-11 11"/>',
    "waiting": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7.5V12l3 2"/>',
    "search": '<circle cx="11" cy="11" r="6.5"/><path d="m16 16 4.5 4.5"/>',
    "person": '<circle cx="12" cy="8" r="4"/><path d="M4.5 20c1-4 4-5.5 7.5-5.5s6.5 1.5 7.5 5.5"/>',
    "language": '<circle cx="12" cy="12" r="8.5"/><path d="M3.5 12h17M12 3.5c2.5 2.3 3.7 5.2 3.7 '
    '8.5s-1.2 6.2-3.7 8.5c-2.5-2.3-3.7-5.2-3.7-8.5s1.2-6.2 3.7-8.5Z"/>',
    "auto": '<circle cx="12" cy="12" r="8.5"/>'
    '<path d="M12 3.5v17a8.5 8.5 0 0 0 0-17Z" fill="currentColor"/>',
    "light": '<circle cx="12" cy="12" r="4"/><path d="M12 2.5v2.5m0 14v2.5M2.5 12H5m14 '
    '0h2.5M5.3 5.3 7 7m10 10 1.7 1.7m0-13.4L17 7M7 17l-1.7 1.7"/>',
    "dark": '<path d="M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10Z"/>',
    "close": '<path d="M7 7l10 10m0-10L7 17"/>',
    "pause": '<path d="M9 6v12m6-12v12"/>',
    "play": '<path d="M8 5.5v13l10.5-6.5L8 5.5Z"/>',
    "star": '<path d="m12 4 2.4 5 5.6.7-4.1 3.8 1.1 5.5-5-2.7-5 2.7 1.1-5.5L4 9.7 9.6 9 12 4Z"/>',
    "bell": '<path d="M6.5 16.5V11a5.5 5.5 0 0 1 11 0v5.5l1.5 1.5H5l1.5-1.5Zm4 4h3"/>',
    "collection": '<path d="M4 7.5h5l2 2h9v9.5H4V7.5Zm2-3h4.5"/>',
    "print": '<path d="M7 9V4h10v5M7 17H5a1.5 1.5 0 0 1-1.5-1.5v-5A1.5 1.5 0 0 1 5 9h14a1.5 '
    '1.5 0 0 1 1.5 1.5v5A1.5 1.5 0 0 1 19 17h-2M7 14h10v6H7v-6Z"/>',
    "file": '<path d="M7 3.5h6.5L18 8v11a1.5 1.5 0 0 1-1.5 1.5h-9A1.5 1.5 0 0 1 '
    '6 19V5a1.5 1.5 0 0 1 1-1.5ZM13.5 3.5V8H18"/>',
}


def draw(name: str, more: str = "") -> SafeString:
    """Return the icon as inline SVG that screen readers pass over. Its stroke is in look.css."""
    return format_html(
        '<svg class="icon {}" viewBox="0 0 24 24" width="18" height="18" aria-hidden="true">{}'
        "</svg>",
        more,
        mark_safe(_DRAWN[name]),  # noqa: S308  drawn above
    )
