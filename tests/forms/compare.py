#!/usr/bin/env python3
"""Asks pyxform and huifang about many forms, good and damaged, and compares what they say.

    python3 -m venv /tmp/venv && /tmp/venv/bin/pip install pyxform openpyxl
    /tmp/venv/bin/python tests/forms/compare.py --huifang target/debug/huifang [--seeds 300] [--freeze]

What pyxform accepts within what is held here (docs/checklists.md) must be accepted and mean the same: the same questions at the same places, of the
same types, with the same conditions, options, defaults and words. What it refuses must be refused. Expressions are text to pyxform; what is
refused of them here alone (their grammar, circles, functions that are not held) stands in OURS and is expected to be refused by huifang only.
With --freeze the forms and pyxform's answers are written to src/xlsform/fixtures/corpus.json, by which `cargo test` checks without Python.
"""

import argparse
import json
import pathlib
import random
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from concurrent.futures import ThreadPoolExecutor

import openpyxl
from pyxform.xls2xform import convert

ROOT = pathlib.Path(__file__).resolve().parents[2]
CORPUS = ROOT / "src/xlsform/fixtures/corpus.json"
NS = {
    "h": "http://www.w3.org/1999/xhtml",
    "x": "http://www.w3.org/2002/xforms",
    "jr": "http://openrosa.org/javarosa",
}
XF = "{http://www.w3.org/2002/xforms}"

# ---------------------------------------------------------------- forms

COLUMNS = ["type", "name", "label", "hint", "relevant", "required", "constraint", "constraint_message", "calculation",
           "default", "choice_filter", "repeat_count", "appearance"]
CHOICES = ["list_name", "name", "label", "town"]
OPTIONS = [["town", "a", "甲"], ["town", "b", "乙"], ["village", "v1", "一村", "a"], ["village", "v2", "二村", "b"],
           ["need", "money", "钱"], ["need", "doctor", "看病"], ["need", "none", "无"]]
TYPES = ["text", "integer", "decimal", "date", "note", "image", "geopoint", "barcode", "select_one town", "select_multiple need",
         "select_one village", "calculate", "string", "int", "photo", "select one from town", "select_multiple need or_other"]
NUMBERS = ["integer", "decimal", "int"]


