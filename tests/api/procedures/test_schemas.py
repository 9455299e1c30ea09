from api.procedures.schemas import ProcedureView
from application.initial_data import shipped_ladder
from domain.procedures.tier import Titles
from projections.procedures.schemas import VersionItem


def _version(number: int, *, in_force: bool) -> VersionItem:
    title = Titles(zh=f"第{number}版", en=f"Version {number}")
    return VersionItem(
        id="three-tier",
        version=number,
        state="published" if in_force else "proposed",
        in_force=in_force,
        ladder=shipped_ladder("three-tier").model_copy(update={"title": title}),
    )


def test_a_procedure_has_the_title_of_the_version_in_force() -> None:
    view = ProcedureView.of([_version(2, in_force=False), _version(1, in_force=True)])
    assert (view.in_force, view.title.en) == (1, "Version 1")
    assert [item.version for item in view.versions] == [2, 1]


def test_a_procedure_without_a_version_in_force_has_the_title_of_the_latest() -> None:
    view = ProcedureView.of([_version(2, in_force=False), _version(1, in_force=False)])
    assert (view.in_force, view.title.en) == (None, "Version 2")
