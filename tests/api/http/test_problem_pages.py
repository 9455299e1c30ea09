"""Each type of problem has a page that says in both languages what it means and what to do."""

import re

import pytest

from api.http.problem_pages import problem_types
from tests.support.served import Served

HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize(("language", "expected"), [("zh-CN", "zh-CN"), ("en", "en"), ("", "zh-CN")])
def test_every_type_has_a_page(served: Served, language: str, expected: str) -> None:
    for address in problem_types():
        reply = served.client.get(address, headers={"Accept-Language": language})
        assert reply.status_code == 200, address
        assert reply.headers["content-language"] == expected
        assert reply.headers["content-type"].startswith("text/html")
        assert bool(HAN.search(reply.text)) == (expected == "zh-CN"), address
    assert len(problem_types()) > 80


def test_a_type_that_does_not_exist_has_none(served: Served) -> None:
    reply = served.client.get("/problems/no-such-thing")
    assert (reply.status_code, reply.json()["type"]) == (404, "/problems/not-found")


def test_a_refusal_leads_to_its_page(served: Served) -> None:
    kind = served.client.get("/v1/disputes").json()["type"]
    assert served.client.get(kind).status_code == 200
