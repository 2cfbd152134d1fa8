#!/usr/bin/env python3
"""What running tasks costs: Benchmarks/orchestrate/measure.py [LEAT] [--only NAME ...] [--airflow FILE]

LEAT is the program, by default .build/release/leat. Everything is measured from outside: in the records that leat writes
(.leat/leat.db) and in /proc, so nothing is measured that a user would not get.

    thousand   1,000 empty tasks in one run
    hop        from the start of a task to the start of the next one, in process and with a child process
    idle       leat serve with 12 pipelines and nothing to do
    many       10,000 pipelines of 100 tasks; about three of them are due in each second
    dbt        a dbt project of 5,000 models made into tasks (needs dbt-generated files, Benchmarks/dbt/make_project.py)
    soak       100,000 tasks in runs of 1,000, one after the other; memory after each tenth

--airflow takes a file of lines NAME SECONDS with the same figures of Airflow (hop_empty, hop_command, thousand, idle_percent,
idle_mb), and prints ratios. Without it, those of Airflow 3.3.2 with LocalExecutor are taken, measured on 2 cores, where a
second between two tasks is the scheduler's own pause.
"""

import argparse
import json
import os
import pathlib
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
AIRFLOW = {"thousand": 6.3, "hop_empty": 1.21, "hop_command": 6.9, "idle_percent": 16.3, "idle_mb": 1191}


