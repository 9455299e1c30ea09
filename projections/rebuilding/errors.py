"""Why a rebuild fails; the present version of the read model goes on serving."""

from domain.messages import Message, message
from projections.rebuilding.differences import Comparison


class RebuildRefused(RuntimeError):
    """The new version of a read model does not replace the present one."""

    def __init__(self, detail: Message, found: Comparison | None = None) -> None:
        super().__init__(str(detail))
        self.detail = detail
        self.found = found

    @classmethod
    def insufficient_privilege(cls) -> "RebuildRefused":
        """Only the owner of the database may create tables."""
        return cls(
            message(
                "A rebuild makes a schema and tables: it needs the rights of the database's owner; set"
                " TIAOCHU_OWNER_DATABASE_URL."
            )
        )

    @classmethod
    def already_running(cls, name: str) -> "RebuildRefused":
        """Another rebuild of the read model is running."""
        return cls(message("{name} is being rebuilt already; wait for that rebuild, or end it.", name=name))

    @classmethod
    def too_many_faults(cls, name: str, count: int) -> "RebuildRefused":
        """The new version fails on too many streams."""
        return cls(
            message(
                "The new version of {name} cannot take {count} streams; it serves as before.",
                name=name,
                count=count,
            )
        )

    @classmethod
    def rows_differ(cls, name: str, found: Comparison) -> "RebuildRefused":
        """The rows differ, and the caller did not allow that."""
        return cls(
            message(
                "{count} rows of {name} differ from those that serve; it serves as before. Where the new version is"
                " meant to differ, say --differs.",
                name=name,
                count=found.differences,
            ),
            found,
        )

    @classmethod
    def tables_differ(cls, name: str) -> "RebuildRefused":
        """The new tables differ in definition from the present ones."""
        return cls(
            message("The new tables of {name} are not like those that serve; it serves as before.", name=name)
        )

    @classmethod
    def tables_in_use(cls, name: str) -> "RebuildRefused":
        """The present tables stayed locked by others."""
        return cls(
            message(
                "The tables of {name} are in use without a pause; it serves as before. Try again later.",
                name=name,
            )
        )

    @classmethod
    def has_dependents(cls, name: str) -> "RebuildRefused":
        """Another object of the database, such as a view, depends on the tables."""
        return cls(
            message(
                "Something else in the database, such as a view, rests on the tables of {name}; it serves as before.",
                name=name,
            )
        )

    @classmethod
    def worker_lost(cls, name: str) -> "RebuildRefused":
        """A worker process was ended, by a user or by the kernel for lack of memory."""
        return cls(
            message("A process that filled the new version of {name} ended; it serves as before.", name=name)
        )
