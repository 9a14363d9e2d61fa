"""Requests to a wizard that are right but for something: its fields, way, encoding or size."""

import json
import re
from dataclasses import dataclass, field
from functools import partial
from html.parser import HTMLParser
from random import Random
from typing import Any
from urllib.parse import quote, quote_plus, urlencode

FORM = "application/x-www-form-urlencoded"
AGREED = "review-agreed"
BUTTONS = ("discard", "preview", "apply", "show", "wizard_goto_step")
STEPS = ("select", "details", "review", "finish", "done", "nothing", "0", "SELECT", "re\u200bview")
NOTES = ("", "fine", "two\r\nlines", "<script>alert(1)</script>", "\u202eevil", "\U0001f984 & co")
ODD_NUMBERS = (
    *("", "-1", "0", "1.5", "1e3", "+1", "1_0", "NaN", "1\0", "1\udfff", "\uff12", "\u0662"),
    *("9" * 18, "9" * 19, "9" * 5000),
)
ODD_TEXTS = (
    *(" ", "None", "[1]", "on", "../..", "%00", "\ufeff1", "\0", "\x1b[31m\x07", "a\r\nb"),
    *("\ud800", "x" * 1001, "x" * 70_000, "\U0001f984" * 300, "\u202eabc\u2066"),
    *("<script>alert(1)</script>", '"><b>', "{{ order.pk }}", "' OR 1=1 --"),
)
MEGABYTES = "x" * 3 * 2**20
"""More than Django reads of a form."""

MANY = 10_001
"""More fields than settings allow."""


@dataclass(frozen=True, slots=True)
class Control:
    """A field of a form in a page, as far as a browser knows it."""

    name: str
    kind: str
    value: str
    attributes: dict[str, str | None]
    options: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    """Collects the controls of a page, form by form."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[list[Control]] = [[]]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag == "form":
            self.forms.append([])
        elif tag in ("input", "select", "textarea") and attributes.get("name"):
            kind = attributes.get("type") or tag
            value = attributes.get("value") or ""
            self.forms[-1].append(Control(attributes["name"] or "", kind, value, attributes))
        elif tag == "option":
            self.forms[-1][-1].options.append(attributes.get("value") or "")


def wizard_form(page: str) -> list[Control]:
    """The controls of a step's form; none on a page without one."""
    reader = _Reader()
    reader.feed(page)
    for controls in reader.forms:
        if any(is_step(control.name) for control in controls):
            return [control for control in controls if control.name != "csrfmiddlewaretoken"]
    return []


def is_step(name: str) -> bool:
    """Whether a field says which step its form belongs to."""
    return name.endswith("-current_step")


def step_of(controls: list[Control]) -> str:
    return next(control.value for control in controls if is_step(control.name))


@dataclass(slots=True)
class Sent:
    """A request to a wizard; ``encoded`` in place of fields when it is no plain form."""

    order_number: str
    kind: str
    run: str
    step: str
    fields: list[tuple[str, str]]
    method: str = "POST"
    query: str = ""
    encoded: tuple[bytes, str] | None = None

    @property
    def path(self) -> str:
        wizard = self.kind.replace("_", "-")
        steps = f"{self.run}/{quote(self.step)}/"
        return f"/order-summaries/{quote(self.order_number)}/{wizard}/{steps}{self.query}"

    @property
    def body(self) -> tuple[bytes, str]:
        """What is sent, and its content type."""
        return self.encoded or (urlencoded(self.fields), FORM)

    def is_at(self, run: Any) -> bool:
        """Whether it goes to a run's own address."""
        return (self.order_number, self.kind, self.run) == (run.order_number, run.kind, run.id)


def filled_in(random: Random, controls: list[Control], is_usual: bool) -> list[tuple[str, str]]:
    """What an agent's browser sends when everything is filled in as it should be.

    Args:
        is_usual: The agent takes all lines, all there is of them, for the first reason.
    """
    fill_in = _usual_value if is_usual else partial(_right_value, random)
    filled = [(each.name, fill_in(each)) for each in controls if "-apply-" not in each.name]
    fields = [(name, value) for name, value in filled if value is not None]
    boxes = [control for control in controls if control.name == "select-lines"]
    if boxes and not any(name == "select-lines" for name, _ in fields):
        fields.append(("select-lines", random.choice(boxes).value))
    if random.random() < 0.7:  # as with JavaScript, which ticks a bundle's children at once
        ticked = {value for name, value in fields if name == "select-lines"}
        bundles = [box.value for box in boxes if "data-is-bundle" in box.attributes]
        fields += [("select-expanded", value) for value in bundles if value in ticked]
    return fields


