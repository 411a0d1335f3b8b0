"""The kit's own Voila page in a real browser, with a real server and real kernels behind it."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.ports import free_port
from tests.support.waiting import PATIENCE

ROOT = Path(__file__).parent.parent
FRONTEND = ROOT / "kit" / "serving" / "frontend"
TEMPLATE = ROOT / "kit" / "serving" / "template"
# What a strict server sends; the tests run under it, so nothing of the page may need more.
POLICY = (
    "default-src 'none'; script-src 'self' blob:; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

COUNTER = '''
import os, anywidget, ipywidgets, traitlets
from IPython.display import HTML, display

class Counter(anywidget.AnyWidget):
    _esm = """
    export default { render({ model, el }) {
      const button = document.createElement("button");
      button.textContent = "Plus";
      const told = document.createElement("output");
      told.id = "double";
      const show = () => { told.textContent = "double " + model.get("double"); };
      button.addEventListener("click", () => { model.set("n", model.get("n") + 1); model.save_changes(); });
      model.on("change:double", show);
      show();
      el.append(button, told);
    } };
    """
    _css = "#double { font-weight: bold; }"
    n = traitlets.Int(0).tag(sync=True)
    double = traitlets.Int(0).tag(sync=True)

    @traitlets.observe("n")
    def _twice(self, change):
        self.double = 2 * change.new

display(HTML(f"<p id='pid'>{os.getpid()}</p>"))
Counter()
'''
CORE = """
import ipywidgets
pressed = ipywidgets.HTML("pressed 0")
button = ipywidgets.Button(description="Press")
button.on_click(lambda _: setattr(pressed, "value", f"pressed {int(pressed.value.split()[1]) + 1}"))
print("printed and not shown")
ipywidgets.VBox([button, pressed])
"""

# What a page without ipywidgets' own controls asks for.
LEAN = ["kit-chunk.js", "kit-page.css", "kit-page.js"]

# A server as the kit's own: the template by its path, settings for all and for one visit, its own
# way to end a kernel, and seats that can be lost.
WORKSHOP = """
import sys
from jupyter_server.services.kernels.handlers import KernelHandler
from tornado.web import HTTPError, RequestHandler, StaticFileHandler
from voila.app import Voila
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler

TEMPLATE, PORT = sys.argv[1:]
KERNEL = r"/api/kernels/(?P<kernel_id>[-\\w]+)"
state = {"left": "", "lost": False}

class Leave(RequestHandler):
    async def post(self):
        state["left"] = self.get_argument("kernel")

class Say(RequestHandler):
    async def get(self, what):
        state["lost"] |= what == "lose"
        self.write(state["left"] if what == "left" else "seat lost")

class Seat:
    async def prepare(self, *args, **kwargs):
        if state["lost"]:
            raise HTTPError(403)
        await super().prepare(*args, **kwargs)

class SeatKernel(Seat, KernelHandler):
    def write_error(self, status_code, **kwargs):
        # A refusal of the kit's own server names the page that it is about.
        self.finish({"reason": "", "id": self.path_kwargs["kernel_id"]})

class SeatSocket(Seat, VoilaKernelWebsocketHandler): ...

def of_this_visit(request, notebook, cwd):
    notebook.metadata["kit"] = {"lang": request.get_argument("lang")}

class Workshop(Voila):
    def setup_template_dirs(self):
        self.template_paths = [TEMPLATE]

    def init_handlers(self):
        return [
            (r"/leave", Leave), (r"/say/(.*)", Say), (KERNEL, SeatKernel), (KERNEL + "/channels", SeatSocket),
            (r"/voila/templates/kit/static/(.*)", StaticFileHandler, {"path": TEMPLATE + "/static"}),
            *super().init_handlers(),
        ]

workshop = Workshop(notebook_path="page.ipynb", port=int(PORT), open_browser=False)
workshop.config.VoilaConfiguration.template = "kit"
workshop.config.VoilaConfiguration.prelaunch_hook = of_this_visit
workshop.config.VoilaConfiguration.resources = {"kit": {
    "lang": "fr", "leave_url": "/leave", "seat_lost_url": "/say/lost", "static_url": "/voila/templates/kit/static/"}}
