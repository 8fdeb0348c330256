#!/usr/bin/env python3
"""An engine in Python: puts a licence line on top of every Python file of the workspace that has none.

Studio runs it in the worktree with one JSON document on standard input; it answers in JSON lines on standard output.

    # .studio/config.yaml
    engines:
      commands:
        licence: { command: python3 /path/to/engine.py }
"""

import json
import pathlib
import re
import sys

LINE = "# SPDX-License-Identifier: Apache-2.0\n"
SKIPPED = {".git", "node_modules", ".venv"}


def say(kind, **fields):
    """One message. Flushed at once, so that progress is seen while it happens."""
    print(json.dumps({"type": kind, **fields}), flush=True)


def python_files():
    files = sorted(pathlib.Path().rglob("*.py"))
    return [file for file in files if not SKIPPED & set(file.parts) and not file.is_symlink()]


def plan(request):
    if not re.search(r"\blicen[cs]e\b", request["goal"], re.IGNORECASE):
        say(
            "cannot",
            reason="this engine only adds licence lines to Python files",
            unblock='ask for it, as in "Add licence headers", or choose another engine with --engine',
        )
        return
    bare = [file for file in python_files() if LINE not in file.read_text(encoding="utf-8")]
    if not bare:
        say("cannot", reason="every Python file has its licence line", unblock="there is nothing to do")
        return
    check = {"type": "file_contains", "pattern": "^# SPDX-License-Identifier: "}
    criteria = [
        {"criterion": f"{file} has a licence line", "verification": {**check, "path": file.as_posix()}} for file in bare
    ]
    step = {
        "id": "step_1",
        "name": f"Add the licence line to {len(bare)} files",
        "action": "Put it first, after a #! line where there is one.",
        "success_criteria": criteria,
    }
    say("plan", plan={"steps": [step]}, cautions=["the licence is taken to be Apache-2.0"])


def work(_request):
    changed = 0
    for file in python_files():
        text = file.read_text(encoding="utf-8")
        if LINE in text:
            continue
        say("progress", message=f"adding the licence line to {file}")
        first, separator, rest = text.partition("\n") if text.startswith("#!") else ("", "", text)
        file.write_text(first + separator + LINE + rest, encoding="utf-8")
        changed += 1
    say("done", summary=f"added the licence line to {changed} files")


def main():
    request = json.load(sys.stdin)
    if request["kind"] == "plan":
        plan(request)
    elif request["kind"] == "step":
        work(request)
    else:
        say(
            "cannot",
            reason=f"this engine cannot correct the gate {request['gate']}",
            unblock="correct the code by hand, or choose another engine with --engine",
        )


if __name__ == "__main__":
    main()
