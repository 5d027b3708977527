"""Mutants of source code, tied to names: functions, and the calls, keywords and flags in them.

They survive formatting, comments and most changes of a function's body. Where a name is gone, they
do not apply, and say so: `Inapplicable`.
"""

import ast
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

Edit = Callable[[ast.AST], None]
"""Changes the tree of a function, a class, a module or the assignment of a name; one that changes
nothing fails.
"""


class Inapplicable(Exception):
    """A mutant does not fit the code any more; the text says what is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceMutant:
    """One change of one function, for what only the inside of a service can get wrong."""

    name: str
    breaks: str
    """What is then wrong, in one plain sentence."""
    target: str
    """The module, and in it the qualified name of a function, a class or a variable:
    `app.main:create_app`.
    """
    edit: Edit
    tests: tuple[str, ...]
    """Where it should be noticed, what notices it fastest first."""

    def file(self, root: Path) -> Path:
        """Return the file of the module; one that is no module is named by its path."""
        module = self.target.partition(":")[0]
        name = module if module.endswith(".py") else f"{module.replace('.', '/')}.py"
        return next(
            (each for each in (root / name, root / "openapi" / name) if each.exists()), root / name
        )

    def applied(self, source: str) -> str:
        """Return the source of the file with the change. Raises `Inapplicable`."""
        tree = ast.parse(source)
        name = self.target.partition(":")[2]
        before = ast.dump(tree)
        try:
            self.edit(_find(tree, name))
        except Inapplicable as error:
            raise Inapplicable(f"{self.name}: {self.target} {error}") from None
        if ast.dump(tree) == before:
            raise Inapplicable(f"{self.name}: {self.target} stays as it is")
        return ast.unparse(ast.fix_missing_locations(tree)) + "\n"


def _find(node: ast.AST, name: str) -> ast.AST:
    """Return the definition of a qualified name; the whole module where there is none."""
    for part in filter(None, name.split(".")):
        found = [each for each in ast.walk(node) if _defines(each, part)]
        if not found:
            raise Inapplicable(f"has no {part}")
        node = found[0]
    return node


def _defines(node: ast.AST, name: str) -> bool:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return node.name == name
    targets = (
        node.targets
        if isinstance(node, ast.Assign)
        else [node.target]
        if isinstance(node, ast.AnnAssign)
        else []
    )
    return any(_name(each) == name for each in targets)


def _name(node: ast.AST) -> str:
    """Return the last name of an expression: `_release` of `self._release(x)`."""
    while isinstance(node, ast.Await | ast.Call):
        node = node.value if isinstance(node, ast.Await) else node.func
    return (
        node.attr
        if isinstance(node, ast.Attribute)
        else node.id
        if isinstance(node, ast.Name)
        else ""
    )


# -- edits


def returns(expression: str) -> Edit:
    """Let a function do nothing but return the value of an expression."""

    def edit(node: ast.AST) -> None:
        _function(node).body = ast.parse(f"return {expression}").body

    return edit


def begins(statements: str) -> Edit:
    """Let a function run more statements first."""

    def edit(node: ast.AST) -> None:
        _function(node).body[:0] = ast.parse(statements).body

    return edit


def without_call(name: str) -> Edit:
    """Leave out the statements that call a function of this name, and do nothing else."""

    class Transformer(ast.NodeTransformer):
        def visit_Expr(self, node: ast.Expr) -> ast.stmt:
            is_meant = isinstance(node.value, ast.Call | ast.Await) and _name(node.value) == name
            return ast.Pass() if is_meant else node

    return _transforming(Transformer(), f"calls no {name}")


def calling(name: str, other: str) -> Edit:
    """Call another function, or method of the same object, where one of this name is called."""

    class Transformer(ast.NodeTransformer):
        def visit_Call(self, node: ast.Call) -> ast.AST:
            self.generic_visit(node)
            if _name(node.func) == name:
                node.func = _renamed(node.func, other)
            return node

    return _transforming(Transformer(), f"calls no {name}")


def calling_and(name: str, statements: str) -> Edit:
    """Run more statements behind the one that calls a function of this name."""

    class Transformer(ast.NodeTransformer):
        def visit_Expr(self, node: ast.Expr) -> ast.AST | list[ast.stmt]:
            return [node, *ast.parse(statements).body] if _name(node.value) == name else node

        def visit_Assign(self, node: ast.Assign) -> ast.AST | list[ast.stmt]:
            return [node, *ast.parse(statements).body] if _name(node.value) == name else node

    return _transforming(Transformer(), f"calls no {name}")


def call_as(name: str, expression: str) -> Edit:
    """Take the value of an expression where a function of this name is called."""

    class Transformer(ast.NodeTransformer):
        def visit_Await(self, node: ast.Await) -> ast.AST:
            if _name(node) == name:
                return _expression(expression)
            return self.generic_visit(node)

        def visit_Call(self, node: ast.Call) -> ast.AST:
            if _name(node) == name:
                return _expression(expression)
            return self.generic_visit(node)

    return _transforming(Transformer(), f"calls no {name}")


def keyword(name: str, expression: str | None) -> Edit:
    """Pass another value for a keyword of this name, or none at all."""

    class Transformer(ast.NodeTransformer):
        def visit_keyword(self, node: ast.keyword) -> ast.keyword | None:
            if node.arg != name:
                self.generic_visit(node)
                return node
            return (
                ast.keyword(arg=name, value=_expression(expression))
                if expression is not None
                else None
            )

    return _transforming(Transformer(), f"passes no {name}")


def value_of(name: str, expression: str) -> Edit:
    """Read the value of an expression where a variable or an attribute of this name is read."""

    class Transformer(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.AST:
            is_meant = node.id == name and isinstance(node.ctx, ast.Load)
            return _expression(expression) if is_meant else node

        def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
            if node.attr == name and isinstance(node.ctx, ast.Load):
                return _expression(expression)
            return self.generic_visit(node)

    return _transforming(Transformer(), f"does not read {name}")


def assigned(expression: str) -> Edit:
    """Give a variable another value where it is defined."""

    def edit(node: ast.AST) -> None:
        if not isinstance(node, ast.Assign | ast.AnnAssign):
            raise Inapplicable("is no variable")
        node.value = _expression(expression)

    return edit


def condition(mentions: str, expression: str) -> Edit:
    """Replace each condition that mentions a name; `…` stands for the old condition."""

    class Transformer(ast.NodeTransformer):
        def _decided(self, node: ast.If | ast.While | ast.IfExp) -> ast.AST:
            self.generic_visit(node)
            if any(_name(each) == mentions for each in ast.walk(node.test)):
                old = node.test
                node.test = _Ellipsis(old).visit(_expression(expression))
            return node

        visit_If = visit_While = visit_IfExp = _decided

    return _transforming(Transformer(), f"decides nothing by {mentions}")


def without_handler(name: str) -> Edit:
    """Leave out the handler of an error of this name."""

    class Transformer(ast.NodeTransformer):
        def visit_Try(self, node: ast.Try) -> ast.AST:
            self.generic_visit(node)
            kept = [
                each
                for each in node.handlers
                if each.type is None or name not in map(_name, ast.walk(each.type))
            ]
            if len(kept) < len(node.handlers):
                node.handlers = kept
                node.finalbody = node.finalbody or ([] if kept else [ast.Pass()])
                node.orelse = node.orelse if kept else []
            return node

    return _transforming(Transformer(), f"handles no {name}")


def constant(old: str | int, new: str | int) -> Edit:
    """Put another constant in the place of one."""

    class Transformer(ast.NodeTransformer):
        def visit_Constant(self, node: ast.Constant) -> ast.AST:
            same = type(node.value) is type(old) and node.value == old
            return ast.Constant(new) if same else node

    return _transforming(Transformer(), f"has no {old!r}")


def _transforming(transformer: ast.NodeTransformer, fault: str) -> Edit:
    def edit(node: ast.AST) -> None:
        before = ast.dump(node)
        transformer.generic_visit(node)
        if ast.dump(node) == before:
            raise Inapplicable(fault)

    return edit


class _Ellipsis(ast.NodeTransformer):
    def __init__(self, old: ast.expr) -> None:
        self._old = old

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        return self._old if node.value is ... else node


def _function(node: ast.AST) -> ast.FunctionDef | ast.AsyncFunctionDef:
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        raise Inapplicable("is no function")
    return node


def _renamed(node: ast.expr, name: str) -> ast.expr:
    if isinstance(node, ast.Attribute) and name.isidentifier():
        return ast.Attribute(node.value, name, node.ctx)
    return _expression(name)


def _expression(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body