workshop.initialize([])
workshop.start()
"""


def notebook(*cells: tuple[str, str]) -> nbformat.NotebookNode:
    """A notebook of ("code" or "markdown", source) cells."""
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    make = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell}
    return nbformat.v4.new_notebook(metadata=kernel, cells=[make[kind](source) for kind, source in cells])


def eventually(true: Callable[[], bool], what: str) -> None:
    """Wait until something outside the browser has come about."""
    pause = threading.Event()
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, f"never came about: {what}"
        pause.wait(0.05)


def status_of(url: str) -> int:
    """The HTTP status, 0 as long as nobody listens."""
    try:
        with urllib.request.urlopen(url) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


@contextlib.contextmanager
def serving(command: list[str], port: int, folder: Path, base: str = "", template: bool = True) -> Iterator[str]:
    """Run a server on the folder's notebooks, with the kit's template installed or not; gives its address."""
    templates = folder / "jupyter" / "voila" / "templates"
    templates.mkdir(parents=True)
    if template:
        (templates / "kit").symlink_to(TEMPLATE)
    env = os.environ | {"JUPYTER_PATH": str(folder / "jupyter")}
    with (folder / "log.txt").open("w") as log:
        server = subprocess.Popen(command, cwd=folder / "notebooks", env=env, stdout=log, stderr=log)
    try:
        address = f"http://127.0.0.1:{port}{base}"
        eventually(lambda: status_of(f"{address}/voila/templates/kit/static/kit-page.js") == 200, "the server answers")
        yield address
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(PATIENCE)


def write_notebooks(folder: Path) -> None:
    (folder / "notebooks").mkdir()
    pages = {
        "page": notebook(("markdown", "# Titre"), ("code", COUNTER), ("code", CORE)),
        "lean": notebook(("code", COUNTER.replace("\nCounter()", "\nipywidgets.VBox([Counter()])"))),
        "broken": notebook(("code", "hidden_name = 1\nraise ValueError('told to nobody')"), ("code", "1")),
        "unknown": notebook(("code", "import ipywidgets\nipywidgets.Output()")),
    }
    for name, content in pages.items():
        nbformat.write(content, folder / "notebooks" / f"{name}.ipynb")


@pytest.fixture(scope="module")
def voila(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("voila")
    write_notebooks(folder)
    port = free_port()
    headers = {"headers": {"Content-Security-Policy": POLICY}}
    command = [
        sys.executable, "-m", "voila", ".", f"--port={port}", "--no-browser", "--template=kit",
        f"--Voila.tornado_settings={headers}",
    ]  # fmt: skip
    with serving(command, port, folder) as address:
        yield address


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    context.set_default_timeout(PATIENCE * 1000)
    expect.set_options(timeout=PATIENCE * 1000)
    page = context.new_page()
    yield page
    context.close()


def visit(page: Page, address: str, name: str = "page") -> str:
    """Open a notebook's page and wait for its widgets; gives the address of its kernel."""
    page.goto(f"{address}/voila/render/{name}.ipynb")
    ready(page)
    return f"{address}/api/kernels/{page.evaluate('kitPage.kernelId')}"


def ready(page: Page) -> None:
    expect(page.locator("#kit-main:not([aria-busy])")).to_be_attached()


def works(page: Page, double: int) -> None:
    """A click goes to the kernel, and what the kernel makes of it comes back."""
    page.get_by_role("button", name="Plus").click()
    expect(page.locator("#double")).to_have_text(f"double {double}")


class Relay:
    """A network between browser and server that can fail: it forwards TCP to one port."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._frozen: set[socket.socket] = set()
        self._up = True
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Break every connection and let none in."""
        self._up = False
        self._break()

    def mend(self) -> None:
        self._up = True

    def freeze(self) -> None:
        """What is open stays open and silently carries nothing any more; new connections are fine."""
        self._frozen = {end for pair in self._pairs for end in pair}

    def freeze_answers(self) -> None:
        """The same, but the server still hears what the browser says."""
        self._frozen = {far for _, far in self._pairs}

    def close(self) -> None:
        self.cut()
        self._listener.close()

    def _break(self) -> None:
        for end in [end for pair in self._pairs for end in pair]:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self._pairs.clear()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                if not self._up:
                    near.close()
                    continue
                far = socket.create_connection(("127.0.0.1", self._target))
                self._pairs.append((near, far))
                for source, sink in ((near, far), (far, near)):
                    threading.Thread(target=self._pump, args=(source, sink), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if source not in self._frozen:
                    sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)


@pytest.fixture
def relay(voila: str) -> Iterator[Relay]:
    relay = Relay(urlsplit(voila).port or 0)
    yield relay
    relay.close()


@pytest.mark.browser
def test_a_page_shows_its_cells_and_widgets_and_nothing_else(voila: str, page: Page) -> None:
    visit(page, voila)
    expect(page.get_by_role("heading", name="Titre")).to_be_visible()
    expect(page.get_by_role("main")).to_have_count(1)
    expect(page).to_have_title("Atelier · Workshop")
    expect(page.get_by_role("button", name="Press")).to_be_visible()
    assert page.locator("html").get_attribute("lang") == "fr"
    assert page.locator("html").get_attribute("data-kit-connection") == "connected"
    sent = page.request.get(page.url).text()
    for secret in ("traitlets", "printed and not shown", "page.ipynb", "on_click"):
        assert secret not in sent


