#!/usr/bin/env python3
"""Times Leat beside dbt-core and the Rust engine on generated projects, in one run.

    Benchmarks/dbt/compare.py --leat .build/release/leat --dbt dbt --rust dbt-core-experimental-parser
    Benchmarks/dbt/compare.py --leat .build/release/leat --models 5000 --steps parse parse_again
    Benchmarks/dbt/compare.py --leat .build/release/leat --dbt dbt --peer-models 1000 --peer-steps parse ls

For each size, in a fresh folder: parse without a cache, parse again, parse after an edit of one model, ls, ls of one model
and its parents, compile, run, run again, build. Each line: CPU seconds (user and system), wall seconds and peak memory of
each tool, and how many times more CPU and wall time the others take. Where machines are shared, CPU seconds are the
figure to compare. Leat's steps are taken --rounds times, and the least counts; those of the others once.

Last, what running costs beyond the SQL itself: all models in one thread, beside psql with the same statements in the same
order, which Leat's own log tells.

--dbt and --rust are commands: dbt of dbt-core, and the binary that dbt-core-experimental-parser 2.0.0a4 carries. They are
slow at 5,000 models (dbt-core takes 100 CPU seconds for parse alone), so --peer-models and --peer-steps say what they take
part in, and --limit ends a step. PostgreSQL comes from PGHOST, PGPORT, PGUSER, PGPASSWORD and PGDATABASE.
"""

import argparse
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
STEPS = {
    "parse": ["parse"],
    "parse_again": ["parse"],
    "parse_edit": ["parse"],
    "ls": ["ls"],
    "ls_one": ["ls", "--select", "+{last}"],
    "compile": ["compile", "--threads", "4"],
    "run": ["run", "--threads", "4"],
    "run_again": ["run", "--threads", "4"],
    "build": ["build", "--threads", "4"],
}


def timed(command, folder, environment, limit, output=None):
    """Runs a command: exit code, CPU and wall seconds, peak memory in MiB."""
    start = time.monotonic()
    with open(output or folder / "benchmark.log", "wb") as log:
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


def least(results):
    """Of several runs the least of each figure, and the worst exit code."""
    pick = {"code": lambda values: max(values, key=abs), "memory": max}
    return {key: pick.get(key, min)([result[key] for result in results]) for key in results[0]}


class Project:
    """A generated project in a folder of its own, with a schema of its own."""

    def __init__(self, name, models):
        self.root = tempfile.TemporaryDirectory(prefix="dbt-benchmark-")
        self.folder = Path(self.root.name) / "project"
        generator = [sys.executable, HERE / "make_project.py", "--models", str(models), "--out", self.folder]
        subprocess.run(generator, check=True, stdout=subprocess.DEVNULL)
        self.schema = f"bench_{name}_{models}_{os.getpid()}"
        self.environment = {
            **os.environ, "DBT_BENCH_SCHEMA": self.schema, "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
            "DBT_ALLOW_EXPERIMENTAL_ADAPTERS": "true",
        }
        self.last = sorted(self.folder.glob("models/marts/*/mart_*.sql"))[-1]

    def psql(self, *arguments, **options):
        command = ["psql", "-qX", "-d", os.environ.get("PGDATABASE", "postgres"), *arguments]
        return subprocess.run(command, env=self.environment, stderr=subprocess.DEVNULL, check=False, **options)

    def drop(self):
        # One view at a time: to drop thousands at once takes more locks than servers have room for.
        query = (
            f"select format('drop %s if exists %I.%I cascade;', case relkind when 'v' then 'view' else 'table' end, "
            f"relnamespace::regnamespace, relname) from pg_class where relnamespace::regnamespace::text like "
            f"'\"?{self.schema}%' and relkind in ('r', 'v')")
        listing = self.psql("-At", "-c", query, stdout=subprocess.PIPE).stdout
        self.psql(input=listing)
        self.psql("-c", f'drop schema if exists "{self.schema}" cascade')

    def prepare(self, step):
        if step == "parse":
            shutil.rmtree(self.folder / "target", ignore_errors=True)
        if step == "parse_edit":
            self.last.write_text(self.last.read_text() + "-- edited\n")
        if step == "run":
            self.drop()

    def measure(self, tool, command, step, rounds, limit):
        results = []
        for _ in range(rounds):
            self.prepare(step)
            words = [word.format(last=self.last.stem) for word in STEPS[step]]
            results.append(
                timed(command + words + ["--project-dir", ".", "--profiles-dir", "."], self.folder, self.environment, limit))
            if results[-1]["code"] != 0:
                log = (self.folder / "benchmark.log").read_text(errors="replace")
                print(f"{tool} {step}: exit code {results[-1]['code']}\n{log[-600:]}", file=sys.stderr)
        return least(results)


