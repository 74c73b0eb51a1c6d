"""Several adapters beside each other: the same scene, aligned cells, one slider for all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hub.pages import addresses, chosen, curves, facts, layer_norms, norms, sweeps
from registry.errors import Invalid, NotFound
from registry.queries import people, requests, together, versions
from registry.queries.words import GridKind
from registry.services import grounds

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from registry.models import AdapterVersion, User

SMALL = 110.0  # between weights under a curve that is a fifth of a page wide


@dataclass(frozen=True, slots=True)
class Side:
    """One of the versions: what it shows, and how to show the others without it."""

    version: AdapterVersion
    name: str
    address: str
    without: str
    sweep: sweeps.Sweep | None
    drawing: curves.Drawing | None


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Show the adapters in the address; without any, those that were put aside."""
    said = chosen.in_address(request)
    by = people.person(request.user)
    if "add" in request.GET or (not said and "adapters" not in request.GET):
        kept = chosen.in_cookie(request)
        names = chosen.split(",".join([*kept, request.GET.get("add", "")]))[: together.MOST]
        if names:
            return chosen.keep(redirect(chosen.address(names)), names)
    found = _found(request, said, by)
    response = render(request, "pages/compare/compare.html", _about(found, by))
    return chosen.keep(response, list(found)) if "adapters" in request.GET else response


def _found(request: HttpRequest, said: Sequence[str], by: User | None) -> dict[str, AdapterVersion]:
    """Return those that there are, by the names they go by, and say of the others why not."""
    found: dict[str, AdapterVersion] = {}
    for name in said[: together.MOST]:
        try:
            [version] = together.named([name], by=by)
        except (Invalid, NotFound) as refusal:
            messages.warning(request, str(refusal))
        else:
            if version not in found.values():
                found[name] = version
    return found


def _about(named: Mapping[str, AdapterVersion], by: User | None) -> dict[str, Any]:
    found = list(named.values())
    sides = [_side(name, version, list(named)) for name, version in named.items()]
    shown = [side.sweep for side in sides if side.sweep]
    weights = sorted({f.weight for sweep in shown for row in sweep.rows for f in row.frames})
    first = sweeps.suggested(found[0]) if found else 0.0
    return {
        "sides": sides,
        "scenes": _scenes(shown),
        "both": any(sweep.both for sweep in shown),
        "pictures": len(sides) if all(sweep.medium == "picture" for sweep in shown) else 0,
        "weights": weights,
        "start": weights[sweeps.nearest(weights, first)] if weights else first,
        "facts": facts.of_several(found) if len(found) > 1 else None,
        "rendered": _rendered(found, by),
        "norms": norms.of_versions(found),
        "by_layer": layer_norms.of_versions(found) if found else (),
        "layers": chosen.address(list(named), "compare-layers") if found else "",
        "playground": chosen.address(list(named), "ask-several"),
        "may_ask": _asks(by)
        and bool(found)
        and not any(grounds.unfit(version) for version in found),
    }


def _side(name: str, version: AdapterVersion, names: Sequence[str]) -> Side:
    grid = versions.grid(version)
    others = [other for other in names if other != name]
    return Side(
        version=version,
        name=name,
        address=addresses.page(version),
        without=chosen.address(others) if others else "?adapters=",
        sweep=sweeps.of_grid(grid, version),
        drawing=curves.draw(getattr(grid, "curve", None), version, apart=SMALL),
    )


def _rendered(found: Sequence[AdapterVersion], by: User | None) -> str:
    """Return where two versions of one adapter are, or can be, held together by a worker."""
    if len(found) != 2 or found[0].adapter_id != found[1].adapter_id:
        return ""
    can_be = _asks(by) and not grounds.unfit(found[0])
    if can_be or requests.grids(found[0], GridKind.VERSIONS, by=by):
        return f"{addresses.page(found[0])}#compare"
    return ""


def _asks(by: User | None) -> bool:
    return by is not None and (by.is_superuser or bool(people.team_keys_of(by)))


def _scenes(shown: Sequence[sweeps.Sweep]) -> list[tuple[str, str, int]]:
    """Return the scenes, what all of them are shown on first, and by how many each is shown."""
    counts: dict[str, int] = {}
    titles: dict[str, str] = {}
    for sweep in shown:
        for slug, title in sweep.scenes:
            counts[slug] = counts.get(slug, 0) + 1
            titles.setdefault(slug, title)
    rows = [(slug, titles[slug], count) for slug, count in counts.items()]
    if len(shown) > 1 and all(count == 1 for count in counts.values()):
        # Of different bases, perhaps: what they can be seen on together is no one scene.
        rows.insert(0, ("", _("Each on its own first scene"), len(shown)))
    return sorted(rows, key=lambda row: -row[2])
