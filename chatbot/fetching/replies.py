"""Replies that ought to be XML or JSON, and may be cut short or something else."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any, BinaryIO, cast

from lxml import etree

from chatbot.errors import SourceError
from chatbot.fetching.client import Refused, Reply, Unusable, brief
from chatbot.readers.safe_xml import root
from chatbot.readers.source_file import SourceFile


def xml_of(reply: Reply) -> etree._Element:
    """The root, parsed by the rules for files of a corpus.

    Raises Unusable where the XML is malformed or ends early, Refused of a status that is not success.
    """
    if reply.status not in (200, 400) or (reply.status == 400 and not reply.body.lstrip().startswith(b"<")):
        said = brief(reply.body.decode("utf-8", "replace"))
        raise Refused(f"answered {reply.status}: {said}", "check the query, and the address in the settings")
    source = SourceFile(Path("reply"), Path(), opened=lambda: cast(BinaryIO, io.BytesIO(reply.body)), member="reply")
    try:
        return root(source)
    except SourceError as error:
        raise Unusable(f"the reply {error.problem.split(';')[0]}") from error


def json_of(reply: Reply) -> dict[str, Any]:
    """The object of a reply. Raises Unusable where it is cut short, or is none."""
    try:
        content = json.loads(reply.body)
    except (ValueError, RecursionError) as error:
        raise Unusable("the reply is not whole, or not JSON") from error
    if not isinstance(content, dict):
        raise Unusable("the reply is not a JSON object")
    return content