class Maker:
    """Makes a form at random; the same seed makes the same."""

    def __init__(self, seed):
        self.r = random.Random(seed)
        self.names = []      # (name, type, repeats)
        self.n = 0

    def name(self):
        self.n += 1
        return self.r.choice(["q", "名", "a_b", "x-y", "A.", "_"]) + str(self.n)

    def ref(self, numeric=False):
        known = [n for n, t, _ in self.names if not numeric or t in NUMBERS]
        return "${%s}" % self.r.choice(known) if known else "1"

    def value(self, depth=0):
        r = self.r
        if depth > 2 or r.random() < 0.4:
            return r.choice([self.ref(), self.ref(True), "'x'", '"y"', "3", "2.5", "today()", "true()", "''"])
        return r.choice([
            lambda: f"({self.value(depth + 1)} {r.choice(['+', '-', '*', 'div', 'mod'])} {self.value(depth + 1)})",
            lambda: f"if({self.condition(depth + 1)}, {self.value(depth + 1)}, {self.value(depth + 1)})",
            lambda: f"coalesce({self.ref()}, {self.value(depth + 1)})",
            lambda: f"count-selected({self.ref()})",
            lambda: f"round({self.value(depth + 1)}, 1)",
            lambda: f"int({self.value(depth + 1)})",
            lambda: f"string-length({self.ref()})",
            lambda: f"format-date({self.ref()}, '%Y-%m')",
            lambda: f"decimal-date-time({self.ref()})",
            lambda: f"sum({self.ref(True)})",
            lambda: f"count({self.ref()})",
            lambda: f"once({self.value(depth + 1)})",
        ])()

    def condition(self, depth=0):
        r = self.r
        if depth > 2 or r.random() < 0.5:
            return f"{self.value(3)} {r.choice(['=', '!=', '<', '<=', '>', '>='])} {self.value(3)}"
        return r.choice([
            lambda: f"{self.condition(depth + 1)} {r.choice(['and', 'or'])} {self.condition(depth + 1)}",
            lambda: f"not({self.condition(depth + 1)})",
            lambda: f"selected({self.ref()}, '{r.choice(['a', 'money'])}')",
            lambda: f"regex({self.ref()}, '[0-9]{{3}}')",
        ])()

    def question(self):
        r, kind, name = self.r, self.r.choice(TYPES), self.name()
        row = {"type": kind, "name": name}
        if kind != "calculate" or r.random() < 0.2:
            row["label"] = r.choice(["问题 ", "Question ", "  两  格 "]) + str(self.n)
            if self.names and r.random() < 0.15:
                row["label"] += " " + self.ref()
        if r.random() < 0.2:
            row["hint"] = "提示"
        if kind == "calculate":
            row["calculation"] = self.value()
        if r.random() < 0.3:
            row["relevant"] = self.condition()
        if r.random() < 0.3:
            row["required"] = r.choice(["yes", "no", "TRUE", "true()", "false", self.condition()])
        if r.random() < 0.2 and kind != "note":
            row["constraint"] = r.choice([". > 1", ". != '' and " + self.condition(), "string-length(.) < 9", "regex(., '[a-z]+')"])
            if r.random() < 0.5:
                row["constraint_message"] = "请检查"
        if r.random() < 0.2 and kind in ("text", "integer", "date", "decimal", "string", "select_one town"):
            row["default"] = r.choice(["5", "a", "2026-11-23", "today()", "1 + 1", "x-y", "a b", "5 - 3", "5-3", "concat('a', 'b')"])
        if kind == "select_one village" and r.random() < 0.7:
            row["choice_filter"] = r.choice(["town = " + self.ref(), "name != 'v1'", "town=" + self.ref() + " or true()"])
        if r.random() < 0.1:
            row["appearance"] = "minimal"
        self.names.append((name, kind, None))
        if kind.endswith("or_other"):
            row.pop("choice_filter", None)
        return [row]

    def block(self, depth=0):
        rows = []
        for _ in range(self.r.randint(1, 5)):
            x = self.r.random()
            if depth < 3 and x < 0.15:
                kind = self.r.choice(["group", "repeat"])
                spelled = self.r.choice(["begin ", "begin_"])
                name = self.name()
                head = {"type": spelled + kind, "name": name, "label": "组"}
                if self.r.random() < 0.3:
                    head["relevant"] = self.condition()
                if kind == "repeat" and self.r.random() < 0.3 and any(t in NUMBERS for _, t, _ in self.names):
                    head["repeat_count"] = self.r.choice([self.ref(True), "2 + 1"])
                rows += [head] + self.block(depth + 1) + [{"type": spelled.replace("begin", "end") + kind}]
                self.names.append((name, kind, None))
            else:
                rows += self.question()
            if self.r.random() < 0.05:
                rows.append({})
        return rows

    def form(self):
        rows = self.block() + self.block()
        headers = dict(zip(COLUMNS, COLUMNS))
        if self.r.random() < 0.3:
            headers = {c: self.r.choice([c, c.upper(), c.replace("_", " "), " " + c + " "]) for c in COLUMNS}
        elif self.r.random() < 0.4:
            headers["label"] = "label::中文 (zh)"
            headers["hint"] = "hint::中文 (zh)"
        survey = [[headers[c] for c in COLUMNS]] + [[row.get(c, "") for c in COLUMNS] for row in rows]
        settings = []
        if self.r.random() < 0.5:
            settings = [["form_title", "form_id", "version"], ["表", "F%d" % self.n, "3"]]
        return {"survey": survey, "choices": [CHOICES] + OPTIONS, "settings": settings}


