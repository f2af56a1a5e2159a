"""What this library says in its own voice about what it shows, on the page and in every file that leaves it."""

from __future__ import annotations

from chatbot.domain import ReviewStatus

NOTICES = {
    ReviewStatus.SUBMITTED: "Educational purpose only · content is pending human review",
    ReviewStatus.UNDER_REVIEW: "Educational purpose only · content is pending human review",
    ReviewStatus.APPROVED: "Educational purpose only · content was reviewed and approved",
}
REVIEWED = {
    ReviewStatus.SUBMITTED: "Nobody has reviewed this article yet.",
    ReviewStatus.UNDER_REVIEW: "A review of this article has begun and is not finished.",
    ReviewStatus.APPROVED: "This article was approved in the wording shown here.",
}
DISCLAIMER = (
    "What stands here supports health professionals and does not replace their judgement. It can be incomplete, out "
    "of date or wrong. Before acting on it, read the cited source, check it against current guidance and the official "
    "product information, and weigh it for the individual patient. Those who make and run this software accept no "
    "liability for decisions based on it."
)