class Project:
    """A project in a folder of its own."""

    def __init__(self, leat, text):
        self.leat = leat
        self.folder = tempfile.TemporaryDirectory(prefix="leat-bench-")
        self.path = pathlib.Path(self.folder.name)
        (self.path / "leat.yml").write_text("name: bench\nversion: 1\n" + text)

    def run(self, *arguments):
        """Runs the program; wall and CPU seconds."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        begin = time.monotonic()
        subprocess.run([self.leat, *arguments], cwd=self.path, check=True, stdout=subprocess.DEVNULL)
        wall = time.monotonic() - begin
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    def serve(self):
        process = subprocess.Popen(
            [self.leat, "serve", "--no-web", "--log-format", "json"], cwd=self.path, stdout=open(self.path / "out", "w"))
        begin = time.monotonic()
        while "scheduler_started" not in (self.path / "out").read_text():
            if process.poll() is not None:
                sys.exit("leat serve has ended")
            time.sleep(0.05)
        return process, time.monotonic() - begin

    def ask(self, sql, *values):
        with sqlite3.connect(f"file:{self.path}/.leat/leat.db?mode=ro", uri=True, timeout=30) as db:
            return db.execute(sql, values).fetchall()

    def hops(self):
        """Seconds from the start of a task to the start of the next one."""
        rows = self.ask("SELECT started_at FROM task ORDER BY position")
        return sorted((b[0] - a[0]) / 1e6 for a, b in zip(rows, rows[1:]))


def usage(process):
    """CPU seconds so far and memory in MB (proportional set size) of a process."""
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    memory = pathlib.Path(f"/proc/{process.pid}/smaps_rollup").read_text()
    pss = next(int(line.split()[1]) for line in memory.splitlines() if line.startswith("Pss:"))
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"), pss / 1024


def stop(process):
    process.send_signal(signal.SIGTERM)
    process.wait(60)


def chain(count, work):
    lines = [f"      t{n}: {{{work}{f', after: t{n - 1}' if n else ''}}}" for n in range(count)]
    return "pipelines:\n  p:\n    tasks:\n" + "\n".join(lines) + "\n"


def thousand(leat):
    tasks = "\n".join(f"      t{n}: {{empty: true}}" for n in range(1000))
    project = Project(leat, f"pipelines:\n  p:\n    tasks:\n{tasks}\n")
    wall, cpu = project.run("run", "p")
    run = project.ask("SELECT (finished_at - started_at) / 1e6 FROM run")[0][0]
    assert project.ask("SELECT count(*) FROM task WHERE state = 'success'")[0][0] == 1000
    return {"thousand": run, "thousand_program": wall, "thousand_cpu": cpu}


def hop(leat):
    empty = Project(leat, chain(200, "empty: true"))
    empty.run("run", "p")
    inside = empty.hops()
    command = Project(leat, chain(50, 'command: ["true"]'))
    _, cpu = command.run("run", "p")
    outside = command.hops()
    return {
        "hop_empty": inside[len(inside) // 2], "hop_empty_worst": inside[-1],
        "hop_command": outside[len(outside) // 2], "hop_command_worst": outside[-1], "command_cpu": cpu / 50,
    }


def idle(leat, seconds=30):
    tasks = "{a: {empty: true}, b: {command: 'true', after: a}}"
    lines = [f"  p{n}: {{schedule: '0 4 * * *', tasks: {tasks}}}" for n in range(12)]
    project = Project(leat, "pipelines:\n" + "\n".join(lines) + "\n")
    process, start = project.serve()
    time.sleep(5)
    before, _ = usage(process)
    time.sleep(seconds)
    after, memory = usage(process)
    stop(process)
    return {"idle_start": start, "idle_percent": (after - before) / seconds * 100, "idle_mb": memory}


def many(leat, count=10_000, seconds=60):
    tasks = ", ".join(f"t{n}: {{empty: true}}" for n in range(100))
    # Each hour has one interval of each pipeline. With this start none that has ended already is due.
    since = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 3600))
    lines = [
        f"  p{n}: {{schedule: '{n // 60 % 60} * * * * {n % 60}', start_date: '{since}', tasks: {{{tasks}}}}}"
        for n in range(count)]
    project = Project(leat, "pipelines:\n" + "\n".join(lines) + "\n")
    begin = time.monotonic()
    process, start = project.serve()
    time.sleep(5)
    # What became due while the file was read is made up for first.
    while time.monotonic() - begin < 900:
        latest = project.ask("SELECT max(due_at) FROM run WHERE started_at IS NOT NULL")[0][0]
        if latest and time.time() - latest / 1e6 < 3:
            break
        time.sleep(1)
    backlog = time.monotonic() - begin
    before, _ = usage(process)
    mark = time.time()
    time.sleep(seconds)
    after, memory = usage(process)
    delays = [row[0] for row in project.ask(
        "SELECT (min(t.started_at) - r.due_at) / 1e6 FROM run r JOIN task t ON t.run = r.id WHERE r.due_at >= ? AND r.due_at < ? GROUP BY r.id",
        int(mark * 1e6), int((mark + seconds - 5) * 1e6)) if row[0] is not None]
    stop(process)
    delays.sort()
    return {
        "many_start": start, "many_backlog": backlog, "many_runs": len(delays),
        "many_delay": delays[len(delays) // 2] if delays else None, "many_delay_worst": delays[-1] if delays else None,
        "many_percent": (after - before) / seconds * 100, "many_mb": memory,
    }


def dbt(leat, models=5000):
    project = Project(leat, "pipelines:\n  p: {tasks: {dbt: {dbt: {project: dbt, target: dev}}}}\n")
    subprocess.run(
        [sys.executable, ROOT / "Benchmarks/dbt/make_project.py", "--models", str(models), "--out", project.path / "dbt"],
        check=True, stdout=subprocess.DEVNULL)
    _, first = project.run("pipeline", "show", "p", "--json")
    wall, again = project.run("pipeline", "show", "p", "--json")
    return {"dbt_first_cpu": first, "dbt_again_cpu": again, "dbt_again": wall}


def soak(leat, runs=100):
    tasks = "\n".join(f"      t{n}: {{empty: true}}" for n in range(1000))
    project = Project(leat, f"pipelines:\n  p:\n    max_active_runs: 1\n    tasks:\n{tasks}\n")
    process, _ = project.serve()
    memory = []
    begin = time.monotonic()
    for part in range(10):
        for number in range(runs // 10):
            project.run("trigger", "p", "--run-id", f"r{part}-{number}")
        while project.ask("SELECT count(*) FROM run WHERE state = 'success'")[0][0] < (part + 1) * runs // 10:
            time.sleep(0.2)
        memory.append(round(usage(process)[1], 1))
    cpu, _ = usage(process)
    wall = time.monotonic() - begin
    done = project.ask("SELECT count(*) FROM task WHERE state = 'success'")[0][0]
    stop(process)
    return {"soak_tasks": done, "soak_seconds": wall, "soak_cpu_per_task": cpu / done, "soak_mb": memory}


PARTS = {"thousand": thousand, "hop": hop, "idle": idle, "many": many, "dbt": dbt, "soak": soak}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("leat", nargs="?", default=str(ROOT / ".build/release/leat"))
    parser.add_argument("--only", nargs="+", choices=PARTS)
    parser.add_argument("--airflow")
    options = parser.parse_args()
    airflow = dict(AIRFLOW)
    if options.airflow:
        lines = pathlib.Path(options.airflow).read_text().splitlines()
        airflow.update((name, float(value)) for name, value in (line.split()[:2] for line in lines if line.strip()))
    leat = str(pathlib.Path(options.leat).resolve())
    print(json.dumps({"load": os.getloadavg()[0], "cores": os.cpu_count()}))
    for name in options.only or PARTS:
        for figure, value in PARTS[name](leat).items():
            ratio = f"  Airflow: {airflow[figure]}, {airflow[figure] / value:.0f} times" if figure in airflow and value else ""
            print(f"{figure:20} {value if not isinstance(value, float) else round(value, 4)}{ratio}", flush=True)


main()
