"""The follow-up chat on a real index and a real store, through Streamlit's AppTest."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from chatbot.conversations import Conversations
from chatbot.domain import Conversation, Kind, Silence
from chatbot.people import LOCAL
from chatbot.pipeline import Chatbot
from chatbot.settings import Settings
from chatbot.wishes import Step, Wishes
from tests.integration.page_reading import LAM, STATINS, Markup, article_page, ask, open_page

EFFECTS = "What are the side effects?"

pytestmark = pytest.mark.usefixtures("page_settings")


@pytest.fixture
def store(page_settings: Settings) -> Conversations:
    return Conversations(page_settings.data)


def press(app: AppTest, label: str) -> AppTest:
    return next(button for button in app.button if button.label == label).click().run()


def questions(app: AppTest) -> list[str]:
    return [Markup(message.html[0].value).text for message in app.chat_message[::2]]


def test_an_answer_is_kept_for_its_person_under_the_token_of_the_address(store: Conversations) -> None:
    app = ask(article_page(), EFFECTS)
    (listed,) = store.listed(LOCAL.id)
    assert app.query_params["chat"] == [listed.id] or app.query_params["chat"] == listed.id
    assert (listed.subject, listed.questions) == (LAM, 1)
    assert listed.title == "What are the side effects of lymphangioleiomyomatosis (LAM)?"


def test_a_link_resumes_what_was_shown_and_the_next_question_is_read_in_it(store: Conversations) -> None:
    before = ask(article_page(), "What is the usual dose of sirolimus?")
    (listed,) = store.listed(LOCAL.id)
    after = open_page("article_page.py", id=LAM, chat=listed.id)
    assert [h.value for h in after.chat_message[1].html] == [h.value for h in before.chat_message[1].html]
    assert "sirolimus" in Markup(ask(after, "And its side effects?").chat_message[3].html[0].value).text


def test_a_conversation_of_another_article_or_person_is_not_opened(store: Conversations) -> None:
    chat = store.begin("somebody else", LAM, "theirs")
    theirs = open_page("article_page.py", id=LAM, chat=chat)
    assert "There is no such conversation among yours" in theirs.info[0].value.replace("\\", "")
    mine = store.begin(LOCAL.id, STATINS, "mine")
    other = open_page("article_page.py", id=LAM, chat=mine)
    assert "belongs to another page" in other.info[0].value.replace("\\", "")
    assert "chat" not in other.query_params


def test_a_conversation_that_was_deleted_elsewhere_is_gone_from_the_page(store: Conversations) -> None:
    app = ask(article_page(), EFFECTS)
    store.delete_all(LOCAL.id)
    assert not app.run().chat_message


def test_a_turn_that_was_added_in_another_window_is_shown_before_the_next(store: Conversations) -> None:
    app = ask(article_page(), EFFECTS)
    (listed,) = store.listed(LOCAL.id)
    ask(open_page("article_page.py", id=LAM, chat=listed.id), "And in pregnancy?")
    assert questions(app.run()) == [EFFECTS, "And in pregnancy?"]


def test_asking_as_typed_replaces_the_last_answer_and_follows_an_earlier_one(store: Conversations) -> None:
    app = press(ask(article_page(), EFFECTS), "Ask as typed")
    assert questions(app) == [EFFECTS]
    (listed,) = store.listed(LOCAL.id)
    (turn,) = store.chat(LOCAL.id, listed.id).turns
    assert turn.answer.resolved == EFFECTS
    app = ask(ask(app, "What is the usual dose of sirolimus?"), "How is LAM diagnosed?")
    before = questions(app)
    assert questions(press(app, "Ask as typed")) == [*before, "What is the usual dose of sirolimus?"]


def test_editing_the_last_question_replaces_its_turn(store: Conversations) -> None:
    app = press(ask(article_page(), EFFECTS), "Edit")
    edited = app.chat_input[0].set_value("And in pregnancy?").run()
    assert questions(edited) == ["And in pregnancy?"]
    (listed,) = store.listed(LOCAL.id)
    assert [turn.answer.question for turn in store.chat(LOCAL.id, listed.id).turns] == ["And in pregnancy?"]


def test_a_question_with_personal_data_is_neither_asked_nor_kept_before_its_person_lets_it_go(
    store: Conversations,
) -> None:
    app = ask(article_page(), "My patient was born 3 May 1961: what is the dose of sirolimus?")
    assert (questions(app), store.listed(LOCAL.id)) == ([], [])
    app = press(app, "Ask without it")
    (question,) = questions(app)
    assert "1961" not in question
    assert [listed.questions for listed in store.listed(LOCAL.id)] == [1]


def test_a_rating_and_its_reason_are_kept(store: Conversations) -> None:
    app = ask(article_page(), EFFECTS)
    app.feedback[0].set_value(0).run()
    app.text_input[0].set_value("too long").run()
    (listed,) = store.listed(LOCAL.id)
    (turn,) = store.chat(LOCAL.id, listed.id).turns
    assert (turn.liked, turn.reason) == (False, "too long")


def test_an_emergency_stands_above_the_question_and_its_answer() -> None:
    app = ask(article_page(), "My patient has chest pain right now, what should I do?")
    texts = [Markup(block.value).text for block in app.main.html]
    alarm = next(place for place, block in enumerate(app.main.html) if 'class="mf-alarm' in block.value)
    assert alarm < texts.index("My patient has chest pain right now, what should I do?")


@pytest.mark.parametrize("question", ["What is the capital of France?", EFFECTS])
def test_every_silent_kind_names_the_nearest_passage_found(chatbot: Chatbot, question: str) -> None:
    silent = [section for section in chatbot.ask(question).sections if section.withheld]
    assert all(section.nearest for section in silent if section.silence is not Silence.UNDERSPECIFIED)


def test_the_nearest_label_is_one_of_the_jurisdiction(chatbot: Chatbot) -> None:
    answer = chatbot.ask("What is the dose of sirolimus?")
    (label,) = [s for s in answer.sections if s.kind is Kind.LABEL and s.withheld]
    assert label.nearest is not None
    assert label.nearest.document.reference.jurisdiction is label.jurisdiction


def test_a_question_asked_as_typed_is_read_to_the_letter(chatbot: Chatbot) -> None:
    before = chatbot.article(LAM)
    assert before is not None
    answer = chatbot.ask(EFFECTS, Conversation((before.turn,)), Wishes(as_typed=True))
    assert (answer.resolved, answer.carried) == (EFFECTS, ())


def test_every_step_is_told_in_order_and_what_the_listener_raises_ends_the_answer(chatbot: Chatbot) -> None:
    told: list[Step] = []
    chatbot.ask("What is the dose of sirolimus?", wishes=Wishes(on_step=told.append))
    assert told == list(Step)

    def stop(step: Step) -> None:
        if step is Step.SEARCH:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        chatbot.ask("What is the dose of sirolimus?", wishes=Wishes(on_step=stop))