def measure(tool, command, models, steps, rounds, limit):
    project = Project(tool, models)
    try:
        # Everything but a parse without cache finds one.
        if steps and steps[0] != "parse":
            project.measure(tool, command, "parse", 1, limit)
        return {step: project.measure(tool, command, step, rounds, limit) for step in steps}
    finally:
        if any(step.startswith(("compile", "run", "build")) for step in steps):
            project.drop()


def statements(log):
    """What a run sent to the server, in its order."""
    for line in log.read_text(errors="replace").splitlines():
        event = json.loads(line)
        if event["info"]["name"] == "SQLQuery":
            yield event["data"]["sql"]


def overhead(command, models, limit):
    """Seconds of a node that are not those of its SQL: in one thread, beside psql."""
    project = Project("floor", models)
    run = command + ["run", "--threads", "1", "--project-dir", ".", "--profiles-dir", "."]
    try:
        logged = timed(run + ["--log-format-file", "json", "--log-path", "sql"], project.folder, project.environment, limit)
        sql = list(statements(project.folder / "sql" / "dbt.log"))
        script = project.folder / "statements.sql"
        script.write_text("".join(f"{text}\n;\n" for text in sql))
        project.drop()
        # Without a log of statements, as by default on a terminal.
        own = timed(run + ["--log-level-file", "none"], project.folder, project.environment, limit)
        project.drop()
        psql = ["psql", "-qX", "-d", os.environ.get("PGDATABASE", "postgres"), "-f", str(script)]
        floor = timed(psql, project.folder, project.environment, limit, output=Path(os.devnull))
        if logged["code"] or own["code"] or floor["code"]:
            print("overhead: a run has failed", file=sys.stderr)
        return len(sql), own, floor
    finally:
        project.drop()


def report(models, steps, found):
    tools = list(found)
    for step in steps:
        own = found["leat"][step]
        cells = [found[tool].get(step) for tool in tools]
        texts = [f"{r['cpu']:.2f} / {r['wall']:.2f}, {r['memory']:.0f}" if r else "-" for r in cells]
        ratios = [
            f"{tool} {r['cpu'] / max(own['cpu'], 0.01):.0f}x CPU {r['wall'] / max(own['wall'], 0.01):.0f}x wall"
            for tool, r in zip(tools, cells) if r and tool != "leat"]
        print(f"{models:>6} {step:<11} " + " ".join(f"{text:>22}" for text in texts) + "  " + ", ".join(ratios), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--leat", required=True, help="the binary")
    parser.add_argument("--dbt", help="dbt-core's command")
    parser.add_argument("--rust", help="the Rust engine's command")
    parser.add_argument("--models", type=int, nargs="+", default=[100, 1000, 5000])
    parser.add_argument("--steps", nargs="*", default=list(STEPS), choices=STEPS)
    parser.add_argument("--peer-models", type=int, default=5000, help="the largest project that the others read")
    parser.add_argument("--peer-steps", nargs="+", default=list(STEPS), choices=STEPS)
    parser.add_argument("--overhead", type=int, default=1000, help="models of the comparison with psql; 0 for none")
    parser.add_argument("--rounds", type=int, default=3, help="how often Leat's steps are taken")
    parser.add_argument("--limit", type=float, default=1800, help="seconds per step")
    options = parser.parse_args()
    # The binary is the dbt command line under `leat dbt`.
    leat = [str(Path(options.leat).resolve()), "dbt"]
    peers = {name: shlex.split(getattr(options, name)) for name in ("dbt", "rust") if getattr(options, name)}
    print(f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores; CPU / wall seconds, MiB")
    print(f"{'models':>6} {'step':<11} " + " ".join(f"{tool:>22}" for tool in ["leat", *peers]))
    for models in options.models if options.steps else []:
        found = {"leat": measure("leat", leat, models, options.steps, options.rounds, options.limit)}
        for name, command in peers.items() if models <= options.peer_models else []:
            steps = [step for step in options.steps if step in options.peer_steps]
            found[name] = measure(name, command, models, steps, 1, options.limit)
        report(models, options.steps, found)
    if options.overhead:
        count, own, floor = overhead(leat, options.overhead, options.limit)
        print(
            f"{options.overhead} models, {count} statements in one thread: Leat {own['wall']:.2f} s, of it {own['cpu']:.2f} CPU s "
            f"of its own; psql {floor['wall']:.2f} s ({floor['cpu']:.2f}). Beyond the SQL: "
            f"{(own['wall'] - floor['wall']) / options.overhead * 1000:.2f} ms of wall time and "
            f"{own['cpu'] / options.overhead * 1000:.2f} ms of CPU time a model")


if __name__ == "__main__":
    main()
