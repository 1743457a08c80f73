"""The rules of docs/architecture.md, on the real tree. test_rules_bite.py shows that each of them can fail."""

import ast
import statistics
import subprocess
import sys

import pytest
from django.apps import apps
from django.db import models

from tests import rules

STAGES = ["audit", "audience", "editorial", "delivery"]  # in the order in which the layers stand, lowest first


@pytest.mark.parametrize("checker", rules.CHECKERS, ids=lambda checker: checker.__name__)
def test_no_module_breaks_the_rules_of_the_house(checker):
    breaches = [line for name, source in rules.modules() for line in checker(name, source)]
    assert breaches == []


def test_a_pure_module_imports_pure_modules_alone_however_far_it_goes():
    assert list(rules.impure_ways(dict(rules.modules()))) == []


def relations_upwards(model: type[models.Model]) -> list[str]:
    """Relations of `model` that point to a higher stage, or cross stages and leave a name behind."""
    rank = {label: place for place, label in enumerate(STAGES)}
    breaches = []
    for field in model._meta.get_fields():
        if not isinstance(field, models.ForeignKey | models.ManyToManyField):
            continue
        here, there = model._meta.app_label, field.related_model._meta.app_label
        if there not in rank or here == there:
            continue
        if rank[there] > rank[here]:
            breaches.append(f"{model.__name__}.{field.name} points up, to {there}")
        if not field.remote_field.hidden:
            breaches.append(f"{model.__name__}.{field.name} crosses stages: it needs related_name='+'")
    return breaches


def test_relations_between_models_point_down():
    assert [line for model in apps.get_models() for line in relations_upwards(model)] == []


def test_the_layers_hold_and_nothing_goes_in_circles():
    run = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
        cwd=rules.ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr


def _function_sizes():
    for name, source in rules.modules():
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node.end_lineno - node.lineno + 1, f"{name}.{node.name}"


def test_functions_are_short_enough_to_be_read_at_once():
    sizes = sorted(_function_sizes())
    assert [row for row in sizes if row[0] > 45] == []
    assert statistics.quantiles([size for size, _ in sizes], n=10)[-1] <= 30


def test_files_are_short_enough_to_be_held_in_the_head():
    assert [name for name, source in rules.modules() if source.count("\n") > 400] == []
