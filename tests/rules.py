"""The rules of docs/architecture.md that need more than import-linter and ruff: read from the syntax tree.

Each checker takes a module's dotted name and its source, and yields one line for each breach, so that the same code
judges the real tree (test_architecture.py) and breaches made on purpose (test_rules_bite.py).
"""

import ast
import re
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PURE_ROOMS = ("pipeline.documents", "pipeline.derive", "pipeline.render")
PURE_NAMES = ("slots", "content")
IMPORTED_BY_ALL = {"pipeline", "pipeline.errors"}
NETWORK_DOOR = "pipeline.documents.fetch"
PROCESS_DOOR = "pipeline.documents.isolated"  # starts the parsers' child process, and hands it what it must know
CHILD_PROCESSES = {"subprocess", "multiprocessing", "os.fork", "os.posix_spawn", "os.system", "os.popen", "pty"}
NETWORK = {"requests", "socket", "urllib.request", "http.client", "urllib3", "ftplib", "asyncio", "ssl"}
AMBIENT = {"locale", "getpass", "platform"}
RENDER_MAY_USE = ("django.template", "django.utils.html", "django.utils.safestring")
RENDER_TAKES = "pipeline.editorial.content"
CLOCKS = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.localtime", "time.gmtime",
    "timezone.now", "timezone.localtime", "time.time_ns",
}  # fmt: skip
WRITES = {
    "save", "asave", "create", "acreate", "bulk_create", "abulk_create", "bulk_update", "abulk_update",
    "get_or_create", "aget_or_create", "update_or_create", "aupdate_or_create", "aupdate", "delete", "adelete",
    "create_user", "create_superuser", "set_password", "cursor", "execute", "executemany", "select_for_update",
}  # fmt: skip
# What has these names and is no database: a cache, a path to a picture.
NOT_DATABASES = {"cache", "drawing"}
# The two that hold the ledger's SQL: what runs it, and the hot path that decides what is run.
SQL_DOORS = {"pipeline.delivery.dialect", "pipeline.delivery.ledger"}
# Writes to a copy of the database, which is thrown away.
COPYIST = "pipeline.publish.rehearsal.copying"
LOG_CALLS = {"debug", "info", "warning", "error", "exception", "critical", "log"}
# What names a person, opens something, or may quote either (an error's message says what was typed).
PRIVATE = {
    "address", "addresses", "address_key", "email", "recipient", "name", "token", "password", "secret", "key", "error",
    "message", "reply", "text", "data", "body", "url",
}  # fmt: skip
PUBLIC = {"job.name"}  # a tick's, not a person's


def modules() -> Iterator[tuple[str, str]]:
    """Every module of the package but its migrations: (dotted name, source)."""
    for path in sorted((ROOT / "pipeline").rglob("*.py")):
        if "migrations" in path.parts:
            continue
        parts = path.relative_to(ROOT).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        yield name, path.read_text(encoding="utf-8")


def is_pure(name: str, source: str = "") -> bool:
    """By its room, by its name, or because its docstring says so ("Pure: no database …")."""
    last = name.rsplit(".", 1)[-1]
    in_room = any(name == room or name.startswith(f"{room}.") for room in PURE_ROOMS)
    return in_room or last in PURE_NAMES or last.endswith("_rules") or _says_pure(source)


@cache
def _says_pure(source: str) -> bool:
    return re.search(r"\bPure\b", ast.get_docstring(ast.parse(source)) or "") is not None