DAMAGES = [
    ("name twice", lambda r, s, c: set_cell(r, s, "name", other_name(r, s))),
    ("no name", lambda r, s, c: set_cell(r, s, "name", "")),
    ("bad name", lambda r, s, c: set_cell(r, s, "name", r.choice(["a b", "1a", "-a", "a$", "?"]))),
    ("no type", lambda r, s, c: set_cell(r, s, "type", "")),
    ("bad type", lambda r, s, c: set_cell(r, s, "type", r.choice(["txt", "Text", "select_one", "select_one nolist", "begin gruop"]))),
    ("no label", lambda r, s, c: set_cell(r, s, "label", "")),
    ("unknown reference", lambda r, s, c: set_cell(r, s, "relevant", "${nobody} = 1")),
    ("open reference", lambda r, s, c: set_cell(r, s, "relevant", "${q1 = 1")),
    ("spaced reference", lambda r, s, c: set_cell(r, s, "constraint", "${ q1 } = 1")),
    ("reference in label", lambda r, s, c: set_cell(r, s, "label", "x ${nobody}")),
    ("no end", lambda r, s, c: drop_row(r, s, "end")),
    ("no begin", lambda r, s, c: drop_row(r, s, "begin")),
    ("end of another", lambda r, s, c: swap_end(r, s)),
    ("no calculation", lambda r, s, c: set_calculate(r, s)),
    ("option twice", lambda r, s, c: c.append(["town", "a", "又甲"])),
    ("option without name", lambda r, s, c: c.append(["town", "", "又甲"])),
    ("option with space", lambda r, s, c: c.append(["need", "x y", "甲"])),
    ("list without name", lambda r, s, c: c.append(["", "zz", "甲"])),
    ("column twice", lambda r, s, c: s[0].append(s[0][2])),
    ("column of one meaning", lambda r, s, c: (s[0].append("bind::relevant"), s[0].append("calculate"))),
    ("no type column", lambda r, s, c: s[0].__setitem__(0, "typ")),
    ("comment column", lambda r, s, c: s[0].append("note for me")),
    ("blank rows", lambda r, s, c: s[1:1].__class__ and [s.insert(2, [""] * len(s[0])) for _ in range(5)]),
    ("disabled", lambda r, s, c: (s[0].append("disabled"), [row.append("yes" if i == 1 else "") for i, row in enumerate(s[1:])])),
    ("meta", lambda r, s, c: set_cell(r, s, "name", "meta")),
    ("spaces around", lambda r, s, c: [row.__setitem__(0, " " + row[0] + "  ") for row in s[1:] if row[0]]),
]


def column(s, name):
    clean = [str(h).strip().lower().replace(" ", "_").split("::")[0] for h in s[0]]
    return clean.index(name)


def rows_with(s, name):
    at = column(s, name)
    return [row for row in s[1:] if len(row) > at and row[at]]


def set_cell(r, s, name, value):
    rows = [row for row in rows_with(s, "name") if not row[0].startswith(("begin", "end"))] or s[1:]
    r.choice(rows)[column(s, name)] = value


def other_name(r, s):
    return r.choice(rows_with(s, "name"))[column(s, "name")]


def drop_row(r, s, start):
    rows = [row for row in s[1:] if row[0].strip().startswith(start)]
    if rows:
        s.remove(r.choice(rows))


def swap_end(r, s):
    rows = [row for row in s[1:] if row[0].strip().startswith("end")]
    if rows:
        row = r.choice(rows)
        row[0] = row[0].replace("group", "REPEAT").replace("repeat", "group").replace("REPEAT", "repeat")


def set_calculate(r, s):
    rows = [row for row in s[1:] if row[0].strip() == "calculate"]
    if rows:
        r.choice(rows)[column(s, "calculation")] = ""


def survey(*rows, choices=(), settings=(), columns=None):
    columns = columns or COLUMNS
    sheet = [columns] + [list(row) + [""] * (len(columns) - len(row)) for row in rows]
    return {"survey": sheet, "choices": [CHOICES] + list(choices or OPTIONS), "settings": list(settings)}


