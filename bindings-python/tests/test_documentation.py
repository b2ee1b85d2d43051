"""The examples of the README and of every docstring are run; the stub's texts are those at run time."""

import ast
import doctest
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from samples import DIRECTORY

import s3iam

README = Path(__file__).parent.parent / "README.md"
PROJECT_README = README.parent.parent / "README.md"
PACKAGE = Path(s3iam.__file__).parent


def public() -> Iterator[tuple[str, object]]:
    """Every public class and function, and every public method and property of a class."""
    for name in s3iam.__all__:
        value = getattr(s3iam, name)
        if inspect.isclass(value):
            yield name, value
            for member, what in vars(value).items():
                if not member.startswith("_") and (callable(what) or inspect.isdatadescriptor(what)):
                    is_field = member in getattr(value, "__dataclass_fields__", {})
                    if not is_field:
                        yield f"{name}.{member}", what
        elif inspect.isroutine(value):
            yield name, value


PUBLIC = dict(public())


def document(value: object) -> str:
    return inspect.getdoc(getattr(value, "__func__", value)) or ""


@pytest.mark.parametrize("name", PUBLIC)
def test_examples_in_docstrings_are_true(name: str) -> None:
    text = document(PUBLIC[name])
    assert text, f"{name} is not documented"
    names = {key: getattr(s3iam, key) for key in s3iam.__all__} | {"DIRECTORY": DIRECTORY}
    test = doctest.DocTestParser().get_doctest(text, names, name, None, None)
    if not inspect.isdatadescriptor(PUBLIC[name]):
        assert test.examples, f"{name} has no example"
    output: list[str] = []
    doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test, out=output.append)
    assert not output, "".join(output)


def test_examples_in_the_module_docstring_are_true() -> None:
    names = {key: getattr(s3iam, key) for key in s3iam.__all__}
    test = doctest.DocTestParser().get_doctest(s3iam.__doc__ or "", names, "s3iam", None, None)
    assert test.examples
    assert doctest.DocTestRunner().run(test).failed == 0


def test_the_example_in_the_readme_of_the_project_is_true() -> None:
    (block,) = re.findall(r"^```python\n(.*?)^```$", PROJECT_README.read_text(encoding="utf-8"), re.M | re.S)
    exec(compile(block, str(PROJECT_README), "exec"), {})


def test_examples_in_the_readme_are_true(capsys: pytest.CaptureFixture[str]) -> None:
    blocks = re.findall(r"^```python\n(.*?)^```$", README.read_text(encoding="utf-8"), re.M | re.S)
    assert len(blocks) == 14
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, str(README), "exec"), names)
    printed = capsys.readouterr().out
    assert "access-denied: Access Denied" in printed


def test_everything_public_is_exported_once_and_in_order() -> None:
    assert sorted(s3iam.__all__) == s3iam.__all__
    assert len(set(s3iam.__all__)) == len(s3iam.__all__)
    for name, value in PUBLIC.items():
        if inspect.isclass(value):
            assert value.__module__ == "s3iam", f"{name} says that it lives in {value.__module__}"


def stub_documents() -> Iterator[tuple[str, str]]:
    tree = ast.parse((PACKAGE / "_native.pyi").read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield node.name, ast.get_docstring(node) or ""
            for member in node.body:
                if isinstance(member, ast.FunctionDef) and not member.name.startswith("_"):
                    if text := ast.get_docstring(member):
                        yield f"{node.name}.{member.name}", text


def test_the_stub_says_what_the_docstrings_say() -> None:
    """Editors show the stub's text, `help()` the native module's."""
    stub = dict(stub_documents())
    for name, text in stub.items():
        first_paragraph = document(PUBLIC[name]).split("\n\n")[0]
        assert text.split() == first_paragraph.split(), name
    native = {name for name, value in PUBLIC.items() if name.split(".")[0] in stub}
    assert native == set(stub)
