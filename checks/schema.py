"""Asks two validators and a language server about the schema of settings: see checks/schema.

Usage: schema.py PROGRAM FOLDER
"""

import json
import pathlib
import re
import shutil
import subprocess
import sys
import time

PROGRAM, AT = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
TOOLS = AT / "venv" / "bin"
NAMED = "#:schema ./resilience.schema.json\n"
SETTINGS = re.compile(r"^\s*\[+(global|templates|services|overrides|chaos)\b", re.MULTILINE)


def run(*words, **options):
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=120, **options)


def examples():
    """The settings that the documentation and the examples show, each with the place that it stands in."""
    sources = [*pathlib.Path(".").glob("*.md")]
    for folder in ("docs", "examples", "resilience-runtime/docs", "resilience-runtime/src", "resilience-settings/src", "monitoring"):
        for kind in ("*.md", "*.toml", "*.rs"):
            sources += pathlib.Path(folder).rglob(kind)
    for source in sorted(sources):
        text = source.read_text()
        if source.suffix == ".toml":
            pieces = [text] if source.name not in ("Cargo.toml", "head.toml", "tail.toml") else []
        else:
            pieces = re.findall(r"^[ \t]*(?://[!/] ?)?```toml\n(.*?)^[ \t]*(?://[!/] ?)?```", text, re.MULTILINE | re.DOTALL)
            pieces = [re.sub(r"^[ \t]*//[!/] ?", "", piece, flags=re.MULTILINE) for piece in pieces]
            if source.parts[0] == "examples":
                pieces += [piece for _, piece in re.findall(r'r(#+)"\n?(\[.*?)"\1', text, re.DOTALL)]
                pieces += [piece.encode().decode("unicode_escape") for piece in re.findall(r'"(\[(?:[^"\\]|\\.)*\n(?:[^"\\]|\\.)*)"', text)]
        for number, piece in enumerate(pieces, 1):
            # What a program fills in is no example to copy.
            if SETTINGS.search(piece) and not re.search(r"\{\w*\}", piece):
                yield f"{source}, {number}", piece


def fresh(name):
    folder = AT / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    made = run(PROGRAM, "init", folder / "resilience.toml")
    assert made.returncode == 0, made.stderr
    return folder


def by_json_schema(folder, files):
    """The files that check-jsonschema refuses."""
    schema = folder / "resilience.schema.json"
    said = run(TOOLS / "check-jsonschema", "--schemafile", schema, "--output-format", "json", *files)
    told = json.loads(said.stdout)
    return {pathlib.Path(one["filename"]).name: one.get("message", "no TOML") for one in [*told.get("errors", []), *told.get("parse_errors", [])]}


def by_tombi(folder, files):
    """The files that Tombi refuses, all asked for at once: its start takes longer than a file."""
    said = run(TOOLS / "tombi", "lint", "--offline", *(file.name for file in files), cwd=folder)
    text = re.sub(r"\x1b\[[0-9;]*m", "", said.stdout + said.stderr)
    refused = {}
    for why, name in re.findall(r"Error: (.*)\n\s*at (\S+\.toml):\d+:\d+", text):
        refused.setdefault(name, why)
    counted = re.search(r"(\d+) files? failed", text)
    assert len(refused) == int(counted[1] if counted else 0) and (said.returncode != 0) == bool(refused), text
    return refused


def judges(folder, files):
    return {"check-jsonschema": by_json_schema(folder, files), "tombi lint": by_tombi(folder, files)}


def accepts_every_valid_file():
    folder = fresh("valid")
    text = (folder / "resilience.toml").read_text()
    (folder / "everything.toml").write_text(re.sub(r"^#([a-z\[])", r"\1", text, flags=re.MULTILINE))
    places = {}
    for number, (place, piece) in enumerate(examples(), 1):
        name = f"example-{number:03}.toml"
        places[name] = place
        (folder / name).write_text(NAMED + piece)
    assert len(places) >= 3, f"only {len(places)} examples were found"
    for file in pathlib.Path("resilience-runtime/tests/cli/valid").glob("*.toml"):
        (folder / file.name).write_text(NAMED + file.read_text())
    files = sorted(folder.glob("*.toml"))
    checked = run(PROGRAM, "check", "--json", *files)
    for one in json.loads(checked.stdout):
        name = pathlib.Path(one["file"]).name
        assert not one["faults"], f"{places.get(name, name)} is no valid example: {one['faults']}"
    for judge, refused in judges(folder, files).items():
        for name, why in refused.items():
            sys.exit(f"{judge} refuses {name} ({places.get(name, 'the default file')}): {why}")
    print(f"   {len(files)} valid files are accepted")