# What huifang alone refuses: expressions are text to pyxform.
OURS = {
    "grammar": survey(["integer", "a", "A", "", "1 +"]),
    "function": survey(["integer", "a", "A", "", "uuid() = 1"]),
    "path": survey(["integer", "a", "A", "", "../b = 1"], ["integer", "b", "B"]),
    "itself": survey(["integer", "a", "A", "", "${a} = 1"]),
    "circle": survey(["calculate", "a", "", "", "", "", "", "", "${b}"], ["calculate", "b", "", "", "", "", "", "", "${a} + 1"]),
    "pattern": survey(["text", "a", "A", "", "", "", "regex(., '(?=x)')"]),
    "2,000 questions": survey(*[["integer", f"q{n}", "问"] for n in range(2000)]),
    "audio": survey(["audio", "a", "A"]),
    "file": survey(["select_one_from_file a.csv", "a", "A"]),
    "read only": survey(["integer", "a", "A", "", "", "", "", "", "", "", "", "", "", "yes"], columns=COLUMNS + ["read_only"]),
}

# Named forms that both judge.
NAMED = {
    "one sheet": {"Tabelle1": [["type", "name", "label"], ["text", "a", "A"]]},
    "no survey": {"Fragen": [["type", "name", "label"], ["text", "a", "A"]], "choices": [CHOICES]},
    "empty survey": {"survey": [[]], "choices": [CHOICES]},
    "upper case sheet": {"SURVEY": [["Type", "Name", "Label"], ["text", "a", "A"]], "Choices": [["List Name", "Name", "Label"]]},
    "names in two groups": survey(["begin group", "g", "G"], ["text", "n", "N"], ["end group"], ["begin group", "h", "H"], ["text", "n", "N"], ["end group"]),
    "ambiguous reference": survey(["begin group", "g", "G"], ["text", "n", "N"], ["end group"], ["begin group", "h", "H"], ["text", "n", "N"], ["end group"], ["text", "z", "Z", "", "${n} = 'x'"]),
    "repeat named data": survey(["begin repeat", "data", "D"], ["text", "n", "N"], ["end repeat"]),
    "two repeats of one name": survey(["begin group", "g", "G"], ["begin repeat", "r", "D"], ["text", "n", "N"], ["end repeat"], ["end group"], ["begin repeat", "r", "D"], ["text", "m", "N"], ["end repeat"]),
    "hint alone": survey(["text", "a", "", "提示"]),
    "calculation shown": survey(["integer", "a", "A"], ["integer", "b", "B", "", "", "", "", "", "${a} + 1"]),
    "calculation hidden": survey(["integer", "a", "A"], ["integer", "b", "", "", "", "", "", "", "${a} + 1"]),
    "duplicates allowed": survey(["select_one village", "a", "A"], choices=OPTIONS + [["village", "v1", "再", "b"]], settings=[["allow_choice_duplicates"], ["yes"]]),
    "last saved": survey(["text", "a", "A", "", "", "", "", "", "", "${last-saved#a}"]),
    "reference in choices": survey(["select_one town", "a", "A"], choices=[["town", "x", "甲 ${nobody}"]]),
    "reference in settings": survey(["text", "a", "A"], settings=[["form_title"], ["${nobody}"]]),
    "bad settings name": survey(["text", "a", "A"], settings=[["name"], ["a b"]]),
    "500 options": survey(["select_one big", "a", "A"], choices=[["big", f"o{n}", str(n)] for n in range(500)]),
    "empty group": survey(["text", "a", "A"], ["begin group", "g", "G"], ["end group"]),
    "note without name": survey(["note", "", "看"]),
    "smart quotes": survey(["text", "a", "A", "", "${a0} = ‘x’"], ["text", "a0", "A"]),
    "number cells": survey(["integer", "a", "A", "", "", "", "", "", "", 5], ["select_one n", "b", "B", "", "${a} = 1"], choices=[["n", 1, 1], ["n", 2, 2]]),
    "true cells": survey(["integer", "a", "A", "", "", True], ["integer", "b", "B", "", "", False]),
    "or_other with filter": survey(["select_one town or_other", "a", "A", "", "", "", "", "", "", "", "town = 'x'"]),
    "no choices sheet": {"survey": [["type", "name", "label"], ["select_one x", "a", "A"]]},
    "choices without name column": {"survey": [["type", "name", "label"], ["text", "a", "A"]], "choices": [["list_name", "label"], ["x", "A"]]},
}


