#!/usr/bin/env python3
"""Times Leat beside dbt-core (and, where it is installed, the Rust engine) on generated projects.

    Benchmarks/dbt/compare.py --leat .build/release/leat --dbt dbt
    Benchmarks/dbt/compare.py --leat .build/release/leat --models 5000 --steps parse parse_warm

For each size, in a fresh folder: parse without a cache, parse again, parse after an edit of one model, ls, ls of one
model and its parents, compile, run. Each line: CPU seconds (user and system), wall seconds and peak memory of each
tool, and how many times more CPU the others take. CPU seconds are the figure to compare, as machines are shared.

--rust names a binary such as the dbt-core-experimental-parser that PyPI's package of that name carries.
PostgreSQL for compile and run comes from PGHOST, PGPORT, PGUSER, PGPASSWORD and PGDATABASE.
"""

import argparse
import os
import shlex
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
STEPS = {
    "parse": ["parse"],
    "parse_warm": ["parse"],
    "parse_edit": ["parse"],
    "ls": ["ls"],
    "ls_one": ["ls", "--select", "+{last}"],
    "compile": ["compile", "--threads", "4"],
    "run": ["run", "--threads", "4"],
    "run_again": ["run", "--threads", "4"],
}


def timed(command, folder, environment, limit):
    start = time.monotonic()
    with open(folder / "benchmark.log", "wb") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT)
        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() - start > limit:
                process.kill()
            time.sleep(0.002)
    process.returncode = os.waitstatus_to_exitcode(status)
    return {
        "code": process.returncode,
        "cpu": usage.ru_utime + usage.ru_stime,
        "wall": time.monotonic() - start,
        "memory": usage.ru_maxrss / (1 << (20 if sys.platform == "darwin" else 10)),
    }


def measure(tool, command, models, steps, limit):
    results = {}
    with tempfile.TemporaryDirectory(prefix="dbt-benchmark-") as root:
        project = Path(root) / "project"
        generator = [sys.executable, HERE / "make_project.py", "--models", str(models), "--out", project]
        subprocess.run(generator, check=True, stdout=subprocess.DEVNULL)
        schema = f"bench_{tool}_{models}_{os.getpid()}"
        environment = {**os.environ, "DBT_BENCH_SCHEMA": schema, "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"}
        if tool == "rust":
            environment["DBT_ALLOW_EXPERIMENTAL_ADAPTERS"] = "true"
        last = sorted(project.glob("models/marts/*/mart_*.sql"))[-1]
        for step in steps:
            if step == "parse_edit":
                last.write_text(last.read_text() + "-- edited\n")
            words = [word.format(last=last.stem) for word in STEPS[step]]
            arguments = command + words + ["--project-dir", ".", "--profiles-dir", "."]
            results[step] = timed(arguments, project, environment, limit)
            if results[step]["code"] != 0:
                log = (project / "benchmark.log").read_text(errors="replace")
                print(f"{tool} {step}: exit code {results[step]['code']}\n{log[-600:]}", file=sys.stderr)
        if any(step.startswith(("compile", "run")) for step in steps):
            drop = f'DROP SCHEMA IF EXISTS "{schema}" CASCADE'
            psql = ["psql", "-qX", "-d", environment.get("PGDATABASE", "postgres"), "-c", drop]
            subprocess.run(psql, env=environment, stderr=subprocess.DEVNULL, check=False)
    return results


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--leat", required=True, help="the binary")
    parser.add_argument("--dbt", help="dbt-core's command")
    parser.add_argument("--rust", help="the Rust engine's command")
    parser.add_argument("--models", type=int, nargs="+", default=[100, 1000, 5000])
    parser.add_argument("--steps", nargs="+", default=list(STEPS), choices=STEPS)
    parser.add_argument("--limit", type=float, default=1800, help="seconds per step")
    options = parser.parse_args()
    # The binary is the dbt command line under `leat dbt`.
    tools = {"leat": [str(Path(options.leat).resolve()), "dbt"]}
    for name in ("dbt", "rust"):
        if getattr(options, name):
            tools[name] = shlex.split(getattr(options, name))
    print(f"{'models':>6} {'step':<11} " + " ".join(f"{tool + ' CPU/wall s, MiB':>26}" for tool in tools) + "  ratios of CPU")
    for models in options.models:
        found = {tool: measure(tool, command, models, options.steps, options.limit) for tool, command in tools.items()}
        for step in options.steps:
            own = found["leat"][step]
            cells = [f"{r['cpu']:.2f} / {r['wall']:.2f}, {r['memory']:.0f}" for r in (found[t][step] for t in tools)]
            ratios = [f"{found[t][step]['cpu'] / max(own['cpu'], 0.01):.0f}x {t}" for t in tools if t != "leat"]
            print(f"{models:>6} {step:<11} " + " ".join(f"{c:>26}" for c in cells) + "  " + ", ".join(ratios), flush=True)


if __name__ == "__main__":
    main()
