"""The places of PyScript that have to change: for the page's policy, and for a start that fails aloud."""

from builder.errors import BuildError

# PyScript joins the hooks of its workers into one function, also in a page without PyScript workers. All that
# is ever done with it is to turn it into text for a worker, so an object that gives this text does the same.
COMPILED = "return Function(`return(w,x)=>(${r})(w,x,...[${s}])`)()"
TEXT = "return{toString:()=>`(w,x)=>(${r})(w,x,...[${s}])`}"

# PyScript fetches its plugins before any Python starts, those for a language that the page does not use as
# well; the page uses none of them.
PLUGINS = (
    "var Ns={codemirror:()=>Promise.resolve().then(function(){return Do}),"
    '"deprecations-manager":()=>import("./deprecations-manager-UpAPKqCb.js"),'
    'donkey:()=>import("./donkey-4Hrqd7WZ.js"),error:()=>import("./error-D2315lOB.js"),'
    '"py-editor":()=>import("./py-editor-C4XsZtn7.js"),"py-game":()=>import("./py-game-DWiCrr7a.js"),'
    '"py-terminal":()=>import("./py-terminal-CwQ6kcjg.js")};'
)
NO_PLUGINS = "var Ns={};"

# PyScript imports MicroPython's script by its address. The page has fetched and run it already, as it counts
# what comes of it; a line that the build adds to the script hands it over.
IMPORTED = (
    "module:import(o),engine:s.engine.bind(s)})}const{url:n,module:r,engine:s}=e.get(t);"
    "return(e,o)=>r.then(r=>(ln.set(t,e)"
)
GIVEN = IMPORTED.replace("import(o)", "Promise.resolve(globalThis)")
HANDED_OVER = b"\nglobalThis.loadMicroPython = loadMicroPython;\n"

CHANGES = {COMPILED: TEXT, PLUGINS: NO_PLUGINS, IMPORTED: GIVEN}


def patched(core: bytes) -> bytes:
    """PyScript's core without `eval`, without plugins, and with the MicroPython that the page hands it.

    Raises BuildError unless each of the places is there exactly once.
    """
    source = core.decode("utf-8")
    for place, replacement in CHANGES.items():
        count = source.count(place)
        if count != 1:
            raise BuildError(
                f"PyScript's core should have {place[:40]!r}... in one place, but has it in {count}: "
                "builder/patch.py has to follow its new version."
            )
        source = source.replace(place, replacement)
    return source.encode("utf-8")
