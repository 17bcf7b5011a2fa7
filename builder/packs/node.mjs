// node node.mjs PYODIDE FOLDER: starts the Pyodide in the folder PYODIDE with FOLDER/stdlib.zip, and runs
// FOLDER/in_pyodide.py, which finds FOLDER as /build.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [runtime, folder] = process.argv.slice(2);
try {
  const { loadPyodide } = await import(pathToFileURL(join(runtime, "pyodide.mjs")));
  const pyodide = await loadPyodide({
    indexURL: runtime,
    stdLibURL: join(folder, "stdlib.zip"),
    lockFileContents: { info: { abi_version: "2026_0" }, packages: {} }, // none is installed
    env: { PYTHONNODEBUGRANGES: "1" }, // what is compiled knows its lines, not its columns
  });
  pyodide.mountNodeFS("/build", folder);
  pyodide.runPython(readFileSync(join(folder, "in_pyodide.py"), "utf8"), { filename: "in_pyodide.py" });
} catch (error) {
  // Node itself would show the line of the minified source.
  console.error(error.message);
  process.exit(1);
}