def imported(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """(line, dotted module or module.name) of each import, wherever it stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                yield node.lineno, f"{node.module}.{alias.name}"


def _is_under(name: str, roots: set[str] | tuple[str, ...]) -> bool:
    return any(name == root or name.startswith(f"{root}.") for root in roots)


def dotted(node: ast.AST) -> str:
    """`a.b.c` for an attribute chain, '' for anything else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""


def impurities(name: str, source: str) -> Iterator[str]:
    """What a pure module reaches for and must not: database, network, clock, ambient language or zone."""
    if is_pure(name, source):
        tree = ast.parse(source)
        yield from _impure_imports(name, tree)
        for node in ast.walk(tree):
            yield from _impure_words(name, node)


def _impure_imports(name: str, tree: ast.AST) -> Iterator[str]:
    in_render = name.startswith("pipeline.render")
    for line, module in imported(tree):
        if _is_under(module, {"django"}) and not (in_render and _is_under(module, RENDER_MAY_USE)):
            yield f"{name}:{line} imports {module}: a pure module knows nothing of Django"
        if _is_under(module, NETWORK) and name != NETWORK_DOOR:
            yield f"{name}:{line} imports {module}: the network's one door is {NETWORK_DOOR}"
        if _is_under(module, CHILD_PROCESSES) and name != PROCESS_DOOR:
            yield f"{name}:{line} imports {module}: the one door to a child process is {PROCESS_DOOR}"
        if in_render and _is_under(module, {"pipeline.editorial"}) and not _is_under(module, {RENDER_TAKES}):
            yield f"{name}:{line} imports {module}: render takes {RENDER_TAKES} and nothing else of editorial"
        if _is_under(module, AMBIENT):
            yield f"{name}:{line} imports {module}: language and zone are parameters"


def _impure_words(name: str, node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Call) and _method(node) == "astimezone" and not node.args and not node.keywords:
        yield f"{name}:{node.lineno} calls .astimezone() without a zone: that is the machine's"
    if not isinstance(node, ast.Attribute):
        return
    chain = dotted(node)
    if _ends_with(chain, CLOCKS):
        yield f"{name}:{node.lineno} reads the clock by {chain}: `now` is a parameter"
    if chain in {"os.environ", "os.getenv"} and name != PROCESS_DOOR:
        yield f"{name}:{node.lineno} reads {chain}: configuration is a parameter"
    if chain in CHILD_PROCESSES and name != PROCESS_DOOR:
        yield f"{name}:{node.lineno} starts a process by {chain}: the one door is {PROCESS_DOOR}"


def impure_ways(sources: Mapping[str, str]) -> Iterator[str]:
    """Pure modules that reach an impure one through others: a module is as pure as everything that it imports."""
    imports = {name: _own_imports(source, sources.keys()) for name, source in sources.items()}
    for name in sources:
        if not is_pure(name, sources[name]):
            continue
        way: dict[str, list[str]] = {name: [name]}
        waiting = [name]
        while waiting:
            here = waiting.pop()
            for there in sorted(imports[here] - way.keys()):
                way[there] = [*way[here], there]
                if is_pure(there, sources[there]) or there in IMPORTED_BY_ALL:
                    waiting.append(there)
                else:
                    yield f"{' → '.join(way[there])}: a pure module reaches one that is not"


def _own_imports(source: str, names: Collection[str]) -> set[str]:
    """The project's modules that are imported: `from a.b import c` is `a.b.c` where that is a module, else `a.b`."""
    found = set()
    for _, module in imported(ast.parse(source)):
        while module and module not in names:
            module = module.rpartition(".")[0]
        found.add(module)
    return found - {""}


def _method(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else ""


def _ends_with(chain: str, tails: set[str]) -> bool:
    return any(chain == tail or chain.endswith(f".{tail}") for tail in tails)


def is_writer(name: str) -> bool:
    """Modules that may write to the database: the actions of each stage, and the two that hold its SQL."""
    parts = name.split(".")
    return "actions" in parts or any(part.endswith("_actions") for part in parts) or name in SQL_DOORS


def stray_writes(name: str, source: str) -> Iterator[str]:
    """Writes to the database outside the actions: by a manager, a row, a relation, a queryset in a variable, or SQL."""
    if is_writer(name) or name == COPYIST:
        return
    tree = ast.parse(source)
    for line, module in imported(tree):
        if _is_under(module, {f"pipeline.delivery.dialect.{verb}" for verb in ("run", "run_many", "run_with_rows")}):
            yield f"{name}:{line} imports {module}: the ledger's SQL is run by the ledger alone"
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _writes(node, node.func):
            yield f"{name}:{node.lineno} calls .{node.func.attr}(): only actions write"


def _writes(node: ast.Call, func: ast.Attribute) -> bool:
    if isinstance(func.value, ast.Name) and func.value.id in NOT_DATABASES:
        return False
    # A dict's update takes a mapping; a queryset's takes columns.
    return func.attr in WRITES or (func.attr == "update" and bool(node.keywords) and not node.args)


def talkative_logs(name: str, source: str) -> Iterator[str]:
    """Log lines that may name a person: their event is a constant, and what follows it are ids, counts and types."""
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and _method(node) in LOG_CALLS and _is_logger(node)):
            continue
        event, *values = [*node.args, *(keyword.value for keyword in node.keywords)]
        if not (
            isinstance(event, ast.Constant) and re.match(r"[a-z_]+\.[a-z_]+( [a-z_]+=%[\w.]+)*$", str(event.value))
        ):
            yield f"{name}:{node.lineno} logs a line that is no dotted event with its values behind it"
        for value in values:
            if private := _said(value) & PRIVATE:
                yield f"{name}:{node.lineno} logs {', '.join(sorted(private))}: ids, and never what may hold an address"


def audit_edits(name: str, source: str) -> Iterator[str]:
    """Anything done to the audit log but reading it, and adding to it by `audit.actions.record`."""
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _writes(node, node.func)):
            continue
        of_audit = any(isinstance(part, ast.Name) and part.id == "AuditEntry" for part in ast.walk(node.func))
        is_record = name == "pipeline.audit.actions" and node.func.attr == "create"
        if of_audit and not is_record:
            yield f"{name}:{node.lineno} calls .{node.func.attr}() on the audit log, which is only added to"


def _is_logger(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Attribute) and dotted(node.func.value).rsplit(".", 1)[-1] in {"log", "logger"}


def _said(value: ast.expr) -> set[str]:
    """The last names of what a value shows; `type(error).__name__` and `len(names)` show neither error nor names."""
    if isinstance(value, ast.Call) and dotted(value.func) == "len":
        return set()
    if isinstance(value, ast.Attribute):
        return set() if value.attr == "__name__" or dotted(value) in PUBLIC else {value.attr}
    if isinstance(value, ast.Name):
        return {value.id}
    return {said for child in ast.iter_child_nodes(value) if isinstance(child, ast.expr) for said in _said(child)}


def model_manners(name: str, source: str) -> Iterator[str]:
    """Rules hidden in `save()` and signals: neither is allowed."""
    tree = ast.parse(source)
    for line, module in imported(tree):
        if _is_under(module, {"django.db.models.signals", "django.dispatch"}):
            yield f"{name}:{line} imports {module}: no signals of our own"
    if not name.endswith(".models"):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name in {"save", "delete", "clean"}:
            yield f"{name}:{node.lineno} defines {node.name}(): rules belong in actions"


def positional_actions(name: str, source: str) -> Iterator[str]:
    """Public functions of an actions module that take positional arguments."""
    if not is_writer(name) or name in SQL_DOORS:
        return
    for node in ast.parse(source).body:
        if (
            isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            and not node.name.startswith("_")
            and (node.args.args or node.args.posonlyargs or node.args.vararg)
        ):
            yield f"{name}:{node.lineno} {node.name}() takes positional arguments: actions are keyword-only"


CHECKERS = (impurities, stray_writes, audit_edits, talkative_logs, model_manners, positional_actions)