@pytest.mark.browser
def test_messages_go_both_ways(voila: str, page: Page) -> None:
    visit(page, voila)
    works(page, 2)
    works(page, 4)
    page.get_by_role("button", name="Press").click()
    expect(page.get_by_text("pressed 1")).to_be_visible()


@pytest.mark.browser
def test_a_visit_is_small_and_asks_nobody_else(voila: str, page: Page, capsys: pytest.CaptureFixture[str]) -> None:
    urls: list[str] = []
    sizes: list[int] = []
    errors: list[str] = []
    page.on("request", lambda request: urls.append(request.url))
    page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    visit(page, voila)
    works(page, 2)
    with capsys.disabled():
        print(f"\n  one visit: {len(urls)} requests and a websocket, {sum(sizes)} bytes before compression")
    assert {urlsplit(url).hostname for url in urls if not url.startswith(("data:", "blob:"))} == {"127.0.0.1"}
    assert files(urls) == [*LEAN[:1], "kit-controls.css", "kit-controls.js", *LEAN[1:], "page.ipynb"]
    assert sum(sizes) < 700_000
    assert errors == []


def files(urls: list[str]) -> list[str]:
    """The files that were asked for."""
    return sorted(urlsplit(url).path.rpartition("/")[2] for url in urls if url.startswith("http"))


@pytest.mark.browser
def test_controls_that_a_page_does_not_show_are_not_asked_for(voila: str, page: Page) -> None:
    urls: list[str] = []
    page.on("request", lambda request: urls.append(request.url))
    visit(page, voila, "lean")
    works(page, 2)
    assert files(urls) == [*LEAN, "lean.ipynb"]
    page.goto(f"{voila}/voila/render/page.ipynb")
    ready(page)
    # The control has its looks as well: ipywidgets' own height of a button.
    expect(page.get_by_role("button", name="Press")).to_have_css("height", "44px")


@pytest.mark.browser
def test_an_error_is_told_without_its_trace(voila: str, page: Page) -> None:
    page.goto(f"{voila}/voila/render/broken.ipynb")
    ready(page)
    expect(page.get_by_role("alert")).to_contain_text("Quelque chose n’a pas fonctionné")
    expect(page.get_by_role("alert").get_by_text("Something went wrong")).to_be_hidden()
    for secret in ("Traceback", "ValueError", "told to nobody", "hidden_name", "broken.ipynb"):
        assert secret not in page.content()


@pytest.mark.browser
def test_a_widget_that_the_page_does_not_know_is_no_stack_trace(voila: str, page: Page) -> None:
    visit(page, voila, "unknown")
    expect(page.locator("#kit-main")).to_contain_text("Rechargez la page")
    assert "stack" not in page.locator("#kit-main").inner_text().lower()


@pytest.mark.browser
def test_leaving_ends_the_kernel(voila: str, page: Page) -> None:
    kernel = visit(page, voila)
    assert status_of(kernel) == 200
    page.goto("about:blank")
    eventually(lambda: status_of(kernel) == 404, "the kernel has ended")


@pytest.mark.browser
def test_the_quick_exit_ends_the_kernel_and_stays_away(voila: str, page: Page) -> None:
    kernel = visit(page, voila)
    page.evaluate("kitPage.leave()")
    eventually(lambda: status_of(kernel) == 404, "the kernel has ended")
    expect(page.locator("#kit-connection")).to_be_empty()


@pytest.mark.browser
def test_going_back_starts_afresh(voila: str, page: Page) -> None:
    kernel = visit(page, voila)
    page.goto(f"{voila}/voila/tree")
    page.go_back()
    ready(page)
    works(page, 2)
    assert not kernel.endswith(page.evaluate("kitPage.kernelId"))


@pytest.mark.browser
def test_a_cut_is_told_and_mended_with_nothing_lost(relay: Relay, page: Page) -> None:
    kernel = visit(page, relay.address)
    works(page, 2)
    states = "window.states = []; document.addEventListener('kit:connection', e => window.states.push(e.detail.state))"
    page.evaluate(states)
    relay.cut()
    banner = page.locator("#kit-connection")
    expect(banner).to_contain_text("La connexion est coupée")
    expect(banner.get_by_text("The connection is away")).to_be_hidden()
    page.evaluate("document.documentElement.lang = 'en'")
    expect(banner.get_by_text("The connection is away")).to_be_visible()
    page.get_by_role("button", name="Plus").click()
    relay.mend()
    expect(page.locator("#double")).to_have_text("double 4")
    expect(banner).to_be_empty()
    works(page, 6)
    assert page.evaluate("window.states") == ["connecting", "connected"]
    assert kernel.endswith(page.evaluate("kitPage.kernelId"))


