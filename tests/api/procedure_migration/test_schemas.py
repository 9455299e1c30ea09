from api.procedure_migration.schemas import migration_view
from application.procedure_migration.migrations import MigrationPlan, MigrationRequest

MOVE = MigrationRequest(procedure="three-tier", from_version=1, to_version=2)


def test_a_list_that_lacks_a_dispute_is_not_complete() -> None:
    assert migration_view(MOVE, MigrationPlan(disputes=3, unchanged=3), "planned").complete
    assert not migration_view(MOVE, MigrationPlan(disputes=3, unchanged=2), "planned").complete


def test_a_plan_says_nothing_of_what_was_done() -> None:
    plan = MigrationPlan(disputes=3, unchanged=3, migrated=3)
    planned, done = (migration_view(MOVE, plan, state) for state in ("planned", "done"))
    assert (planned.dry_run, planned.migrated, planned.left) == (True, None, None)
    assert (done.dry_run, done.migrated, done.left) == (False, 3, [])
