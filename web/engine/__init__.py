"""The engine: the only code that knows both `pycnn` and the browser. It runs in a worker, in Pyodide."""
