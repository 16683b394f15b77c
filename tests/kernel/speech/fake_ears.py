"""Stands for `acquis.kernel.speech`'s process: the same lines in and out, no model.

Run with what to do: `hear` answers each sound with its own text as words; `fault` tells that the model
cannot be read; `refuse` tells it of each sound; `die` ends in the middle; `stay` never answers.
"""

import json
import os
import sys
import time

WHAT = sys.argv[1]


def tell(**told):
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


if WHAT == "fault":
    tell(fault="FileNotFoundError: model.bin")
    sys.exit(1)
tell(model="modele-essai", version="b" * 64, engine="essai 1.0")
while line := sys.stdin.buffer.readline():
    sound = sys.stdin.buffer.read(json.loads(line)["bytes"]).decode()
    if WHAT == "refuse":
        tell(fault="InvalidDataError: no sound")
        continue
    for rank, word in enumerate(sound.split()):
        tell(words=[[word, rank, rank + 0.5, 0.75]])
        if WHAT == "die":
            os._exit(9)
        if WHAT == "stay":
            time.sleep(60)
    tell(done=True)
