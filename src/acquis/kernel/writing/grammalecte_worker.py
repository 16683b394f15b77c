"""Runs Grammalecte (GPL-3) in a process of its own: one JSON line in, one JSON line out.

Started by `check.py` with the folder of the system package as its only argument.
"""

import json
import sys
from pathlib import Path
from typing import Any

OPTIONS = {"apos": False, "nbsp": False, "unit": False, "typo": False, "esp": False, "tab": False}


def main() -> None:
    folder = Path(sys.argv[1])
    sys.path.insert(0, str(folder.parent))
    import grammalecte

    checker: Any = grammalecte.GrammarChecker("fr")
    engine = checker.getGCEngine()
    for name, value in OPTIONS.items():
        engine.setOption(name, value)
    print("ready", flush=True)  # noqa: T201  the protocol of this process
    for line in sys.stdin:
        paragraphs = json.loads(line)
        found = []
        for paragraph in paragraphs:
            grammar, spelling = checker.getParagraphErrors(paragraph, bSpellSugg=True)
            found.append([*map(_grammar, grammar), *map(_spelling, spelling)])
        print(json.dumps(found), flush=True)  # noqa: T201


def _grammar(error: dict[str, Any]) -> dict[str, Any]:
    return {
        "start": error["nStart"],
        "end": error["nEnd"],
        "message": error["sMessage"],
        "suggestions": list(error.get("aSuggestions", []))[:5],
        "kind": "grammar",
    }


def _spelling(error: dict[str, Any]) -> dict[str, Any]:
    return {
        "start": error["nStart"],
        "end": error["nEnd"],
        "message": f"« {error['sValue']} » n'est pas au dictionnaire.",
        "suggestions": list(error.get("aSuggestions", []))[:5],
        "kind": "spelling",
    }


if __name__ == "__main__":
    main()
