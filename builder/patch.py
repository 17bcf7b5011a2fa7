"""The one place of PyScript that has to change, so that the page's policy can forbid eval."""

from builder.errors import BuildError

# PyScript composes the hooks of its workers into one function. The only thing ever done with that function is to turn
# it into text for a worker, so an object that is that text does the same without compiling it in the page.
COMPILED = "return Function(`return(w,x)=>(${r})(w,x,...[${s}])`)()"
TEXT = "return{toString:()=>`(w,x)=>(${r})(w,x,...[${s}])`}"


def without_eval(core: bytes) -> bytes:
    """PyScript's core with the hooks as text. Raises BuildError unless the place is there exactly once."""
    source = core.decode("utf-8")
    count = source.count(COMPILED)
    if count != 1:
        raise BuildError(
            f"PyScript's core should compile its worker hooks in one place, and does so in {count}. "
            "After a change of version, builder/patch.py has to follow."
        )
    return source.replace(COMPILED, TEXT).encode("utf-8")
