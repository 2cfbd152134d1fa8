"""Renders the cases of a JSON file with Python's Jinja2: reference.py CASES.json TEXTS.json

Writes one text for each case, null where Jinja2 refuses it or takes longer than a second.
"""

import json
import multiprocessing
import pathlib
import resource
import signal
import sys
import warnings

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "Corpus"))
sys.dont_write_bytecode = True
warnings.simplefilter("ignore")

import make_corpus  # noqa: E402


def too_long(*_):
    raise TimeoutError


def render(case):
    """The text, or None."""
    signal.setitimer(signal.ITIMER_REAL, 1)
    try:
        native, environment = make_corpus.environment(case)
        context = eval(case.get("context") or "{}")  # literals of this repository
        result = environment.from_string(case["template"]).render(context)
        text = repr(result) if native else result
        text.encode()
        return text if len(text) < 100_000 else None
    except BaseException:  # noqa: BLE001 - whatever it is, there is no text
        return None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def work(cases, pipe):
    """Renders cases and sends their texts."""
    resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
    signal.signal(signal.SIGALRM, too_long)
    for case in cases:
        pipe.send(render(case))


def render_all(cases):
    """The texts. A case that no signal interrupts, such as a giant power, costs its process and gives None."""
    texts = []
    while len(texts) < len(cases):
        receiver, sender = multiprocessing.Pipe(duplex=False)
        worker = multiprocessing.Process(target=work, args=(cases[len(texts):], sender))
        worker.start()
        sender.close()
        try:
            while len(texts) < len(cases) and receiver.poll(10):
                texts.append(receiver.recv())
        except EOFError:
            pass
        if len(texts) < len(cases):
            texts.append(None)
        worker.kill()
        worker.join()
    return texts


def main():
    """Renders everything."""
    cases = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
    cases = [{key: value for key, value in case.items() if value is not None} for case in cases]
    pathlib.Path(sys.argv[2]).write_text(json.dumps(render_all(cases)), encoding="utf-8")


if __name__ == "__main__":
    main()
