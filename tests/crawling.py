"""Somebody follows every link and sends every form that is shown to them, and notes what goes wrong.

Of addresses that are the same but for a number only some are opened, more as long as they show something
new or nobody has opened so many before. What is sent is taken back at once, so that everybody finds the house
as it was; what it leads to is looked at before that. With `everything` no address is left out.
"""

from __future__ import annotations

import functools
import re
import traceback
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urldefrag, urlencode, urlsplit

from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client, TestCase
from django.urls import Resolver404, resolve
from PIL import Image

from documents.keeping import shelf
from tests.markup import Choice, Form, Markup, Sent, addresses_in_css, read

HOST = "http://testserver"
EXTERNAL = re.compile(r"(?!data:)[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)
NOT_FOLLOWED = ("mailto:", "tel:", "data:")
# Of a route at least so many addresses, and at most so many while they lead to something new. When nothing
# else is left, all in one town together open so many of the latest; in a town like another one, so many.
FEW, MANY, TOGETHER, ELSEWHERE = 1, 4, 4, 2
# So many send a form in all ways; the others send it as it is shown, which is enough to be refused.
THOROUGH = 2
# Django's own administration looks the same for each row and for everybody.
ADMINISTRATION = "admin:"
IN_THE_ADMINISTRATION = 1
# But who runs the installation sees more on these.
SHOWS_MORE = (":index", ":app_list", "_municipality_changelist", "_municipality_change")
# Where somebody begins without having been led there.
GIVEN = "(Adresse)"
# A form is sent, is shown again with what is missing, or leads on. 409: somebody else was faster.
TAKEN = (200, 204, 302, 303, 409, 422)
ALLOWED_SOURCES = {"'self'", "'none'", "data:"}
KINDS_IN_AN_ADDRESS = ("kind", "text")


@dataclass
class House:
    """What is found out once for all who walk through it."""

    everything: bool = False
    wrong: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    reached: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    static: set[str] = field(default_factory=set)
    opened: dict[tuple[str, ...], set[str]] = field(default_factory=lambda: defaultdict(set))
    """By all in one town together."""
    sent: dict[tuple[Any, ...], int] = field(default_factory=lambda: defaultdict(int))
    sent_by: set[tuple[str, tuple[Any, ...]]] = field(default_factory=set)
    addresses: int = 0
    forms: int = 0
    requests: int = 0

    def note(self, who: str, where: str, what: str) -> None:
        self.wrong.append(f"{who}: {where}: {what}")


@dataclass
class Step:
    address: str
    shown_on: str
    by_script: bool = False
    by_form: bool = False


def route_of(address: str) -> str:
    """Its name, with the kind of part where one name stands for pages of several kinds."""
    match = resolve(urlsplit(address).path)
    kinds = [str(match.kwargs[name]) for name in KINDS_IN_AN_ADDRESS if name in match.kwargs]
    return ":".join((match.view_name or str(match.route), *kinds))


def numbers_in(address: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", urlsplit(address).path)]


@functools.cache
def key_of(address: str) -> tuple[str, ...] | None:
    """The route and what is asked of it: addresses with one key differ only in whose page they are. None for
    what is no page, as a style sheet."""
    try:
        route = route_of(address)
    except Resolver404:
        return None
    asked = {name for name, _value in parse_qsl(urlsplit(address).query, keep_blank_values=True)}
    if route.startswith(ADMINISTRATION):
        asked &= {"model_name"}
    return (route, *sorted(asked))


class Walk:
    """`avoiding` is a part of the house that is left to others. Of several in the same role only the first
    looks around: the others open each kind of page once, and send what is not shown to the first."""

    def __init__(self, who: str, house: House, *, role: str = "", town: str = "", avoiding: str = "") -> None:
        self.who, self.house, self.role, self.town = who, house, role or who, town
        self.first = self.role == who or house.everything
        self.avoiding = HOST + avoiding if avoiding else ""
        self.client = Client(enforce_csrf_checks=True)
        self.waiting: deque[Step] = deque()
        self.asked: set[str] = set()
        self.opened: dict[tuple[str, ...], int] = defaultdict(int)
        self.new: dict[tuple[str, ...], bool] = defaultdict(bool)
        self.questions: dict[tuple[str, ...], int] = defaultdict(int)
        self.left: dict[tuple[str, ...], list[Step]] = defaultdict(list)
        self.forms: dict[tuple[Any, ...], tuple[str, Form]] = {}
        self.shown: dict[str, str] = {}
        """The shape of the pages that were opened, by address."""
        self.ids: dict[str, set[str]] = {}
        self.jumps: set[tuple[str, str, str]] = set()

    # ---- Reading -----------------------------------------------------------------------------------------

    def read_from(self, *addresses: str) -> None:
        self.waiting += [Step(HOST + address, GIVEN) for address in addresses]
        while step := self.next():
            if step.address in self.asked:
                continue
            if self.worth_it(step):
                self.asked.add(step.address)
                self.open(step)
            elif key := key_of(step.address):
                self.left[key].append(step)
        for shown_on, address, place in sorted(self.jumps):
            if place not in self.ids.get(address, {place}):
                self.note(shown_on, f"#{place} gibt es auf {self.short(address)} nicht")

    def next(self) -> Step | None:
        """As they come; then of what was left out the latest, which others have made to be seen."""
        if self.waiting:
            return self.waiting.popleft()
        for key, steps in self.left.items():
            most = TOGETHER if self.first else ELSEWHERE
            steps.sort(key=lambda step: numbers_in(step.address))
            while steps and not key[0].startswith(ADMINISTRATION):
                step = steps.pop()
                by_all = self.house.opened[self.town, *key]
                if len(by_all) < most and step.address not in by_all | self.asked:
                    self.asked.add(step.address)
                    self.open(step)
                    break
            if self.waiting:
                return self.waiting.popleft()
        return None

    def worth_it(self, step: Step) -> bool:
        key = key_of(step.address)
        if key is None or step.shown_on == GIVEN:
            return True
        if self.house.everything:
            return self.may_be_endless(step.address)
        done = self.opened[key]
        if key[0].startswith(ADMINISTRATION):
            new = self.first or key[0].endswith(SHOWS_MORE) or not self.house.opened[key]
            return new and done < IN_THE_ADMINISTRATION
        return done < FEW or (self.first and done < MANY and self.new[key])

    def may_be_endless(self, address: str) -> bool:
        """Every page, but not every question that can be asked there; and see ADMINISTRATION."""
        place, _mark, query = address.partition("?")
        key = key_of(address)
        assert key is not None
        row = key if key[0].startswith(ADMINISTRATION) else (place, *key)
        if not query and row is not key:
            return True
        self.questions[row] += 1
        return self.questions[row] <= MANY

    def open(self, step: Step) -> None:
        key = key_of(step.address)
        if key is None and urlsplit(step.address).path.startswith(settings.STATIC_URL):
            self.open_static(step)
            return
        response = self.ask("get", step.address, step.shown_on)
        if response is None:
            return
        if response.status_code == 405 and step.by_script:
            self.ask_as_script(step)
            return
        if response.status_code in (301, 302, 303, 307, 308):
            self.follow(step, response)
        elif response.status_code != 200 and not (response.status_code == 422 and step.by_form):
            self.note(step.shown_on, f"{self.short(step.address)} antwortet {response.status_code}")
            return
        if key is None:
            return
        if step.shown_on != GIVEN:
            self.reach(step.address)
        self.opened[key] += 1
        self.house.opened[key].add(step.address)
        self.house.opened[self.town, *key].add(step.address)
        self.house.addresses += 1
        known = len(self.opened) + len(self.forms)
        self.look_at(step.address, response)
        self.new[key] = len(self.opened) + len(self.forms) > known

    def look_at(self, address: str, response: Any) -> None:
        if response.status_code in (301, 302, 303) or not is_html(response):
            return
        markup = self.looked_at(address, response)
        self.ids[address] = markup.ids
        whole = any(tag == "html" for tag, _found in markup.tags)  # not a part that a script asks for
        if response.status_code == 200 and self.house.everything and whole:
            self.shown[address] = markup.shape
        for link in markup.links:
            self.note_link(address, link)
        for load in markup.loads:
            self.wait(Step(load, address))
        for asked in markup.asked:
            self.wait(Step(asked, address, by_script=True))
        for form in markup.forms:
            self.note_form(address, form)

    def looked_at(self, address: str, response: Any) -> Markup:
        self.check_policy(address, response)
        markup = read(address, response.content.decode())
        self.check_loads(markup)
        return markup

    def reach(self, address: str) -> None:
        self.house.reached[resolve(urlsplit(address).path).view_name].add(self.who)

    def note_link(self, shown_on: str, link: str) -> None:
        if link.startswith(NOT_FOLLOWED):
            return
        address, place = urldefrag(link)
        if not address.startswith(f"{HOST}/"):
            if urlsplit(address).scheme not in ("http", "https"):
                self.note(shown_on, f"Verweis auf {link}")
            return
        if place and place != "top":
            self.jumps.add((shown_on, address, place))
        self.wait(Step(address, shown_on))

    def wait(self, step: Step) -> None:
        avoided = self.avoiding and step.address.startswith(self.avoiding)
        if step.address.startswith(f"{HOST}/") and not avoided:
            key = key_of(step.address)
            if key is not None:
                self.opened.setdefault(key, 0)
            self.waiting.append(step)

    def note_form(self, shown_on: str, form: Form) -> None:
        if form.method == "dialog" or not form.can_be_sent:
            return
        if form.method == "get":
            for sent in ways_to_fill(form, with_others=False):
                query = urlencode(sent)
                self.wait(Step(f"{form.action.partition('?')[0]}?{query}", shown_on, by_form=True))
            return
        if not any(control.name == "csrfmiddlewaretoken" for control in form.controls):
            self.note(shown_on, f"ein Formular ohne csrfmiddlewaretoken nach {self.short(form.action)}")
        self.forms.setdefault(self.form_key(form), (shown_on, form))

    def form_key(self, form: Form) -> tuple[Any, ...]:
        try:
            route = route_of(form.action)
        except Resolver404:
            route = form.action
        names = {re.sub(r"\d+", "0", control.name) for control in form.controls}
        hidden = {
            (control.name, control.value)
            for control in form.controls
            if control.kind == "hidden" and re.fullmatch(r"[a-z_-]{1,20}", control.value)
        }
        buttons = {(button.name, re.sub(r"\d+", "0", button.value)) for button in form.buttons}
        row = (form.action,) if self.house.everything and not str(route).startswith(ADMINISTRATION) else ()
        return route, frozenset(names), frozenset(hidden), frozenset(buttons), *row

    def follow(self, step: Step, response: Any) -> None:
        target = response["Location"]
        address = urldefrag(target if target.startswith("http") else HOST + target).url
        if not target.startswith("/") and not address.startswith(f"{HOST}/"):
            self.note(step.shown_on, f"{self.short(step.address)} leitet weiter nach {target}")
        self.wait(Step(address, step.address))

    def ask_as_script(self, step: Step) -> None:
        with taken_back(self.client):
            response = self.ask("post", step.address, step.shown_on, {}, by_script=True)
        if response is not None and response.status_code in TAKEN:
            self.reach(step.address)
        elif response is not None:
            self.note(step.shown_on, f"{self.short(step.address)} antwortet {response.status_code}")

    def open_static(self, step: Step) -> None:
        """Style sheets and scripts are everybody's: looked at once."""
        if step.address in self.house.static:
            return
        self.house.static.add(step.address)
        response = self.ask("get", step.address, step.shown_on)
        if response is None or response.status_code != 200:
            self.note(step.shown_on, f"{self.short(step.address)} fehlt")
            return
        if "css" in response["Content-Type"]:
            for address in addresses_in_css(response.text_of_file):
                if EXTERNAL.match(address):
                    self.note(step.address, f"lädt {address}")
                elif not address.startswith(("data:", "#")):
                    markup = read(step.address, f'<img src="{address}">')
                    self.wait(Step(markup.loads[0], step.address))

    # ---- Sending -----------------------------------------------------------------------------------------

    def send_all(self) -> None:
        for key, (shown_on, form) in list(self.forms.items()):
            kind, mark = key[:4], (self.role, key)
            if not self.first and mark in self.house.sent_by:
                continue
            self.house.sent_by.add(mark)
            self.house.sent[kind] += 1
            self.house.forms += 1
            administration = key[0].startswith(ADMINISTRATION)
            thorough = self.house.sent[kind] <= (IN_THE_ADMINISTRATION if administration else THOROUGH)
            look = self.house.sent[kind] == 1 or self.house.everything
            if administration and not thorough and not self.house.everything:
                continue
            for sent, action in self.sendings(form, thorough=thorough, by_one_button=administration):
                with taken_back(self.client):
                    self.send(shown_on, action, sent, look=look)

    def sendings(self, form: Form, *, thorough: bool, by_one_button: bool) -> Iterator[tuple[Any, str]]:
        buttons = form.buttons or [None]
        if by_one_button and not self.house.everything:
            buttons = buttons[:1]
        first = True
        for button in buttons:
            pressed = [(button.name, button.value)] if button is not None and button.name else []
            action = (button.action if button is not None else "") or form.action
            for sent in ways_to_fill(form, with_others=first and thorough):
                yield [*sent, *pressed], action
            first = False

    def send(self, shown_on: str, action: str, sent: Sent, *, look: bool) -> None:
        with TestCase.captureOnCommitCallbacks(execute=True):
            response = self.ask("post", action, shown_on, as_data(sent))
        if response is None:
            return
        what = f"POST {self.short(action)} {shown(sent)}"
        if response.status_code not in TAKEN:
            self.note(shown_on, f"{what} antwortet {response.status_code}")
            return
        self.reach(action)
        address = action
        for _hop in range(3):
            if response.status_code not in (302, 303):
                break
            target = response["Location"]
            if not target.startswith(("/", f"{HOST}/")):
                self.note(shown_on, f"POST {self.short(action)} leitet weiter nach {target}")
                return
            address, _place = urldefrag(target if target.startswith("http") else HOST + target)
            response = self.ask("get", address, shown_on)
            if response is None:
                return
            if response.status_code >= 400:
                where = self.short(address)
                self.note(shown_on, f"{what} führt nach {where}, das {response.status_code} antwortet")
                return
            self.reach(address)
        if look and is_html(response):
            self.look_around(address, response, f"{self.short(shown_on)} nach {what}")

    def look_around(self, address: str, response: Any, shown_on: str) -> None:
        """What only stands there after something was sent."""
        for link in self.looked_at(address, response).links:
            link = re.sub("^webcal:", "http:", link)
            place, _jump = urldefrag(link)
            key = key_of(place) if place.startswith(f"{HOST}/") else None
            known = key is None or key in self.opened or place == address
            if known or (self.avoiding and place.startswith(self.avoiding)):
                continue
            answer = self.ask("get", place, shown_on)
            if answer is not None and answer.status_code >= 400:
                self.note(shown_on, f"{self.short(place)} antwortet {answer.status_code}")
            elif answer is not None:
                self.reach(place)

    # ---- Asking ------------------------------------------------------------------------------------------

    def ask(
        self, method: str, address: str, shown_on: str, data: Any = None, *, by_script: bool = False
    ) -> Any:
        self.house.requests += 1
        headers = {}
        if by_script:
            token = self.client.cookies.get(settings.CSRF_COOKIE_NAME)
            headers["x-csrftoken"] = token.value if token else ""
        path = address.removeprefix(HOST)
        try:
            if method == "get":
                response: Any = self.client.get(path)
            else:
                response = self.client.post(path, data, headers=headers)
            if response.streaming:
                response.text_of_file = b"".join(response.streaming_content).decode("utf-8", "ignore")
            response.close()
        except Exception as error:  # noqa: BLE001 - whatever it is, the reader would see page 500
            self.note(shown_on, f"{method.upper()} {self.short(address)} {shown(data)}: {place_of(error)}")
            return None
        return response

    def note(self, shown_on: str, what: str) -> None:
        self.house.note(self.who, self.short(shown_on), what)

    @staticmethod
    def short(address: str) -> str:
        return address.removeprefix(HOST)

    def check_policy(self, address: str, response: Any) -> None:
        policy = response.headers.get("Content-Security-Policy", "")
        sources = {source for rule in policy.split(";") for source in rule.split()[1:]}
        if not policy or not sources <= ALLOWED_SOURCES:
            self.note(address, f"Content-Security-Policy: {policy or 'fehlt'}")

    def check_loads(self, markup: Markup) -> None:
        addresses = [*markup.loads, *(form.action for form in markup.forms)]
        addresses += [button.action for form in markup.forms for button in form.buttons if button.action]
        for address in addresses:
            if not address.startswith((f"{HOST}/", "data:", f"{HOST}#")):
                self.note(markup.address, f"lädt oder sendet nach {address}")


def is_html(response: Any) -> bool:
    return response.get("Content-Type", "").startswith("text/html") and not response.streaming


def place_of(error: Exception) -> str:
    """What was raised, and the line of ours that it came from."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(settings.BASE_DIR)]
    ours = [frame for frame in ours if "/tests/" not in frame.filename and "/.venv/" not in frame.filename]
    last = (ours or list(frames))[-1]
    return f"{type(error).__name__}: {str(error)[:200]} ({Path(last.filename).name}:{last.lineno})"


class taken_back:  # noqa: N801 - reads as what it does
    """What is done inside is not kept: neither rows nor cookies nor what was counted."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def __enter__(self) -> None:
        self.cookies = {name: morsel.value for name, morsel in self.client.cookies.items()}
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def __exit__(self, *error: object) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)
        self.client.cookies.clear()
        for name, value in self.cookies.items():
            self.client.cookies[name] = value
        # Counters are as they were, and so would be the names of what was kept.
        shelf.clear()
        cache.clear()


# ---- Filling in forms ------------------------------------------------------------------------------------


def ways_to_fill(form: Form, *, with_others: bool) -> Iterator[Sent]:
    """As it is shown; with nothing said; and with something said everywhere."""
    yield filled(form, as_shown)
    if with_others or form.method == "get":
        yield filled(form, emptied)
        yield filled(form, said)


def filled(form: Form, way: Callable[[Choice], list[Any]]) -> Sent:
    radios: dict[str, list[str]] = defaultdict(list)
    sent: Sent = []
    for control in form.controls:
        if control.kind == "radio" and way is said:
            radios[control.name].append(control.value)
            continue
        sent += [(control.name, value) for value in way(control)]
    return sent + [(name, values[-1]) for name, values in radios.items()]


def as_shown(control: Choice) -> list[Any]:
    if control.kind in ("checkbox", "radio"):
        return [control.value] if control.checked else []
    if control.kind in ("select", "multiple"):
        return list(control.chosen)
    return [] if control.kind == "file" else [control.value]


def emptied(control: Choice) -> list[Any]:
    if control.kind == "hidden":
        return [control.value]
    if control.kind in ("checkbox", "radio", "multiple", "file"):
        return []
    if control.kind == "select":
        return [""] if "" in control.offered else control.chosen[:1]
    return [""]


def said(control: Choice) -> list[Any]:
    if control.kind == "checkbox":
        return [control.value]
    if control.kind == "select":
        return control.offered[-1:]
    if control.kind == "multiple":
        return control.offered[:2]
    if control.kind == "file":
        return [some_file(control.accept)]
    if control.kind == "hidden" or control.value.strip():
        return [control.value]
    return [words_for(control)]


def words_for(control: Choice) -> str:
    if control.kind == "email" or "mail" in control.name:
        words = "neu@verein.example"
    elif control.kind == "password":
        words = "Sprachkurse-am-Abend-17"
    elif control.kind == "number":
        words = "1"
    elif control.kind == "date":
        words = "2031-02-03"
    elif control.kind == "time":
        words = "17:00"
    elif control.kind == "textarea":
        words = "<p>Sprachkurse am Abend.</p>"
    elif any(part in control.name for part in ("date", "day", "datum", "tag", "due")):
        words = "03.02.2031"
    else:
        words = "3" if "number" in control.name or "votes" in control.name else "Sprachkurs"
    return words[: control.most] if control.most else words


def some_file(accept: str) -> SimpleUploadedFile:
    if "image" in accept or "png" in accept:
        content = BytesIO()
        Image.new("RGB", (60, 40)).save(content, "PNG")
        return SimpleUploadedFile("bild.png", content.getvalue(), "image/png")
    return SimpleUploadedFile("blatt.pdf", b"%PDF-1.4\n%%EOF", "application/pdf")


def as_data(sent: Sent) -> dict[str, list[Any]]:
    data: dict[str, list[Any]] = defaultdict(list)
    for name, value in sent:
        data[name].append(value)
    return dict(data)


def shown(data: Any) -> str:
    """What was sent, in a few words."""
    pairs = data.items() if isinstance(data, dict) else data or []
    told = [f"{name}={str(value)[:40]}" for name, value in pairs if name != "csrfmiddlewaretoken"]
    return f"[{', '.join(told)[:300]}]" if told else ""
