"""How the widgets' JavaScript is put together."""

import re

import pytest

from mlpkit.widgets import assets

FILES = {path.name: path.read_text(encoding="utf-8") for path in sorted(assets.BROWSER.glob("*.js"))}
WIDGETS = [name for name, text in FILES.items() if "export default" in text]
DECLARED = re.compile(r"^(?:export )?(?:async )?(?:function\*?|const|let|class) (\w+|[{\[].*)", re.MULTILINE)


@pytest.mark.parametrize("name", WIDGETS)
def test_files_that_become_one_module_give_each_name_once(name):
    names = DECLARED.findall(assets.module(name))
    assert len(names) > 10
    assert sorted(names) == sorted(set(names))
    assert all(map(str.isidentifier, names)), "a declaration at the top takes one name"


@pytest.mark.parametrize("name", WIDGETS)
def test_a_module_is_one_text_that_imports_nothing(name):
    text = assets.module(name)
    assert not re.search(r"^\s*import\b|\bimport\(|data:text/javascript", text, re.MULTILINE)
    assert re.findall(r"^export .*", text, re.MULTILINE) == ["export default { render };"]
    assert len(text) <= sum(map(len, FILES.values()))


@pytest.mark.parametrize("name", FILES)
def test_what_is_imported_keeps_its_name_and_is_exported(name):
    for names, other in re.findall(r'^import \{([^}]*)\} from "\./([\w.]+)";', FILES[name], re.MULTILINE):
        for imported in filter(None, map(str.strip, names.split(","))):
            assert re.search(rf"^export (?:async )?(?:function|const|let|class) {imported}\b", FILES[other], re.M)