@pytest.mark.browser
def test_a_line_that_died_silently_is_noticed(relay: Relay, page: Page) -> None:
    visit(page, relay.address)
    works(page, 2)
    relay.freeze()
    works(page, 4)
    works(page, 6)


@pytest.mark.browser
def test_what_the_kernel_said_meanwhile_is_not_lost(relay: Relay, page: Page) -> None:
    visit(page, relay.address)
    relay.freeze_answers()
    page.get_by_role("button", name="Plus").click()
    page.get_by_role("button", name="Press").click()  # heard once and said twice, it must count once
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("#double")).to_have_text("double 2")
    works(page, 4)
    expect(page.get_by_text("pressed 1")).to_be_visible()


@pytest.mark.browser
def test_a_crashed_kernel_reloads_the_page(voila: str, page: Page) -> None:
    visit(page, voila)
    works(page, 2)
    pid = int(page.locator("#pid").inner_text())
    with page.expect_navigation():
        os.kill(pid, signal.SIGKILL)
    ready(page)
    works(page, 2)


@pytest.mark.browser
def test_a_kernel_that_is_gone_reloads_the_page_but_not_for_ever(relay: Relay, page: Page) -> None:
    for _ in range(3):
        kernel = visit(page, relay.address)
        with page.expect_navigation():
            end(page, kernel)
        ready(page)
    end(page, f"{relay.address}/api/kernels/{page.evaluate('kitPage.kernelId')}")
    banner = page.locator("#kit-connection")
    expect(banner).to_contain_text("Cette page s’est arrêtée")
    assert page.locator("html").get_attribute("data-kit-connection") == "dead"
    with page.expect_navigation():
        banner.get_by_role("button", name="Recharger / Reload").click()
    ready(page)
    works(page, 2)


def end(page: Page, kernel: str) -> None:
    """End a kernel behind its page's back."""
    headers = {"X-XSRFToken": "00112233", "Cookie": "_xsrf=00112233"}
    request = urllib.request.Request(kernel, method="DELETE", headers=headers)
    with urllib.request.urlopen(request) as response:
        assert response.status == 204


@pytest.mark.browser
def test_it_works_inside_a_jupyter_server_with_a_token(tmp_path: Path, page: Page) -> None:
    write_notebooks(tmp_path)
    port = free_port()
    command = [
        sys.executable, "-m", "jupyter", "server", f"--ServerApp.port={port}", "--ServerApp.ip=127.0.0.1",
        "--ServerApp.base_url=/user/someone/", "--IdentityProvider.token=letmein", "--allow-root", "--no-browser",
        "--ServerApp.jpserver_extensions={'voila.server_extension': True}", "--VoilaConfiguration.template=kit",
    ]  # fmt: skip
    with serving(command, port, tmp_path, "/user/someone") as address:
        page.goto(f"{address}/voila/render/page.ipynb?token=letmein")
        ready(page)
        works(page, 2)
        page.goto(f"{address}/voila/render/page.ipynb")  # by cookie now
        ready(page)
        works(page, 2)
        kernel = f"{address}/api/kernels/{page.evaluate('kitPage.kernelId')}?token=letmein"
        assert status_of(kernel) == 200
        page.goto("about:blank")
        eventually(lambda: status_of(kernel) == 404, "the kernel has ended")


@pytest.mark.browser
def test_a_server_of_its_own_sets_language_and_leaving_and_lost_seats(tmp_path: Path, page: Page) -> None:
    write_notebooks(tmp_path)
    (tmp_path / "notebooks" / "workshop.py").write_text(WORKSHOP)
    port = free_port()
    command = [sys.executable, "workshop.py", str(TEMPLATE), str(port)]
    with serving(command, port, tmp_path, template=False) as address, contextlib.closing(Relay(port)) as relay:
        page.goto(f"{relay.address}/?lang=en")
        ready(page)
        works(page, 2)
        assert page.locator("html").get_attribute("lang") == "en"
        kernel = page.evaluate("kitPage.kernelId")
        page.goto(f"{relay.address}/?lang=fr")
        eventually(lambda: page.request.get(f"{address}/say/left").text() == kernel, "the beacon arrived")
        ready(page)
        page.request.get(f"{address}/say/lose")
        relay.cut()
        relay.mend()
        page.wait_for_url("**/say/lost?lang=fr")
