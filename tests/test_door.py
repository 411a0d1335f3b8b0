"""The front door: who is led where, what another site cannot do, and what a browser without cookies is told."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from kit.session import Reason, State
from kit.texts import say, section
from tests.support.device import Device
from tests.support.hosting import certificate
from tests.support.workshop import KIT, ROOT, Workshop, environment, serving

TOKEN = re.compile(r'name="form" value="([\w-]{16,})"')
LANGUAGES = ("fr", "en")


@pytest.fixture(scope="module", autouse=True)
def opened(workshop: Workshop) -> None:
    workshop.set_state(State.OPEN)


def plain(text: str) -> str:
    return text.replace("&#39;", "'")


def people(workshop: Workshop) -> int:
    with workshop.store() as store:
        return store.sessions.counts(workshop.session_id).joined


def again(workshop: Workshop) -> Mapping[str, int]:
    with workshop.store() as store:
        return store.sessions.counts(workshop.session_id).again


class TestScannedAgain:
    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_it_leads_to_ones_own_seat(self, workshop: Workshop, lang: str) -> None:
        phone = workshop.device(lang)
        phone.take_seat(workshop.code)
        before, seat = people(workshop), phone.cookies["seat"]
        page = phone.get(f"/j/{workshop.code}?lang={lang}")
        texts = section(lang, "door")
        assert plain(page.text).index(texts["go_back_in"]) < plain(page.text).index(texts["again_new"])
        assert 'name="sector"' not in page.text
        assert (people(workshop), phone.cookies["seat"]) == (before, seat)
        # As a keyboard or a scanner has it.
        for path in (f"/J/{workshop.code.lower()}", f"/j/{workshop.code}/"):
            assert texts["go_back_in"] in plain(phone.get(path).text)

    def test_a_form_that_is_sent_twice_takes_one_seat(self, workshop: Workshop) -> None:
        phone = workshop.device()
        phone.take_seat(workshop.code)
        before = people(workshop)
        again = phone.post(f"/j/{workshop.code}", {"sector": "municipal"})
        assert (again.status, again.location, people(workshop)) == (303, "/w", before)

    def test_another_person_at_the_same_device_takes_a_seat_of_their_own(self, workshop: Workshop) -> None:
        tablet = workshop.device()
        words = tablet.take_seat(workshop.code)
        before, first = people(workshop), tablet.cookies["seat"]
        page = tablet.get(f"/j/{workshop.code}?new=1")
        assert 'name="sector"' in page.text
        assert 'name="new" value="1"' in page.text
        assert all(f'value="{reason}"' in page.text for reason in Reason)
        for said in ({}, {"reason": ""}, {"reason": "because"}):
            refused = tablet.post(f"/j/{workshop.code}", {"sector": "other", "new": "1", **said})
            assert refused.status == 400, "a second seat needs a reason"
        assert (people(workshop), tablet.cookies["seat"], again(workshop)) == (before, first, {})
        form = {"sector": "other", "new": "1", "reason": "shared"}
        assert tablet.post(f"/j/{workshop.code}", form).location == "/card"
        assert people(workshop) == before + 1
        assert again(workshop) == {"shared": 1}
        assert tablet.cookies["seat"] != first
        back = tablet.post(f"/back/{workshop.code}", {"words": words})
        assert back.location == "/w", "the first one's card still opens"


class TestNoCookies:
    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_no_seat_is_taken_and_the_reason_is_told(self, workshop: Workshop, lang: str) -> None:
        before = people(workshop)
        token = TOKEN.search(workshop.device(lang).get(f"/j/{workshop.code}").text)
        assert token
        body = f"form={token[1]}&sector=other".encode()
        for _ in range(2):
            # Every request is the first one: nothing was kept.
            reply = Device(workshop.address, lang).ask("POST", f"/j/{workshop.code}", body, FORM)
            assert reply.status == 403
            assert say(lang, "errors.NoCookie") in plain(reply.text)
        assert people(workshop) == before

    def test_a_browser_that_keeps_them_comes_in(self, workshop: Workshop) -> None:
        phone = workshop.device()
        token = TOKEN.search(phone.get(f"/j/{workshop.code}").text)
        assert token
        assert token[1] == phone.cookies["form"]
        body = f"form={token[1]}&sector=other".encode()
        assert phone.ask("POST", f"/j/{workshop.code}", body, FORM).location == "/card"


FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class TestAnotherSite:
    """Each request is complete but for one thing that only the kit's own page can bring."""

    @pytest.mark.parametrize(
        "headers",
        [
            {"Origin": "null"}, {"Origin": "https://other.example"}, {"Origin": "http://127.0.0.1:1"},
            {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"},
        ],
    )  # fmt: skip
    @pytest.mark.parametrize("path", ["/j/CODE", "/back/CODE", "/host", "/leave", "/exit"])
    def test_it_can_send_no_form(self, workshop: Workshop, path: str, headers: dict[str, str]) -> None:
        phone, before = workshop.device(), people(workshop)
        form = {"sector": "other", "session": workshop.session_id, "key": workshop.key}
        reply = phone.post(path.replace("CODE", workshop.code), form, headers)
        assert reply.status == 403
        assert not {"seat", "host"} & phone.cookies.keys()
        assert people(workshop) == before

    @pytest.mark.parametrize("path", ["/", "/j/CODE", "/back/CODE", "/host"])
    @pytest.mark.parametrize("token", ["", "x", "a" * 22, "é" * 22])
    def test_a_form_without_its_token_does_nothing(self, workshop: Workshop, path: str, token: str) -> None:
        phone, before = workshop.device(), people(workshop)
        phone.get("/")
        form = {"sector": "other", "session": workshop.session_id, "key": workshop.key, "form": token}
        reply = phone.post(path.replace("CODE", workshop.code), form)
        assert reply.status == 403
        assert not {"seat", "host"} & phone.cookies.keys()
        assert people(workshop) == before

    def test_pages_tell_no_other_site_where_somebody_comes_from_and_their_own_server_does_hear_it(
        self, workshop: Workshop
    ) -> None:
        page = workshop.device().get("/")
        assert page.headers["Referrer-Policy"] == "same-origin"
        assert '<meta name="referrer" content="same-origin">' in page.text

    @pytest.mark.parametrize(
        "host", ["other.example", "127.0.0.1.other.example", "203.0.113.9", "[2001:db8::1]", "localhost.example", "x"]
    )
    def test_a_name_that_is_not_this_machines_is_not_answered(self, workshop: Workshop, host: str) -> None:
        phone = workshop.device()
        for path in ("/", f"/j/{workshop.code}", "/host", "/api/kernels/00000000-0000-0000-0000-000000000000"):
            reply = phone.get(path, {"Host": host})
            assert reply.status == 421, (host, path)
            assert "<" not in reply.text
        assert phone.get("/healthz", {"Host": host}).status == 200, "whoever watches a server asks as it likes"

    @pytest.mark.parametrize("host", ["localhost", "LOCALHOST:80", "127.0.0.1", "127.0.0.1:9", "[::1]", "localhost."])
    def test_its_own_names_are(self, workshop: Workshop, host: str) -> None:
        assert workshop.device().get("/", {"Host": host}).status == 200

    def test_two_slashes_lead_nowhere_else(self, workshop: Workshop) -> None:
        for path in ("//other.example/x", "//other.example", "/\\other.example/x"):
            reply = workshop.device().get(path)
            assert reply.status == 404
            links = re.findall(r'(?:href|action|data-\w+)="([^"]*)"', reply.text)
            assert links
            assert not [link for link in links if link.startswith(("//", "/\\"))], path


class TestFacilitators:
    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_a_page_that_was_opened_elsewhere_speaks_to_a_facilitator(self, workshop: Workshop, lang: str) -> None:
        texts, host = section(lang, "door"), workshop.host_device(lang)
        page = plain(host.get("/lost").text)
        assert texts["lost_host_title"] in page
        assert 'href="/console"' in page
        assert texts["lost_title"] not in page
        both = workshop.host_device(lang)
        both.take_seat(workshop.code)
        page = plain(both.get("/lost").text)
        assert 'href="/console"' in page
        assert 'href="/w"' in page

    def test_a_participant_is_led_to_their_seat(self, workshop: Workshop) -> None:
        phone = workshop.device()
        phone.take_seat(workshop.code)
        page = phone.get("/lost").text
        assert 'href="/w"' in page
        assert "/console" not in page

    @pytest.mark.parametrize("path", ["/console", "/screen"])
    def test_who_comes_without_a_key_is_shown_the_facilitators_entrance(self, workshop: Workshop, path: str) -> None:
        reply = workshop.device().get(path)
        assert reply.status == 403
        assert 'href="/host"' in reply.text


def test_what_is_written_down_is_never_translated(workshop: Workshop) -> None:
    phone = workshop.device()
    phone.take_seat(workshop.code)
    card = re.search(r"<p [^>]*data-words[^>]*>", phone.get("/card").text)
    assert card
    assert 'translate="no"' in card[0]


@pytest.fixture(scope="module")
def below(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    """A workshop below a path, with a proxy on this machine that says what browsers have asked for."""
    folder = tmp_path_factory.mktemp("below")
    where = ("--address", "https://example.org/gbv-1/kit", "--behind-proxy", "127.0.0.2", "--exercises", "reflection")
    with serving(folder, *where) as made:
        yield made


class TestBelowAPath:
    """`Device` asks from 127.0.0.2 on Linux: there stands the proxy that is believed."""

    BROWSER = {"Host": "example.org", "X-Forwarded-Proto": "https"}

    def test_every_link_form_and_redirect_stays_below_it(self, below: Workshop) -> None:
        phone = Device(below.address.removesuffix("/gbv-1/kit"))
        door = ("/", f"/j/{below.code}", f"/back/{below.code}", "/privacy", "/quiet", "/lost", "/host", "/nothing")
        for path in door:
            page = phone.get("/gbv-1/kit" + path, self.BROWSER)
            own = re.findall(r'(?:href|action|src|data-quiet|data-exit)="(/[^"]*)"', page.text)
            assert own, path
            assert all(link.startswith("/gbv-1/kit/") for link in own), (path, own)
        seat = phone.post(f"/gbv-1/kit/j/{below.code}", {"sector": "other"}, self.BROWSER)
        assert seat.location == "/gbv-1/kit/card"
        page = phone.get("/gbv-1/kit/w", self.BROWSER)
        assert page.status == 200
        urls = re.findall(r'"(/[^"/][^"]*)"', page.text)
        assert '"baseUrl": "/gbv-1/kit/"' in page.text
        local = [url for url in urls if re.match(r"/(a|v|api|leave|lost|exit|quiet)\b", url)]
        assert local == []
        assert "/gbv-1/kit/leave" in page.text
        assert phone.get("/w", self.BROWSER).status == 200, "a proxy may take the path off"

    def test_cookies_are_for_this_path_and_for_tls_only(self, below: Workshop) -> None:
        phone = Device(below.address)
        reply = phone.post(f"/j/{below.code}", {"sector": "other"}, self.BROWSER)
        (cookie,) = reply.headers.get_all("Set-Cookie") or []
        assert "Path=/gbv-1/kit/;" in cookie + ";"
        assert "Secure" in cookie
        assert "HttpOnly" in cookie
        gone = phone.post("/exit", {}, self.BROWSER)
        assert gone.headers["Clear-Site-Data"] == '"cache"', "the rest of the host is not ours"
        assert all("Path=/gbv-1/kit/" in one for one in gone.headers.get_all("Set-Cookie") or [])

    def test_the_join_link_is_the_public_one(self, below: Workshop) -> None:
        assert f"https://example.org/gbv-1/kit/j/{below.code}" in below.log

    def test_only_the_named_proxy_is_believed(self, below: Workshop) -> None:
        said = {"X-Forwarded-Host": "other.example", "X-Forwarded-Proto": "http"}
        believed = Device(below.address).get("/", said)
        assert believed.status == 421, "the proxy says that another host was asked for"
        stranger = Device(below.address)
        stranger.source = "127.0.0.1"
        assert stranger.get("/", said).status == 200
        proxied = Device(below.address).get("/", {"X-Forwarded-Host": "example.org", "Host": "nonsense.example"})
        assert proxied.status == 200
        origin = {"Origin": "https://example.org", "X-Forwarded-Host": "example.org"}
        assert Device(below.address).post(f"/j/{below.code}", {"sector": "other"}, origin).status == 303


class TestWell:
    def test_it_says_whether_it_is_well_and_nothing_else(self, workshop: Workshop) -> None:
        reply = workshop.device().get("/healthz")
        assert (reply.status, reply.text) == (200, "ok\n")
        assert reply.headers.get("Set-Cookie") is None


def test_an_extra_name_is_answered(tmp_path: Path) -> None:
    with serving(tmp_path, "--allow-host", "Kit.Lan", "--exercises", "reflection") as made:
        assert made.device().get("/", {"Host": "kit.lan:8866"}).status == 200
        assert made.device().get("/", {"Host": "kit.other"}).status == 421


@pytest.mark.services
def test_the_server_itself_speaks_tls(tmp_path: Path) -> None:
    cert, key = certificate(tmp_path / "tls")
    tls = ("--certfile", str(cert), "--keyfile", str(key))
    with serving(tmp_path, *tls, "--exercises", "reflection") as made:
        assert made.address.startswith("https://")
        seat = made.device().post(f"/j/{made.code}", {"sector": "other"})
        assert seat.status == 303
        assert "Secure" in str(seat.headers["Set-Cookie"])


@pytest.mark.parametrize(
    "given", [("--certfile", "nothing.pem"), ("--keyfile", "key.pem"), ("--certfile", "pyproject.toml")]
)
def test_a_certificate_that_is_none_is_told_in_one_line(tmp_path: Path, given: tuple[str, str]) -> None:
    told = subprocess.run(
        [*KIT, "serve", "--store", str(tmp_path / "s.db"), *given], capture_output=True, text=True, check=False,
        cwd=ROOT, env=environment(tmp_path, tmp_path, "en"),
    )  # fmt: skip
    assert (told.returncode, told.stderr.count("\n")) == (1, 1), told.stderr
    assert given[0] in told.stderr
    assert not (tmp_path / "s.db").exists()
