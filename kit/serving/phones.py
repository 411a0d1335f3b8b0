"""The facilitator's page about this computer: which address phones get, whether one arrives, what else may go wrong."""

from __future__ import annotations

import secrets
from typing import Any

from kit.serving.doctor import examine, worst
from kit.serving.hall import Hall
from kit.serving.network import Kind, own_addresses, qr_svg
from kit.serving.reach import EVERYWHERE
from kit.serving.trial import Trial
from kit.serving.web import FormPage, Page, hosted_by
from kit.texts import section

# What proxies and tunnels add to a request.
LED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Via", "Cf-Connecting-Ip")


class Reaching(FormPage):
    """`/reach`: choose the address, try it with one phone, and what to do when none arrives."""

    def get(self) -> None:
        session = hosted_by(self, self.hall)
        if self.get_argument("again", "") or self.hall.trial.is_over:
            self.hall.trial = Trial()
        reach, trial = self.hall.reach, self.hall.trial
        now, kinds = reach.now, section(self.lang, "cli.network")
        link = f"{now.url}/here/{trial.word}"
        # A machine in no network: a code would lead every phone to itself.
        alone = now.kind is Kind.LOOPBACK and reach.host in EVERYWHERE
        self.show(
            "reach", now=now, choices=[(one, kinds[one.kind.value]) for one in reach.choices()], came=trial.came,
            late=trial.is_late, link=link, alone=alone,
            qr=qr_svg(link, section(self.lang, "door")["reach_qr"]),
            d=section(self.lang, "doctor"), checks=worst(examine(self.hall.store, session.expected, reach)),
        )  # fmt: skip

    def post(self) -> None:
        """Take one of the addresses that the machine has now."""
        hosted_by(self, self.hall)
        wanted = self.get_body_argument("url", "")
        if wanted in {one.url for one in self.hall.reach.choices()}:
            self.hall.reach.chosen = wanted
            self.hall.moved()
        self.lead("/reach")


class ReachState(Page):
    """`/reach/state`: whether the phone has come, and by which address, for the page that waits."""

    def get(self) -> None:
        hosted_by(self, self.hall)
        trial = self.hall.trial
        self.finish({"came": trial.came, "late": trial.is_late, "url": self.hall.address})


class Here(Page):
    """`/here/WORD`: the phone has come. That is noted, and nothing about the phone."""

    def get(self, word: str) -> None:
        trial = self.hall.trial
        # This computer always reaches itself: that it opens its own link proves nothing.
        elsewhere = self._is_led_here or self.request.remote_ip not in own_addresses()
        if elsewhere and secrets.compare_digest(word.encode(), trial.word.encode()):
            trial.came = True
        self.show("here", elsewhere=elsewhere)

    @property
    def _is_led_here(self) -> bool:
        """Whether a proxy or a tunnel on this computer has led them here: all of them come from it then."""
        return bool(self.hall.reach.site.proxies) or any(name in self.request.headers for name in LED)


def handlers(hall: Hall) -> list[tuple[str, type, dict[str, Any]]]:
    """The addresses of the trial."""
    shared = {"hall": hall}
    return [
        (r"/reach", Reaching, shared), (r"/reach/state", ReachState, shared), (r"/here/([^/]{1,32})", Here, shared),
    ]  # fmt: skip