def refuses_what_a_schema_can():
    folder = fresh("faulty")
    (folder / "resilience.toml").unlink()
    for file in pathlib.Path("resilience-runtime/tests/cli/faulty").glob("*.toml"):
        (folder / file.name).write_text(NAMED + file.read_text())
    files = sorted(folder.glob("*.toml"))
    known = {file.name for file in files if "#~ " in file.read_text()}
    for judge, refused in judges(folder, files).items():
        missed, surplus = known - refused.keys(), refused.keys() - known
        assert not missed, f"{judge} accepts {sorted(missed)}"
        for name in surplus:
            sys.exit(f"{judge} refuses {name}, of which only the check is said to know: {refused[name]}")
    print(f"   {len(known)} faulty files are refused, and {len(files) - len(known)} only by the check")


class Server:
    """A language server that is asked over its standard input and output."""

    def __init__(self, *words, **options):
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(list(map(str, words)), stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, **options)
        self.number = 0

    def send(self, **message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def ask(self, method, **params):
        self.number += 1
        number = self.number
        self.send(id=number, method=method, params=params)
        while True:
            length = 0
            while line := self.process.stdout.readline().strip():
                name, _, value = line.partition(b":")
                length = int(value) if name.lower() == b"content-length" else length
            assert length, "the server has gone"
            message = json.loads(self.process.stdout.read(length))
            if message.get("id") == number and "method" not in message:
                assert "error" not in message, message
                return message["result"]
            if "id" in message:
                # The server asks for settings of the editor, of which there are none.
                wanted = len((message.get("params") or {}).get("items", []))
                self.send(id=message["id"], result=[None] * wanted if message["method"] == "workspace/configuration" else None)


def completes_a_key():
    folder = fresh("editor")
    cases = [
        ("[services.db]\nmax_at", "max_attempts"),
        ("[services.db]\nstrategy = \"\"", "fibonacci"),
        ("[services.db.breaker]\nfailure", "failure_rate"),
        ("[global.shedding]\nque", "queue_time"),
        ("[chaos.slow]\nlat", "latency"),
        ("[chaos.slow]\nreject = \"\"", "circuit_open"),
    ]
    server = Server(TOOLS / "tombi", "lsp", "--offline", cwd=folder)
    try:
        server.ask("initialize", processId=None, rootUri=folder.as_uri(), capabilities={}, workspaceFolders=[{"uri": folder.as_uri(), "name": "x"}])
        server.send(method="initialized", params={})
        for number, (typed, expected) in enumerate(cases):
            # A file for each: a server may answer a question before it has seen that a file was closed.
            file = folder / f"edited-{number}.toml"
            text = NAMED + typed
            file.write_text(text)
            document = {"uri": file.as_uri(), "languageId": "toml", "version": 1, "text": text}
            server.send(method="textDocument/didOpen", params={"textDocument": document})
            last = text.split("\n")
            at = len(last[-1]) - (1 if typed.endswith('"') else 0)
            labels, tries = [], 50
            while expected not in labels and tries > 0:
                tries -= 1
                answer = server.ask(
                    "textDocument/completion",
                    textDocument={"uri": file.as_uri()},
                    position={"line": len(last) - 1, "character": at},
                )
                items = answer if isinstance(answer, list) else (answer or {}).get("items", [])
                labels = [item["label"].strip('"') for item in items]
                if expected not in labels:
                    time.sleep(0.1)
            assert expected in labels, f"behind {typed!r} the editor offers {labels}"
    finally:
        server.process.kill()
    print(f"   {len(cases)} keys and values are completed")


accepts_every_valid_file()
refuses_what_a_schema_can()
completes_a_key()
print("ok: the schema accepts, refuses and completes")
