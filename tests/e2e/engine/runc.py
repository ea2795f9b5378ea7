"""Stands before runc where root has no CAP_SYS_RESOURCE: takes OOM scores and limits back to what this root may set.

usage: runc.py REAL_RUNC ARGUMENT...
"""

import json
import os
import resource
import sys


def soften(path):
    """Rewrites the container's configuration in place."""
    with open(path, encoding="utf-8") as file:
        config = json.load(file)
    process = config["process"]
    process["oomScoreAdj"] = max(process.get("oomScoreAdj") or 0, 0)
    for limit in process.get("rlimits") or []:
        _, top = resource.getrlimit(getattr(resource, limit["type"]))
        if top != resource.RLIM_INFINITY:
            limit["hard"] = min(limit["hard"], top)
            limit["soft"] = min(limit["soft"], limit["hard"])
    with open(path, "w", encoding="utf-8") as file:
        json.dump(config, file)


real, *arguments = sys.argv[1:]
if "--bundle" in arguments:
    soften(os.path.join(arguments[arguments.index("--bundle") + 1], "config.json"))
os.execv(real, [real, *arguments])
