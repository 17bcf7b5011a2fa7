"""Reads models, each in a process of its own: `python measured.py PATH ...` prints one JSON object for each.

Says the seconds that the processor took, how many bytes the process grew by, and the refusal, if there was
one. A process that takes longer than PATIENCE ends without an answer.
"""

import json
import os
import resource
import signal
import sys
import time

from pycnn import ModelError, load_model

PATIENCE = 60  # seconds on the clock, on a machine that may be busy


def most_bytes():
    return 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def measure(path):
    before, started = most_bytes(), time.process_time()
    refusal = None
    try:
        load_model(path)
    except ModelError as error:
        refusal = str(error)
    seconds = time.process_time() - started
    return {"seconds": seconds, "bytes": most_bytes() - before, "refusal": refusal}


for name in sys.argv[1:]:
    sys.stdout.flush()
    if os.fork() == 0:
        signal.alarm(PATIENCE)
        print(json.dumps({"path": name, **measure(name)}), flush=True)
        os._exit(0)
    os.wait()
