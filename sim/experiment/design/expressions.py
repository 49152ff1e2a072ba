"""Small arithmetic over parameter names, exact and without any way to run code.

A text flows in, an `Expression` flows out; with values for its names it gives a fraction, a truth
value or a text. Numbers are fractions throughout: 0.1 means one tenth, so no result depends on
binary rounding. Only what is listed here exists: no attribute, index, keyword or call of anything
but five functions, and length, nesting and powers are bounded.
"""

import ast
import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from sim.yaml_source import printable, shown

Operand: TypeAlias = Fraction | bool | str

MAX_LENGTH = 500
MAX_NODES = 200
MAX_EXPONENT = 16
MAX_BITS = 4096
"""Size of a numerator or denominator, so that no chain of powers fills the memory."""

ALLOWED = (
    "allowed: numbers, texts, names of parameters, + - * / // % **, comparisons, and, or, not, "
    "min, max, floor, ceil, abs"
)

_ARITHMETIC: Mapping[type[ast.operator], Callable[[Fraction, Fraction], Fraction | int]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
_ORDERINGS: Mapping[type[ast.cmpop], Callable[[Fraction, Fraction], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_FUNCTIONS: Mapping[str, Callable[..., Fraction | int]] = {
    "min": min,
    "max": max,
    "floor": math.floor,
    "ceil": math.ceil,
    "abs": abs,
}
_OF_SEVERAL = frozenset({"min", "max"})
FUNCTIONS = frozenset(_FUNCTIONS)
"""Names that no parameter may have."""


class ExpressionError(ValueError):
    """An expression that cannot be read or has no value; the message says why."""


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression that was found to be safe.

    Parameters
    ----------
    text
        As it was written.
    names
        The parameters it needs.
    tree
        Its syntax.
    """

    text: str
    names: frozenset[str]
    tree: ast.expr

    def value(self, values: Mapping[str, Operand]) -> Operand:
        """Give the value for some values of its names.

        Raises
        ------
        ExpressionError
            If it has none: a division by zero, a text where a number is needed, a power or a
            number beyond the bounds.
        """
        try:
            return _value(self.tree, values)
        except ZeroDivisionError as error:
            raise ExpressionError(f"{shown(self.text)} divides by zero") from error


def parse(text: str) -> Expression:
    """Read an expression.

    Raises
    ------
    ExpressionError
        If it is not one; the message names the part that is refused.

    Examples
    --------
    >>> from fractions import Fraction
    >>> parse("floor(cap * 0.1) + 1").value({"cap": Fraction(55)})
    Fraction(6, 1)
    """
    if len(text) > MAX_LENGTH:
        raise ExpressionError(
            f"an expression of {len(text)} characters; allowed: up to {MAX_LENGTH}"
        )
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ExpressionError(f"got {shown(text)}, which is no expression; {ALLOWED}") from error
    nodes = list(ast.walk(tree))
    if len(nodes) > MAX_NODES:
        raise ExpressionError(f"an expression of {len(nodes)} parts; allowed: up to {MAX_NODES}")
    names = frozenset(node.id for node in nodes if isinstance(node, ast.Name)) - FUNCTIONS
    _check(tree)
    return Expression(text, names, tree)


def _check(node: ast.expr) -> None:
    """Refuse every part that is not on the list."""
    match node:
        case ast.Constant(value=bool() | int() | str()):
            pass
        case ast.Constant(value=float() as number) if math.isfinite(number):
            pass
        case ast.Name(id=name) if name not in FUNCTIONS:
            pass
        case ast.Call():
            _check_call(node)
        case _:
            for part in _operands(node):
                _check(part)


def _operands(node: ast.expr) -> list[ast.expr]:
    """Give the operands of an allowed operation."""
    match node:
        case ast.UnaryOp(op=ast.USub() | ast.UAdd() | ast.Not(), operand=operand):
            return [operand]
        case ast.BinOp(left=left, op=op, right=right) if type(op) in {*_ARITHMETIC, ast.Pow}:
            return [left, right]
        case ast.BoolOp(values=parts):
            return parts
        case ast.Compare(left=left, ops=ops, comparators=others):
            if all(type(op) in {*_ORDERINGS, ast.Eq, ast.NotEq} for op in ops):
                return [left, *others]
    raise ExpressionError(f"got {printable(ast.unparse(node))[:60]!r}; {ALLOWED}")


def _check_call(node: ast.Call) -> None:
    """Refuse every call but those of the five functions."""
    if not isinstance(node.func, ast.Name) or node.func.id not in FUNCTIONS or node.keywords:
        raise ExpressionError(f"got {printable(ast.unparse(node))[:60]!r}; {ALLOWED}")
    name = node.func.id
    if not node.args or (name not in _OF_SEVERAL and len(node.args) != 1):
        raise ExpressionError(f"{name} with {len(node.args)} arguments; {ALLOWED}")
    for argument in node.args:
        _check(argument)


def _value(node: ast.expr, values: Mapping[str, Operand]) -> Operand:
    """Give the value of a checked part."""
    match node:
        case ast.Constant(value=bool() | str() as constant):
            return constant
        case ast.Constant(value=int() | float() as constant):
            return exact(constant)
        case ast.Name(id=name):
            return values[name]
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return not _truth(operand, values)
        case ast.UnaryOp(op=op, operand=operand):
            number = _number(operand, values)
            return -number if isinstance(op, ast.USub) else number
        case ast.BinOp():
            return _bounded(_arithmetic(node, values))
        case ast.BoolOp(op=op, values=parts):
            decide = all if isinstance(op, ast.And) else any
            return decide(_truth(part, values) for part in parts)
        case ast.Compare():
            return _comparison(node, values)
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return Fraction(_FUNCTIONS[name](*(_number(part, values) for part in arguments)))
    raise ExpressionError(f"got {type(node).__name__}; {ALLOWED}")


def _arithmetic(node: ast.BinOp, values: Mapping[str, Operand]) -> Fraction:
    """Combine two numbers."""
    left, right = _number(node.left, values), _number(node.right, values)
    if isinstance(node.op, ast.Pow):
        if right.denominator != 1 or abs(right) > MAX_EXPONENT:
            raise ExpressionError(
                f"the exponent {shown(str(right))}; allowed: a whole number from -{MAX_EXPONENT} "
                f"to {MAX_EXPONENT}"
            )
        return Fraction(left ** int(right))
    return Fraction(_ARITHMETIC[type(node.op)](left, right))


def _comparison(node: ast.Compare, values: Mapping[str, Operand]) -> bool:
    """Compare a chain of operands."""
    operands = (node.left, *node.comparators)
    for left, op, right in zip(operands, node.ops, operands[1:], strict=False):
        if isinstance(op, ast.Eq | ast.NotEq):
            holds = (_value(left, values) == _value(right, values)) == isinstance(op, ast.Eq)
        else:
            holds = _ORDERINGS[type(op)](_number(left, values), _number(right, values))
        if not holds:
            return False
    return True


def _number(node: ast.expr, values: Mapping[str, Operand]) -> Fraction:
    """Give the value of a part that has to be a number."""
    value = _value(node, values)
    if isinstance(value, Fraction):
        return value
    raise ExpressionError(
        f"{printable(ast.unparse(node))[:60]} is {shown(value)}; allowed here: a number"
    )


def _truth(node: ast.expr, values: Mapping[str, Operand]) -> bool:
    """Give the value of a part that has to be true or false."""
    value = _value(node, values)
    if isinstance(value, bool):
        return value
    raise ExpressionError(
        f"{printable(ast.unparse(node))[:60]} is {shown(value)}; allowed here: true or false"
    )


def _bounded(number: Fraction) -> Fraction:
    """Refuse a number that grew too long."""
    if max(number.numerator.bit_length(), number.denominator.bit_length()) > MAX_BITS:
        raise ExpressionError(f"a number of more than {MAX_BITS} bits; allowed: smaller ones")
    return number


def exact(number: float) -> Fraction:
    """Give the decimal number that was written.

    Examples
    --------
    >>> exact(0.1), exact(3)
    (Fraction(1, 10), Fraction(3, 1))
    """
    return Fraction(number) if isinstance(number, int) else Fraction(repr(number))
