// Usage: node precompile.mjs FOLDER
// In each wheel of the folder, each .py file becomes a .pyc file, by the Pyodide of that folder itself. The kit's own
// sources stay beside them, since a learner may want to read them.
import { pathToFileURL } from "node:url";

const folder = process.argv[2];
const { loadPyodide } = await import(pathToFileURL(`${folder}/pyodide.mjs`));
const python = await loadPyodide({ indexURL: `${folder}/` });
python.FS.mkdirTree("/wheels");
python.FS.mount(python.FS.filesystems.NODEFS, { root: folder }, "/wheels");
python.runPython(`
import importlib._bootstrap_external as external, importlib.util, pathlib, zipfile

def compiled(source, name):
    code = compile(source, name, "exec", dont_inherit=True)
    # Never looked at against a source: the wheel is one whole.
    return external._code_to_hash_pyc(code, importlib.util.source_hash(source), checked=False)

for path in sorted(pathlib.Path("/wheels").glob("*.whl")):
    small = path.with_suffix(".part")
    with zipfile.ZipFile(path) as whole, zipfile.ZipFile(small, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as made:
        for info in whole.infolist():
            data, name = whole.read(info), info.filename
            if name.endswith(".py"):
                try:
                    made_of_it = compiled(data, name)
                except SyntaxError:
                    pass  # such as a template; it stays a text
                else:
                    if path.name.startswith("mlpkit-"):
                        where, _, file = name.rpartition("/")
                        beside = f"{where}/__pycache__/{file.removesuffix('.py')}.cpython-314.pyc"
                        made.writestr(zipfile.ZipInfo(beside), made_of_it, zipfile.ZIP_DEFLATED)
                    else:
                        name, data = f"{name}c", made_of_it
            made.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    small.replace(path)
`);
process.exit(0);
