"""
Every operation that the description names, asked by schemathesis in ways it makes up itself.

Whatever is asked, the answer is one that the description foretells: its status, its kind of content
and its shape; and never a bug of ours. What to ask is drawn from a fixed seed, so that a run can be
had again, and so often that all of it takes about a minute.
"""

from __future__ import annotations

import gc

import pytest
import schemathesis
from django.core import signals
from django.db import close_old_connections, transaction
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import checks

from hub.wsgi import application
from tests.openapi import rows

# schemathesis reads no further than it has to: what it leaves open is closed by the collector.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")

ASKED = 20  # times, each operation
CHECKS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
]
DESCRIPTION = SchemaGenerator().get_schema(request=None, public=True)
SCHEMA = schemathesis.openapi.from_dict(DESCRIPTION)
SCHEMA.app = application
OPERATIONS = [found.ok() for found in SCHEMA.get_all_operations()]


@pytest.fixture
def _unhurried(settings):
    """Let anyone ask as often as they like."""
    rest = settings.REST_FRAMEWORK
    rates = dict.fromkeys(rest["DEFAULT_THROTTLE_RATES"])
    settings.REST_FRAMEWORK = rest | {"DEFAULT_THROTTLE_RATES": rates}
    yield
    gc.collect()


@pytest.fixture
def _one_connection():
    """Keep requests inside the test's transaction, as Django's own client of tests does."""
    ends = (signals.request_started, signals.request_finished)
    for end in ends:
        end.disconnect(close_old_connections)
    yield
    for end in ends:
        end.connect(close_old_connections)


@pytest.mark.django_db
@pytest.mark.usefixtures("_unhurried", "_one_connection", "blob_root", "sent")
@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.label)
def test_answers_as_described(operation):
    _, secret, names = rows.make()

    @seed(20261129)
    @settings(
        max_examples=ASKED,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(), known=st.integers(0, 3))
    def ask(case, known):
        if known:  # three of four times
            case.path_parameters |= {
                name: names[name] for name in case.path_parameters if name in names
            }
        case.headers["Authorization"] = f"Bearer {secret}"
        with transaction.atomic():
            answer = case.call()
            transaction.set_rollback(True)
        case.validate_response(answer, checks=CHECKS)

    ask()
