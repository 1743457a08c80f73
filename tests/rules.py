"""The rules of docs/architecture.md that need more than import-linter and ruff: read from the syntax tree.

Each checker takes a module's dotted name and its source, and yields one line for each breach, so that the same code
judges the real tree (test_architecture.py) and breaches made on purpose (test_rules_bite.py).
"""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PURE_ROOMS = ("pipeline.documents", "pipeline.derive", "pipeline.render")
PURE_NAMES = ("slots", "content")
NETWORK_DOOR = "pipeline.documents.fetch"
PROCESS_DOOR = "pipeline.documents.isolated"  # starts the parsers' child process, and hands it what it must know
NETWORK = {"requests", "socket", "urllib.request", "http.client", "urllib3", "ftplib", "asyncio", "ssl"}
AMBIENT = {"locale", "getpass", "platform"}
RENDER_MAY_USE = ("django.template", "django.utils.html", "django.utils.safestring")
CLOCKS = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "time.localtime", "time.gmtime",
    "timezone.now", "timezone.localtime", "time.time_ns",
}  # fmt: skip
WRITES = {"save", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "abulk_create", "asave"}
MANAGER_WRITES = {"create", "update", "delete"}


def modules() -> Iterator[tuple[str, str]]:
    """Every module of the package but its migrations: (dotted name, source)."""
    for path in sorted((ROOT / "pipeline").rglob("*.py")):
        if "migrations" in path.parts:
            continue
        parts = path.relative_to(ROOT).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        yield name, path.read_text(encoding="utf-8")


def is_pure(name: str) -> bool:
    last = name.rsplit(".", 1)[-1]
    in_room = any(name == room or name.startswith(f"{room}.") for room in PURE_ROOMS)
    return in_room or last in PURE_NAMES or last.endswith("_rules")


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
    if not is_pure(name):
        return
    tree = ast.parse(source)
    in_render = name.startswith("pipeline.render")
    for line, module in imported(tree):
        if _is_under(module, {"django"}) and not (in_render and _is_under(module, RENDER_MAY_USE)):
            yield f"{name}:{line} imports {module}: a pure module knows nothing of Django"
        if _is_under(module, NETWORK) and name != NETWORK_DOOR:
            yield f"{name}:{line} imports {module}: the network's one door is {NETWORK_DOOR}"
        if _is_under(module, AMBIENT):
            yield f"{name}:{line} imports {module}: language and zone are parameters"
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            chain = dotted(node)
            if _ends_with(chain, CLOCKS):
                yield f"{name}:{node.lineno} reads the clock by {chain}: `now` is a parameter"
            if chain in {"os.environ", "os.getenv"} and name != PROCESS_DOOR:
                yield f"{name}:{node.lineno} reads {chain}: configuration is a parameter"


def _ends_with(chain: str, tails: set[str]) -> bool:
    return any(chain == tail or chain.endswith(f".{tail}") for tail in tails)


def is_writer(name: str) -> bool:
    """Modules that may write to the database: the actions of each stage, and the ledger's hot path."""
    parts = name.split(".")
    return "actions" in parts or any(part.endswith("_actions") for part in parts) or name == "pipeline.delivery.ledger"


def stray_writes(name: str, source: str) -> Iterator[str]:
    """Writes to the database outside the actions."""
    if is_writer(name):
        return
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        method = node.func.attr
        through_manager = any(
            isinstance(part, ast.Attribute) and part.attr == "objects" for part in ast.walk(node.func)
        )
        if (method in WRITES and through_manager) or (method in MANAGER_WRITES and through_manager):
            yield f"{name}:{node.lineno} calls .{method}() on a manager: only actions write"


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
    if "actions" not in name.split("."):
        return
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and node.args.args:
            yield f"{name}:{node.lineno} {node.name}() takes positional arguments: actions are keyword-only"


CHECKERS = (impurities, stray_writes, model_manners, positional_actions)
