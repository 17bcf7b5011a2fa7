"""Values inside the cells of maps whose cells are large enough for them."""

from ui.figures import rounded
from ui.views.loupe import DECIMALS, legible


def show_cells(view, body):
    """Write or remove the values of every big map, as large as it is drawn now."""
    for element in body.querySelectorAll(".map.big"):
        panel = view.panel_of(element)
        columns = view.extent(panel)[3]
        grid = element.querySelector(".cells")
        if grid:
            grid.remove()
        if element.clientWidth / columns >= legible(panel, element):
            element.firstChild.insertAdjacentHTML("afterend", cells(panel))  # the window lies above them
            grid = element.children[1]
            for index, cell in enumerate(grid.children):
                cell.style.cssText = panel.style(index // panel.columns, index % panel.columns)


def cells(panel):
    """HTML of a map's values, one cell each."""
    values = "".join(
        f"<span>{rounded(panel.value(row, column), DECIMALS)}</span>"
        for row in range(panel.rows)
        for column in range(panel.columns)
    )
    return f'<div class="cells" aria-hidden="true">{values}</div>'
