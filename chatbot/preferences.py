"""What a person chose and read last, remembered between visits."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from chatbot.audience import Audience
from chatbot.personal_file import PersonalFiles

_AUDIENCE = "audience"
_READ_KEPT = 50  # articles: more than any list of them shows


class Preferences:
    """The preferences below one data folder. Safe for any number of threads and processes; holds nothing itself.

    Every method raises KeepingError where the person's file cannot be used.
    """

    def __init__(self, folder: Path) -> None:
        self._files = PersonalFiles(folder)

    def audience(self, person: str) -> Audience | None:
        """What the person chose as which describes them best; None: nothing yet."""
        chosen = self.get(person, _AUDIENCE)
        return Audience(chosen) if chosen in set(Audience) else None

    def choose_audience(self, person: str, audience: Audience) -> None:
        """Remembers the choice."""
        self.set(person, _AUDIENCE, audience.value)

    def recently_read(self, person: str, limit: int = 5) -> list[str]:
        """Ids of the articles that the person opened, the last one first, each once."""
        with self._files.opened(person) as db:
            rows = db.execute("SELECT article FROM article_read ORDER BY at DESC, rowid DESC LIMIT ?", (limit,))
            return [article for (article,) in rows]

    def note_read(self, person: str, article_id: str) -> None:
        """Remembers that the article was opened just now."""
        with self._files.changing(person) as db:
            now = datetime.now(UTC).isoformat(timespec="microseconds")
            db.execute("INSERT OR REPLACE INTO article_read VALUES (?, ?)", (article_id, now))
            db.execute(
                "DELETE FROM article_read WHERE article NOT IN"
                " (SELECT article FROM article_read ORDER BY at DESC, rowid DESC LIMIT ?)",
                (_READ_KEPT,),
            )

    def get(self, person: str, key: str) -> str | None:
        """What was set under the key, or None."""
        with self._files.opened(person) as db:
            row = db.execute("SELECT value FROM preference WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else None

    def set(self, person: str, key: str, value: str) -> None:
        """Remembers a value under a key, in place of the one before."""
        with self._files.changing(person) as db:
            db.execute("INSERT OR REPLACE INTO preference VALUES (?, ?)", (key, value))

    def forget(self, person: str) -> None:
        """Deletes everything of this for good; conversations stay."""
        with self._files.removing(person) as db:
            db.execute("DELETE FROM preference")
            db.execute("DELETE FROM article_read")