def _usual_value(control: Control) -> str | None:
    if control.kind == "checkbox":
        return control.value if control.name == "select-lines" else None
    if control.kind == "number":
        return control.attributes["max"]
    if control.kind == "select":
        return next(option for option in control.options if option)
    return control.value


def _right_value(random: Random, control: Control) -> str | None:
    if control.kind == "checkbox":
        return random.choice([None, control.value or "on"])
    if control.kind == "number":
        least, most = (int(control.attributes[name] or 0) for name in ("min", "max"))
        return str(random.randint(least, most))
    if control.kind == "select":
        return random.choice([option for option in control.options if option])
    if control.kind in ("text", "textarea"):
        return random.choice(NOTES)
    return control.value


@dataclass(frozen=True, slots=True)
class Spoiler:
    """Makes a request wrong somewhere.

    Attributes:
        lines: Primary keys of lines, of this order and others.
        reviews: Signed reviews that pages held, by run.
        runs: Runs of this session, as (order number, kind, id).
    """

    random: Random
    lines: list[str]
    reviews: dict[str, list[str]]
    runs: list[tuple[str, str, str]]

    def spoil(self, sent: Sent) -> None:
        """Spoil what is filled in, or how it is sent, or both."""
        typed = [self.drop, self.double, self.rename, self.add, self.press, self.inflate]
        typed += [self.forge if sent.step == "review" else self.revalue] * 4
        ways = [self.misplace, self.step, self.address, self.method, *[self.encode] * 3]
        where = self.random.random()
        if where < 0.7:
            for spoil in self.random.sample(typed, self.random.randint(1, 3)):
                spoil(sent)
        if where > 0.6:
            self.random.choice(ways)(sent)

    def drop(self, sent: Sent) -> None:
        for at in self.some_field(sent):
            del sent.fields[at]

    def double(self, sent: Sent) -> None:
        for at in self.some_field(sent):
            name, value = sent.fields[at]
            sent.fields.append((name, self.random.choice([value, self.value()])))

    def rename(self, sent: Sent) -> None:
        """A field of another line, or of no line at all."""
        for at in self.some_field(sent):
            name, value = sent.fields[at]
            other = self.random.choice([*self.lines, "999999", self.value()])
            sent.fields[at] = (re.sub(r"\d+", other, name), value)

    def revalue(self, sent: Sent) -> None:
        """Nonsense in every other field."""
        for at, (name, _) in enumerate(sent.fields):
            if not is_step(name) and self.random.random() < 0.5:
                sent.fields[at] = (name, self.value(name))

    def some_field(self, sent: Sent) -> list[int]:
        """Where a field stands, any but the step's own; nowhere if there is none."""
        found = [at for at, (name, _) in enumerate(sent.fields) if not is_step(name)]
        return [self.random.choice(found)] if found else []

    def add(self, sent: Sent) -> None:
        name = self.random.choice(["select-lines", "select-expanded", "details-note", self.value()])
        sent.fields.append((name, self.value()))

    def press(self, sent: Sent) -> None:
        """Another button than Next."""
        button = self.random.choice(BUTTONS)
        value = self.random.choice([*STEPS, "1", self.value()])
        sent.fields.append((button, value))
        if button == "apply":
            sent.fields.append(("details-apply-quantity", self.random.choice(["2", self.value()])))

    def misplace(self, sent: Sent) -> None:
        """The name of another step in the form, or none."""
        kept = [each for each in sent.fields if not is_step(each[0])]
        names = [name for name, _ in sent.fields if is_step(name)]
        wrong = self.random.choice([None, *STEPS, self.value()])
        sent.fields[:] = kept if wrong is None else [*kept, *((name, wrong) for name in names)]

    def forge(self, sent: Sent) -> None:
        """Another review than the page's: an older one, another run's, a changed one, none."""
        own = next((value for name, value in sent.fields if name == AGREED), "")
        known = [(run, review) for run, reviews in self.reviews.items() for review in reviews]
        amounts = f"{own.partition(':')[0]}:"
        alike = [r for run, r in known if run != sent.run and r.startswith(amounts)]
        cut = int(self.random.random() * len(own))
        changed = [own[:cut], f"{own[:cut]}A{own[cut + 1 :]}", f" {own}\n", f"{own}:"]
        invented = ["", "forged", "W10:1tX:abc", self.value()]
        others = self.random.choice([[review for _, review in known] or changed, changed, invented])
        agreed = self.random.choice(alike or others)
        sent.fields[:] = [each for each in sent.fields if each[0] != AGREED]
        sent.fields.append((AGREED, agreed))

    def step(self, sent: Sent) -> None:
        """Another step's address, sometimes with that step's name in the form."""
        sent.step = self.random.choice(STEPS)
        if self.random.random() < 0.5:
            sent.fields[:] = [
                (name, sent.step if is_step(name) else value) for name, value in sent.fields
            ]

    def address(self, sent: Sent) -> None:
        """Another run's address, another order's, the other wizard's, or a longer one."""
        number, kind, run = self.random.choice(self.runs)
        match self.random.randrange(5):
            case 0:
                sent.order_number, sent.kind, sent.run = number, kind, run
            case 1:
                sent.order_number = self.random.choice([number, "none"])
            case 2:
                sent.kind = self.random.choice(["cancel_items", "cancel_all"])
            case 3:
                sent.run = self.random.choice([run, sent.run.upper(), "0", "no-run"])
            case _:
                back = {"outside": "1", "return_to": self.random.choice(["/admin/", "//x.com/"])}
                sent.query = f"?{urlencode(back)}"

    def method(self, sent: Sent) -> None:
        sent.method = self.random.choice(["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"])

    def inflate(self, sent: Sent) -> None:
        """A long value or many fields: within what is read, or beyond it."""
        match self.random.randrange(4):
            case 0:
                sent.fields.append(("details-note", MEGABYTES))
            case 1:
                sent.fields += [("select-lines", "1")] * MANY
            case _:
                name = self.random.choice(["select-lines", "details-1-note", "junk"])
                sent.fields += [(name, self.value())] * self.random.choice([50, 300])

    def encode(self, sent: Sent) -> None:
        """The same fields in another form than a browser's usual one, whole or broken."""
        plain, parts = urlencoded(sent.fields), multipart(self.random, sent.fields)
        cut = int(self.random.random() * len(parts))
        charset = self.random.choice(["latin-1", "utf-16", "utf-8", "none", ""])
        sent.encoded = self.random.choice(
            [
                (parts, "multipart/form-data; boundary=b"),
                (parts, f"multipart/form-data; boundary=b; charset={charset}"),
                (parts, f"multipart/form-data; boundary={self.random.choice(['c', 'x' * 300])}"),
                (parts, "multipart/form-data"),
                (parts[:cut], "multipart/form-data; boundary=b"),
                (parts[:cut] + b"\xff\0\r\n" + parts[cut:], "multipart/form-data; boundary=b"),
                (json.dumps(sent.fields).encode(), "application/json"),
                (plain, f"{FORM}; charset={charset}"),
                (plain, self.random.choice(["text/plain", "", "nonsense", "a/b; c; d=\xe9"])),
                (plain + b"&details-note=\xff\xfe\xed\xa0\x80&%ff%zz=%", FORM),
                (plain.replace(b"=", b"%3D"), FORM),
                (plain.replace(b"&", b";"), FORM),
            ]
        )

    def value(self, name: str = "") -> str:
        """Nonsense for a field."""
        if name.endswith("-quantity"):
            return self.random.choice(ODD_NUMBERS)
        return self.random.choice([*ODD_NUMBERS, *ODD_TEXTS, self.random.choice(self.lines)])


def urlencoded(fields: list[tuple[str, str]]) -> bytes:
    """Fields as browsers send them, halves of surrogate pairs as they are."""
    pairs = ((quote_plus(text, errors="surrogatepass") for text in each) for each in fields)
    return "&".join("=".join(pair) for pair in pairs).encode()


def multipart(random: Random, fields: list[tuple[str, str]]) -> bytes:
    """Fields as the parts of a form, a few of them as files or in base64."""
    parts = []
    for name, value in fields:
        extra = random.choice(
            [""] * 8 + ['; filename="a.txt"', "\r\nContent-Transfer-Encoding: base64"]
        )
        head = f'--b\r\nContent-Disposition: form-data; name="{name}"{extra}\r\n\r\n'
        parts.append(f"{head}{value}\r\n".encode(errors="surrogatepass"))
    return b"".join([*parts, b"--b--\r\n"])
