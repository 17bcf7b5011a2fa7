"""The one place of PyScript that has to change, so that the page's policy can forbid eval."""

from builder.errors import BuildError

# PyScript joins the hooks of its workers into one function, also in a page without PyScript workers. All that
# is ever done with it is to turn it into text for a worker, so an object that gives this text does the same.
COMPILED = "return Function(`return(w,x)=>(${r})(w,x,...[${s}])`)()"
TEXT = "return{toString:()=>`(w,x)=>(${r})(w,x,...[${s}])`}"


def without_eval(core: bytes) -> bytes:
    """PyScript's core with the hooks as text. Raises BuildError unless the place is there exactly once."""
    source = core.decode("utf-8")
    count = source.count(COMPILED)
    if count != 1:
        raise BuildError(
            f"PyScript's core should compile its worker hooks in one place, but does so in {count}: "
            "builder/patch.py has to follow its new version."
        )
    return source.replace(COMPILED, TEXT).encode("utf-8")
