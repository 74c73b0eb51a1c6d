from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from hub import env


class TestMailServer:
    def test_is_none_where_nothing_is_said(self):
        assert env.mail_server("").host == ""

    def test_reads_all_of_an_address(self):
        server = env.mail_server("smtp://mei:p%40ss@mail.example.org:2525")

        assert (server.host, server.port) == ("mail.example.org", 2525)
        assert (server.user, server.password) == ("mei", "p@ss")
        assert (server.wrapped, server.upgraded) == (False, True)

    @pytest.mark.parametrize(
        ("address", "port", "wrapped", "upgraded"),
        [
            ("smtp://host", 587, False, True),
            ("smtp://host:25", 25, False, False),
            ("smtps://host", 465, True, False),
        ],
    )
    def test_knows_ports_and_how_they_are_secured(self, address, port, wrapped, upgraded):
        server = env.mail_server(address)

        assert (server.port, server.wrapped, server.upgraded) == (port, wrapped, upgraded)

    @pytest.mark.parametrize("address", ["https://host", "mail.example.org", "smtp://"])
    def test_refuses_what_is_none(self, address):
        with pytest.raises(ImproperlyConfigured, match="MAIL_URL"):
            env.mail_server(address)