def forms(seeds):
    for name, form in NAMED.items():
        yield name, form
    for seed in range(seeds):
        yield f"good {seed}", Maker(seed).form()
    for n, (name, damage) in enumerate(DAMAGES):
        for seed in range(max(3, seeds // 20)):
            r = random.Random(n * 1000 + seed)
            form = Maker(10_000 + n * 1000 + seed).form()
            damage(r, form["survey"], form["choices"])
            yield f"{name} {seed}", form


# ---------------------------------------------------------------- the two

def write(form, path):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in form.items():
        if name == "settings" and not rows:
            continue
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([cell if cell != "" else None for cell in row])
    book.save(path)


def clean(text):
    return re.sub(r"\s+", " ", re.sub("[“”]", '"', re.sub("[‘’]", "'", text or ""))).strip()


def expression(text):
    """Without the paths that pyxform writes for references, and without spaces."""
    if text is None:
        return None
    text = re.sub(r"instance\('__last-saved'\)(/[^\s/()=!<>,+*]+)+", lambda m: "${last-saved#" + m.group(0).rsplit("/", 1)[1] + "}", text)
    text = re.sub(r"(?:current\(\)/)?(?:\.\./)+[^\s/()=!<>,+*]+(?:/[^\s/()=!<>,+*]+)*|(?<![\w'\"])/[^\s/()=!<>,+*]+(?:/[^\s/()=!<>,+*]+)*",
                  lambda m: "${" + m.group(0).rsplit("/", 1)[1] + "}", text)
    return re.sub(r"\s+", "", text)


def of_pyxform(path):
    """What pyxform makes of a form: path -> what is said of it; or why it refuses."""
    try:
        result = convert(xlsform=str(path), warnings=[], validate=False, pretty_print=False)
    except Exception as error:  # noqa: BLE001 pyxform raises many kinds
        return {"refused": str(error)[:300]}
    root = ET.fromstring(result.xform)
    model = root.find("h:head/x:model", NS)
    instance = list(model.find("x:instance", NS))[0]
    top = "/" + instance.tag.split("}")[-1]
    itext = {}
    for language in model.findall("x:itext/x:translation", NS):
        for text in language.findall("x:text", NS):
            value = text.find("x:value", NS)
            itext.setdefault(text.get("id"), "".join(value.itertext()) if value is not None else "")
    words = lambda node: None if node is None else clean(itext.get(re.sub(r"jr:itext\('(.*)'\)", r"\1", node.get("ref")), "") if node.get("ref") else "".join(node.itertext()))
    questions = {}
    for bind in model.findall("x:bind", NS):
        path_ = bind.get("nodeset")[len(top):]
        if path_.startswith("/meta"):
            continue
        questions[path_] = {"type": bind.get("type"), "relevant": expression(bind.get("relevant")), "required": expression(bind.get("required")),
                            "constraint": expression(bind.get("constraint")), "calculate": expression(bind.get("calculate"))}
    lists = {}
    for secondary in model.findall("x:instance", NS)[1:]:
        items = secondary.findall(".//x:item", NS)
        lists[secondary.get("id")] = [item.find("x:name", NS).text for item in items]
    body = root.find("h:body", NS)
    for control in body.iter():
        kind = control.tag.replace(XF, "")
        ref = (control.get("ref") or control.get("nodeset") or "")
        if not ref.startswith(top) or kind not in ("input", "select", "select1", "upload", "group", "repeat", "trigger"):
            continue
        about = questions.setdefault(ref[len(top):], {"type": None, "relevant": None, "required": None, "constraint": None, "calculate": None})
        about["control"] = kind if kind != "group" or about.get("control") is None else about["control"]
        if kind == "repeat":
            about["count"] = expression(control.get("{http://openrosa.org/javarosa}count"))
            continue
        about["label"] = words(control.find("x:label", NS)) or words(control.find("x:hint", NS))
        items = control.find("x:itemset", NS)
        if items is not None:
            match = re.match(r"instance\('(.*?)'\)/root/item(?:\[(.*)\])?$", items.get("nodeset"), re.S)
            about["options"] = lists[match.group(1)]
            about["filter"] = expression(match.group(2))
        elif kind in ("select", "select1"):
            about["options"] = [item.find("x:value", NS).text for item in control.findall("x:item", NS)]
    actions = {}
    for setvalue in list(model.findall("x:setvalue", NS)) + [s for s in body.iter(XF + "setvalue")]:
        actions[setvalue.get("ref")[len(top):]] = expression(setvalue.get("value"))
    for path_, about in questions.items():
        node = instance
        for part in path_.strip("/").split("/"):
            node = next((child for child in node if child.tag.split("}")[-1] == part), None)
            if node is None:
                break
        static = (node.text or "").strip() if node is not None and len(node) == 0 else ""
        about["default"] = actions.get(path_) or (expression("'%s'" % static) if static else None)
    return {"questions": questions}


KINDS = {"text": ("string", "barcode"), "int": ("int",), "decimal": ("decimal",), "date": ("date",), "note": ("string",), "photo": ("binary",),
         "geo": ("geopoint",), "single": ("string",), "multi": ("string",), "calculate": ("string", "int", "decimal", "date", None)}


def of_huifang(binary, path):
    run = subprocess.run([binary, "checklist", "check", str(path), "--json"], capture_output=True, text=True, timeout=120)
    try:
        answer = json.loads(run.stdout)
    except json.JSONDecodeError:
        return {"crashed": (run.stdout + run.stderr)[-400:]}
    if not answer["ok"]:
        return {"refused": [f"{e.get('sheet')}!{e.get('row')}!{e.get('column')} {e['message']}" for e in answer["errors"]]}
    return {"template": answer["template"]}


def flat(questions, within=""):
    for question in questions:
        name = question["code"]
        # A name that is there several times carries those of its groups.
        path = f"{within}/{name.removeprefix(within.strip('/').replace('/', '.') + '.')}"
        yield path, question
        yield from flat(question.get("parts", []), path)


def differences(theirs, template):
    """What pyxform and huifang understand differently."""
    found = []
    ours = dict(flat(template["questions"]))
    counted = {path + "_count" for path, q in ours.items() if q["type"] == "repeat"}
    shown = {path: about for path, about in theirs.items() if path not in counted or path in ours}
    # An empty group is left out here.
    for path in set(shown) - set(ours):
        about = shown[path]
        if about.get("control") in ("group", "repeat") and not any(other.startswith(path + "/") for other in theirs):
            continue
        found.append(f"{path}: missing here")
    for path in set(ours) - set(shown):
        if ours[path]["type"] != "parts":
            found.append(f"{path}: not in pyxform")
    truth = lambda text: None if text in (None, "false()") else text
    for path in set(ours) & set(shown):
        q, about = ours[path], shown[path]
        differ = lambda what, a, b: found.append(f"{path}: {what}: pyxform {a!r}, huifang {b!r}") if a != b else None
        if q["type"] in KINDS and about["type"] not in KINDS[q["type"]]:
            differ("type", about["type"], q["type"])
        if q["type"] == "multi":
            differ("control", about.get("control"), "select")
        if q["type"] == "single":
            differ("control", about.get("control"), "select1")
        if q["type"] == "repeat":
            count = theirs.get(path + "_count", {}).get("calculate") if about.get("count", "") and path + "_count" in theirs else about.get("count")
            differ("count", count, expression(q.get("derive")))
        else:
            differ("calculate", about["calculate"], expression(q.get("derive")))
        required = q.get("required")
        differ("relevant", about["relevant"], expression(q.get("show_if")))
        differ("required", truth(about["required"]), {True: "true()", None: None}.get(required, required if not isinstance(required, str) else expression(required)))
        differ("constraint", about["constraint"], expression(q["validate"]["expr"]) if "validate" in q else None)
        differ("default", about.get("default"), expression(q.get("default")))
        if "options" in about:
            # One and the same answer; a setting allows it.
            differ("options", list(dict.fromkeys(about["options"])) if not about.get("filter") else about["options"], [option["code"] for option in q["options"]])
            differ("filter", about.get("filter"), expression(q.get("filter")))
        if about.get("label") and q["type"] != "parts" and "${" not in q["text"]["zh"] and about["label"] not in ("Specify other.",):
            differ("label", about["label"], clean(q["text"]["zh"]))
    return found


def compare(binary, name, form, folder, ours_only=False):
    path = folder / (re.sub(r"\W", "_", name) + ".xlsx")
    write(form, path)
    theirs, own = of_pyxform(path), of_huifang(binary, path)
    if "crashed" in own:
        return theirs, [f"huifang crashed: {own['crashed']}"], None
    if ours_only:
        alone = "refused" in own and "refused" not in theirs
        return theirs, [] if alone else [f"expected to be refused here alone: {own}, {list(theirs)}"], None
    if ("refused" in theirs) != ("refused" in own):
        return theirs, [f"pyxform {theirs.get('refused', 'accepts')}; huifang {own.get('refused', 'accepts')}"], None
    if "refused" in theirs:
        return theirs, [], None
    return theirs, differences(theirs["questions"], own["template"]), understanding(own["template"])


def understanding(template):
    """What is frozen of a form on which both agree: by path, what huifang understands."""
    said = {}
    for path, q in flat(template["questions"]):
        required = q.get("required")
        about = {"kind": q["type"], "relevant": expression(q.get("show_if")), "required": required if not isinstance(required, str) else expression(required),
                 "constraint": expression(q["validate"]["expr"]) if "validate" in q else None, "calculate": expression(q.get("derive")),
                 "default": expression(q.get("default")), "filter": expression(q.get("filter")),
                 "options": [option["code"] for option in q.get("options", [])] or None}
        said[path] = {name: value for name, value in about.items() if value is not None}
    return said


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--huifang", default=str(ROOT / "target/debug/huifang"))
    parser.add_argument("--seeds", type=int, default=300)
    parser.add_argument("--freeze", action="store_true")
    args = parser.parse_args()
    bad = total = refused = 0
    corpus = []
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as pool:
        folder = pathlib.Path(folder)
        jobs = [(name, form, False) for name, form in forms(args.seeds)] + [(name, form, True) for name, form in OURS.items()]
        answers = pool.map(lambda job: compare(args.huifang, job[0], job[1], folder, job[2]), jobs)
        for (name, form, ours_only), (theirs, found, understood) in zip(jobs, answers):
            total += 1
            refused += "refused" in theirs
            if found:
                bad += 1
                print(f"{name}:")
                for line in found[:6]:
                    print("   ", line)
            if not ours_only and (name in NAMED or int(name.rsplit(" ", 1)[1]) < (40 if name.startswith("good") else 2)):
                corpus.append({"name": name, "form": form, "refused": "refused" in theirs, "questions": understood})
            elif ours_only and name != "2,000 questions":
                corpus.append({"name": name, "form": form, "refused": True, "ours": True})
    print(f"{total} forms, {refused} refused by pyxform, {bad} judged differently")
    if args.freeze:
        CORPUS.parent.mkdir(exist_ok=True)
        CORPUS.write_text(json.dumps(corpus, ensure_ascii=False, separators=(",", ":")) + "\n")
        print(f"{len(corpus)} forms frozen in {CORPUS.relative_to(ROOT)}, {CORPUS.stat().st_size // 1024} KB")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
